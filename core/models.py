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


class PutOff(models.Model):
    """A row that its sweep looks at later: in trouble, or waiting for others (core/work/sweeps.py)."""

    sweep = models.CharField(max_length=32)
    row = models.CharField(max_length=64, help_text="The row's key.")
    about = models.CharField(max_length=64, blank=True, default="", help_text="Its name for people.")
    attempts = models.PositiveIntegerField(default=0)
    until = models.DateTimeField()
    error = models.CharField(
        max_length=200, blank=True, default="", help_text="Empty: nothing is wrong, others are at work on it."
    )
    since = models.DateTimeField()

    class Meta:
        ordering = ("since", "id")
        verbose_name = "row in trouble"
        verbose_name_plural = "rows in trouble"
        constraints = (models.UniqueConstraint(fields=("sweep", "row"), name="put_off_once"),)

    def __str__(self) -> str:
        return f"{self.sweep}: {self.about or self.row}"
