from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from bookings import moving
from bookings.answers import BookingAnswer
from bookings.audit import By
from bookings.models import Booking
from bookings.views import REAL_TIMES, booking_of
from core.errors import DomainError
from core.fields import AwareDateTimeField


class MoveWish(serializers.Serializer[Any]):
    starts_at = AwareDateTimeField(validators=REAL_TIMES)
    resource = serializers.IntegerField(min_value=1, max_value=2**31, required=False, allow_null=True)


class MoveRequest(MoveWish):
    expected_refundable_until = AwareDateTimeField(required=False, allow_null=True)


class MoveAnswer(serializers.Serializer[Any]):
    movable = serializers.BooleanField()
    code = serializers.CharField(allow_null=True, help_text="Why it can't be moved there.")
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    refundable_until = serializers.DateTimeField()
    server_time = serializers.DateTimeField()


class MoveView(APIView):
    """Move a booking to another time, and see before what that would mean."""

    @extend_schema(
        parameters=[
            OpenApiParameter("starts_at", OpenApiTypes.DATETIME, required=True),
            OpenApiParameter("resource", int),
        ],
        responses=MoveAnswer,
        operation_id="booking_move_quote",
    )
    def get(self, request: Request, reference: str) -> Response:
        booking = get_object_or_404(booking_of(request, reference))
        wish = MoveWish(data=request.query_params)
        wish.is_valid(raise_exception=True)
        quoted = moving.quote(
            booking,
            wish.validated_data["starts_at"],
            resource_id=wish.validated_data.get("resource"),
            now=timezone.now(),
        )
        return Response(answer(quoted))

    @extend_schema(request=MoveRequest, responses=BookingAnswer, operation_id="booking_move")
    def post(self, request: Request, reference: str) -> Response:
        asked = MoveRequest(data=request.data)
        asked.is_valid(raise_exception=True)
        wish = asked.validated_data
        try:
            booking = moving.move(
                booking_of(request, reference),
                wish["starts_at"],
                resource_id=wish.get("resource"),
                expected_refundable_until=wish.get("expected_refundable_until"),
                by=By(f"customer:{request.user.pk}", "api"),
                now=timezone.now(),
            )
        except Booking.DoesNotExist:
            raise Http404 from None
        except moving.TermsChanged as changed:
            raise terms_changed(changed.quote) from None
        return Response(BookingAnswer(booking).data)


def answer(quoted: moving.MoveQuote) -> dict[str, Any]:
    """As the contract has it."""
    found = {
        "movable": quoted.code is None,
        "code": quoted.code,
        "starts_at": quoted.starts_at,
        "ends_at": quoted.ends_at,
        "refundable_until": quoted.refundable_until,
        "server_time": quoted.now,
    }
    return dict(MoveAnswer(found).data)


def terms_changed(quoted: moving.MoveQuote) -> DomainError:
    return DomainError(
        "terms_changed",
        _("The terms have changed. Nothing was moved: look at them first."),
        extra={"quote": answer(quoted)},
    )
