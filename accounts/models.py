from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models.functions import Lower


class User(AbstractUser):
    """A person: a customer, somebody on the staff, or both. One name, as they write it."""

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    name = models.CharField(max_length=150, blank=True, default="")
    phone = models.CharField(max_length=32, blank=True, default="")
    language = models.CharField(
        max_length=10, blank=True, default="", help_text="What they read, such as en or de; empty: not said."
    )

    class Meta(AbstractUser.Meta):
        # Looked up by address, in whatever case; Django itself indexes only user names.
        indexes = (models.Index(Lower("email"), name="user_by_email"),)

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name
