"""What the API reads more strictly than DRF does: nothing is guessed from what a client sent."""

from datetime import UTC, datetime
from typing import Any

from django.utils import timezone
from rest_framework import serializers


class AwareDateTimeField(serializers.DateTimeField):
    """A time without an offset could be anywhere's: it is refused, not guessed."""

    default_error_messages = {"naive": "Give the time with its offset, like 2026-12-01T14:00:00Z."}

    def enforce_timezone(self, value: datetime) -> datetime:
        if timezone.is_naive(value):
            self.fail("naive")
        try:
            return value.astimezone(UTC)
        except OverflowError:
            self.fail("overflow")


class TextField(serializers.CharField):
    """A JSON string; a number where a text belongs is a client's mistake, not a text."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)
