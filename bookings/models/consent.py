from django.conf import settings
from django.db import models


class NoReminders(models.Model):
    """A customer who wants no reminders."""

    customer = models.OneToOneField(
        settings.AUTH_USER_MODEL, primary_key=True, on_delete=models.CASCADE, related_name="no_reminders"
    )
    since = models.DateTimeField()

    class Meta:
        verbose_name_plural = "no reminders"

    def __str__(self) -> str:
        return f"customer {self.pk}"
