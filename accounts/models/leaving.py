from django.conf import settings
from django.db import models
from django.db.models import Q


class Deletion(models.Model):
    """Somebody asked us to delete their account: accepted at once, carried out when nothing is open."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="deletion")
    asked_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True, blank=True)
    next_attempt_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    last_error = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        indexes = (
            models.Index(fields=("next_attempt_at",), condition=Q(erased_at=None), name="deletion_due"),
        )

    def __str__(self) -> str:
        return f"customer {self.user_id}"
