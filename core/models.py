from django.db import models


class RequestCount(models.Model):
    """How often somebody asked in the present period (core/throttles.py is the only writer)."""

    key = models.CharField(max_length=100, primary_key=True)
    count = models.PositiveIntegerField()
    period_ends_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.key}: {self.count}"


class Mark(models.Model):
    """What the system remembers of itself: worker last seen, reconciled up to, Stripe's next slot."""

    name = models.CharField(max_length=64, primary_key=True)
    at = models.DateTimeField()
    note = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.name} {self.at:%Y-%m-%d %H:%M:%S}"
