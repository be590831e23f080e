from datetime import date
from typing import Any

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.views import APIView

from bookings.calendar import occupancy
from bookings.calendar.availability import WhyNone
from bookings.calendar.slots import FreeTimes
from bookings.models import Resource, Service
from core.storage import rows
from core.storage.rows import Where
from core.throttles import ReadsByStrangers

EARLIEST, LATEST = date(2000, 1, 1), date(8999, 12, 31)
FRESH = "max-age=15"
LARGEST_KEY = 2**63 - 1  # what the database has a place for


class SlotAnswer(serializers.Serializer[Any]):
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    local = serializers.CharField(help_text="What the clock on the wall shows, such as 2026-12-01T14:00.")
    resources = serializers.ListField(child=serializers.IntegerField())
    places = serializers.IntegerField(help_text="How many more fit.")


class DayAnswer(serializers.Serializer[Any]):
    date = serializers.DateField()
    why_none = serializers.ChoiceField([why.value for why in WhyNone], allow_null=True)
    slots = SlotAnswer(many=True)


class SlotsAnswer(serializers.Serializer[Any]):
    service = serializers.IntegerField()
    time_zone = serializers.CharField()
    days = DayAnswer(many=True)


class SlotsRequest(serializers.Serializer[Any]):
    days = serializers.IntegerField(min_value=1, max_value=31, default=7)
    resource = serializers.IntegerField(min_value=1, max_value=2**31, default=None)

    def get_fields(self) -> dict[str, Any]:
        # A field can't be called `from` in Python's own words.
        return {"from": serializers.DateField(default=None), **super().get_fields()}

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        day = attrs["from"]
        if day is not None and not EARLIEST <= day <= LATEST:
            raise serializers.ValidationError({"from": _("There is nothing to book on such a day.")})
        return attrs


class Answers:
    """The last answers of this process by their tags, which are others as soon as the times would be."""

    MOST, LARGEST = 32, 256 * 1024  # bytes

    def __init__(self) -> None:
        self._known: dict[str, bytes] = {}

    def of(self, free: FreeTimes) -> bytes:
        """The free times as JSON: worked out once for each tag."""
        known = self._known.get(free.tag)
        if known is None:
            known = JSONRenderer().render(free.answer())
            if len(known) <= self.LARGEST:
                self._keep(free.tag, known)
        return known

    def _keep(self, tag: str, answer: bytes) -> None:
        for oldest in list(self._known)[: -self.MOST + 1]:
            self._known.pop(oldest, None)
        self._known[tag] = answer


ANSWERS = Answers()


class SlotsView(APIView):
    """Free times of a service, for anybody. What was answered before isn't worked out again."""

    permission_classes = (AllowAny,)
    throttle_classes = (ReadsByStrangers,)

    @extend_schema(
        parameters=[
            OpenApiParameter("from", date, description="First day, of the business's zone; default today."),
            OpenApiParameter("days", int, description="1 to 31, default 7."),
            OpenApiParameter("resource", int, description="Only with this one."),
        ],
        responses=SlotsAnswer,
        operation_id="service_slots",
    )
    def get(self, request: Request, service: int) -> HttpResponse:
        offered = Where("id = %s AND is_active", (service,))
        found = next(iter(rows.read(Service, offered)), None) if service <= LARGEST_KEY else None
        if found is None:
            raise Http404
        asked = SlotsRequest(data=request.query_params)
        asked.is_valid(raise_exception=True)
        wish = asked.validated_data
        try:
            free = FreeTimes(
                found, first=wish["from"], days=wish["days"], resource=wish["resource"], now=timezone.now()
            )
        except Resource.DoesNotExist:
            raise occupancy.CannotDoIt from None
        answer = get_conditional_response(request._request, etag=free.tag) or HttpResponse(
            ANSWERS.of(free), content_type="application/json"
        )
        answer["ETag"] = free.tag
        answer["Cache-Control"] = FRESH
        return answer
