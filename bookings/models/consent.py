from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy


class NoReminders(models.Model):
    """A customer who wants no reminders."""

    customer = models.OneToOneField(
        settings.AUTH_USER_MODEL, primary_key=True, on_delete=models.CASCADE, related_name="no_reminders"
    )
    since = models.DateTimeField()

    class Meta:
        verbose_name_plural = gettext_lazy("no reminders")

    def __str__(self) -> str:
        return f"customer {self.pk}"
