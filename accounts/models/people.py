from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy

from accounts.models.sign_ins import end_sign_ins


class User(AbstractUser):
    """A person: a customer, somebody on the staff, or both. One name, as they write it."""

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    name = models.CharField(max_length=150, blank=True, default="")
    phone = models.CharField(max_length=32, blank=True, default="")
    language = models.CharField(
        max_length=10,
        blank=True,
        default="",
        help_text=gettext_lazy("What they read, such as en or de; empty: not said."),
    )

    class Meta(AbstractUser.Meta):
        # Looked up by address, in whatever case; Django itself indexes only user names.
        indexes = (
            models.Index(Lower("email"), name="user_by_email"),
            models.Index(fields=("email",), name="user_by_exact_email"),  # allauth asks in small letters
            models.Index(Lower("username"), name="user_by_any_case"),
        )

    @property
    def email_unverified(self) -> bool:
        """Signed up, and has not yet shown that the address is theirs. Whom staff made is known to them."""
        verified = list(EmailAddress.objects.filter(user=self).values_list("verified", flat=True))
        return bool(verified) and not any(verified)

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """With a new password, or sign-in switched off, every token and session of theirs ends."""
        self.email = self.email.lower()
        new_password = getattr(self, "_password", None) is not None
        ends = not self._state.adding and (new_password or not self.is_active)
        super().save(*args, **kwargs)
        if ends:
            end_sign_ins(self.pk)
