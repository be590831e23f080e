"""The answers about what is sold and what was booked, as the contract has them (API.md)."""

from datetime import timedelta
from typing import Any, cast

from django.conf import settings
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from bookings.models import Booking, BookingStatus, Business, Resource, Service


def minutes(length: timedelta) -> int:
    return int(length.total_seconds() // 60)


def hours(length: timedelta) -> float | int:
    """Whole hours where they are."""
    exact = length.total_seconds() / 3600
    return int(exact) if exact.is_integer() else exact


class ResourceAnswer(serializers.ModelSerializer[Resource]):
    class Meta:
        model = Resource
        fields = ("id", "name")


class BusinessAnswer(serializers.ModelSerializer[Business]):
    refund_notice_hours = serializers.SerializerMethodField()

    class Meta:
        model = Business
        fields = (
            "name",
            "time_zone",
            "currency",
            "address",
            "phone",
            "email",
            "website",
            "refund_notice_hours",
        )

    def get_refund_notice_hours(self, business: Business) -> float:
        return hours(settings.REFUND_NOTICE)


class ServiceAnswer(serializers.ModelSerializer[Service]):
    duration_minutes = serializers.SerializerMethodField()
    refund_notice_hours = serializers.SerializerMethodField()
    resources = serializers.SerializerMethodField()

    class Meta:
        model = Service
        fields = (
            "id",
            "name",
            "description",
            "duration_minutes",
            "price",
            "currency",
            "capacity",
            "refund_notice_hours",
            "resources",
        )

    def get_duration_minutes(self, service: Service) -> int:
        return minutes(service.duration)

    def get_refund_notice_hours(self, service: Service) -> float:
        return hours(service.notice)

    @extend_schema_field(ResourceAnswer(many=True))
    def get_resources(self, service: Service) -> list[dict[str, Any]]:
        able = [resource for resource in service.resources.all() if resource.is_active]
        return list(ResourceAnswer(able, many=True).data)


class BookedService(serializers.Serializer[Booking]):
    """The service as it was when it was booked."""

    id = serializers.IntegerField(source="service_id")
    name = serializers.CharField(source="service_name")
    duration_minutes = serializers.SerializerMethodField()

    def get_duration_minutes(self, booking: Booking) -> int:
        return minutes(booking.ends_at - booking.starts_at)


class BookingAnswer(serializers.ModelSerializer[Booking]):
    # Its fields describe the answer, which is built by hand: DRF copies every field for each one.

    service = BookedService(source="*")
    resource = ResourceAnswer(allow_null=True)
    status = serializers.ChoiceField(BookingStatus.choices)
    time_zone = serializers.SerializerMethodField()

    class Meta:
        model = Booking
        fields = (
            "reference",
            "status",
            "service",
            "resource",
            "starts_at",
            "ends_at",
            "time_zone",
            "amount",
            "currency",
            "hold_expires_at",
            "created_at",
            "cancelled_at",
            "refundable_until",
        )

    def get_time_zone(self, booking: Booking) -> str:
        """The business's, read once for a list."""
        context = cast(dict[str, str], self.context)
        if "time_zone" not in context:
            context["time_zone"] = Business.current().time_zone
        return context["time_zone"]

    def to_representation(self, instance: Booking) -> dict[str, Any]:
        resource = instance.resource
        return {
            "reference": instance.reference,
            "status": instance.status,
            "service": {
                "id": instance.service_id,
                "name": instance.service_name,
                "duration_minutes": minutes(instance.ends_at - instance.starts_at),
            },
            "resource": {"id": resource.pk, "name": resource.name} if resource else None,
            "starts_at": instance.starts_at,
            "ends_at": instance.ends_at,
            "time_zone": self.get_time_zone(instance),
            "amount": instance.amount,
            "currency": instance.currency,
            "hold_expires_at": instance.hold_expires_at,
            "created_at": instance.created_at,
            "cancelled_at": instance.cancelled_at,
            "refundable_until": instance.refundable_until,
        }
