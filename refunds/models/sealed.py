from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy


class SealedPerson(models.Model):
    """Who an erased customer was, for a dispute that may still come: unread until then, and with an end."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="sealed_person"
    )
    sealed = models.TextField(help_text=gettext_lazy("Name, address and phone (core/sealing.py)."))
    keep_until = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"customer {self.user_id} until {self.keep_until:%Y-%m-%d}"
