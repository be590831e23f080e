from datetime import UTC, datetime
from typing import Any, cast

from django.contrib.auth.models import AbstractUser
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import generics, serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from bookings import selling
from bookings.answers import BookingAnswer, BusinessAnswer, ServiceAnswer
from bookings.audit import By
from bookings.calendar import calendar_file
from bookings.models import REFERENCE, Booking, Business, Service
from bookings.models.business import default_zone
from core import language
from core.errors import DomainError
from core.fields import AwareDateTimeField
from core.files import CalendarRenderer, OnlyForm
from core.storage import rows
from core.storage.rows import Where
from core.throttles import ReadsByStrangers

# Nothing that is reckoned from a booking's times runs over an end of the calendar.
EARLIEST_START, LATEST_START = datetime(1000, 1, 1, tzinfo=UTC), datetime(9000, 1, 1, tzinfo=UTC)
# Read along with a booking.
TIME_ZONE = {"time_zone": "(SELECT time_zone FROM bookings_business)"}
REAL_TIMES = [MinValueValidator(EARLIEST_START), MaxValueValidator(LATEST_START)]


class BookingRequest(serializers.Serializer[Any]):
    service = serializers.IntegerField(min_value=1, max_value=2**31)
    starts_at = AwareDateTimeField(validators=REAL_TIMES)
    resource = serializers.IntegerField(min_value=1, max_value=2**31, required=False, allow_null=True)


class ListRequest(serializers.Serializer[Any]):
    when = serializers.ChoiceField(
        ["upcoming", "past"], required=False, help_text="Those that have not begun, or those that have."
    )


class BusinessView(APIView):
    """Who sells here, for anybody."""

    permission_classes = (AllowAny,)
    throttle_classes = (ReadsByStrangers,)

    @extend_schema(responses=BusinessAnswer, operation_id="business")
    def get(self, request: Request) -> Response:
        return Response(BusinessAnswer(Business.current()).data)


class ServiceList(generics.ListAPIView[Service]):
    """Services that can be booked, for anybody."""

    permission_classes = (AllowAny,)
    throttle_classes = (ReadsByStrangers,)
    queryset = Service.objects.filter(is_active=True).prefetch_related("resources")
    serializer_class = ServiceAnswer
    ordering = ("-id",)


class BookingList(generics.ListAPIView[Booking]):
    """The customer's bookings, newest first; POST books a slot and holds it until it is paid."""

    serializer_class = BookingAnswer

    def get_queryset(self) -> QuerySet[Booking]:
        asked = ListRequest(data=self.request.query_params)
        asked.is_valid(raise_exception=True)
        match asked.validated_data.get("when"):
            case "upcoming":
                return bookings_of(self.request).filter(starts_at__gt=timezone.now())
            case "past":
                return bookings_of(self.request).filter(starts_at__lte=timezone.now())
        return bookings_of(self.request)

    @extend_schema(parameters=[ListRequest])
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)

    @extend_schema(
        request=BookingRequest,
        responses={
            201: BookingAnswer,
            200: OpenApiResponse(BookingAnswer, description="The hold that you already have."),
        },
    )
    def post(self, request: Request) -> Response:
        _refuse_unverified(request)
        asked = BookingRequest(data=request.data)
        asked.is_valid(raise_exception=True)
        booking, is_new = selling.hold(
            customer=cast(AbstractUser, request.user),
            service_id=asked.validated_data["service"],
            starts_at=asked.validated_data["starts_at"],
            resource_id=asked.validated_data.get("resource"),
            language=language.active(),
            by=By(f"customer:{request.user.pk}", "api"),
            now=timezone.now(),
        )
        return Response(BookingAnswer(booking).data, status=201 if is_new else 200)


def _refuse_unverified(request: Request) -> None:
    """Who signed up first shows that the address is theirs."""
    if getattr(request.user, "email_unverified", False):
        raise DomainError("email_unverified", _("Verify your e-mail address first, then book."), status=403)


class BookingDetail(APIView):
    """One of the customer's bookings; anyone else's is not found."""

    @extend_schema(responses=BookingAnswer, operation_id="booking_retrieve")
    def get(self, request: Request, reference: str) -> Response:
        mine = Where("bookings_booking.customer_id = %s AND reference = %s", (request.user.pk, reference))
        is_reference = REFERENCE.fullmatch(reference)
        found = rows.read(Booking, mine, follow="resource", more=TIME_ZONE) if is_reference else []
        if not found:
            raise Http404
        return Response(BookingAnswer(found[0], context=_zone_of(found[0])).data)


def _zone_of(booking: Booking) -> dict[str, str]:
    return {"time_zone": vars(booking)["time_zone"] or default_zone()}


class CalendarFileView(APIView):
    """The appointment for one's own calendar; fetched again after a change, it replaces what is there."""

    renderer_classes = (CalendarRenderer,)
    content_negotiation_class = OnlyForm

    @extend_schema(
        responses={(200, "text/calendar"): OpenApiTypes.BINARY}, operation_id="booking_calendar_file"
    )
    def get(self, request: Request, reference: str) -> Response:
        booking = get_object_or_404(booking_of(request, reference))
        file = calendar_file.of(booking, Business.current(), now=timezone.now())
        return Response(file, content_type=calendar_file.content_type(booking))


def bookings_of(request: Request) -> QuerySet[Booking]:
    return Booking.objects.filter(customer=request.user.pk).select_related("service", "resource")


def booking_of(request: Request, reference: str) -> QuerySet[Booking]:
    """Name one of the customer's bookings; what can't be a reference never reaches the database."""
    bookings = bookings_of(request)
    return bookings.filter(reference=reference) if REFERENCE.fullmatch(reference) else bookings.none()
