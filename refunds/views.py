from typing import Any, cast

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from bookings.audit import By
from bookings.models import Booking
from bookings.views import booking_of
from core.errors import DomainError
from core.fields import TextField
from refunds import answers, cancellation, status


class CancelRequest(serializers.Serializer[Any]):
    reason = TextField(max_length=500, required=False, allow_blank=True)
    expected_refund = serializers.IntegerField(min_value=0, max_value=2**31, required=False)


class CancelView(APIView):
    """Cancel a booking, and see before what that gives back.

    It lives with the refunds though its URL says booking: cancelling is what causes them.
    """

    @extend_schema(responses=answers.QuoteAnswer, operation_id="booking_cancel_quote")
    def get(self, request: Request, reference: str) -> Response:
        booking = get_object_or_404(booking_of(request, reference))
        return Response(answers.quote(cancellation.quote(booking, now=timezone.now())))

    @extend_schema(request=CancelRequest, responses=answers.CancelAnswer, operation_id="booking_cancel")
    def post(self, request: Request, reference: str) -> Response:
        asked = CancelRequest(data=request.data)
        asked.is_valid(raise_exception=True)
        now = timezone.now()
        try:
            done = cancellation.cancel_booking(
                booking_of(request, reference),
                by=By(f"customer:{request.user.pk}", "api"),
                now=now,
                reason=asked.validated_data.get("reason", ""),
                expected_refund=asked.validated_data.get("expected_refund"),
            )
        except Booking.DoesNotExist:
            raise Http404 from None
        except cancellation.RefundChanged as changed:
            raise refund_changed(changed.quote) from None
        return Response(answers.cancellation(done))


def refund_changed(quote: cancellation.Quote) -> DomainError:
    return DomainError(
        "refund_changed",
        _("The refund has changed. Nothing was cancelled: look at the new amount first."),
        extra={"quote": answers.quote(quote)},
    )


class RefundStatusView(APIView):
    """Where the money of a booking stands, in figures and in words."""

    @extend_schema(
        parameters=[OpenApiParameter("booking_reference", str, required=True)],
        responses=answers.RefundStatusAnswer,
        operation_id="refund_status",
    )
    def get(self, request: Request) -> Response:
        reference = request.query_params.get("booking_reference", "")
        if not reference:
            raise serializers.ValidationError(
                {"booking_reference": "This field is required."}, code="required"
            )
        found = status.standing(cast(int, request.user.pk), reference)
        if found is None:
            raise Http404
        return Response(answers.standing(found))
