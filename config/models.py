from django.db import models


class RequestCount(models.Model):
    """How often somebody asked in the present period (config/throttles.py is the only writer)."""

    key = models.CharField(max_length=100, primary_key=True)
    count = models.PositiveIntegerField()
    period_ends_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.key}: {self.count}"
