"""People as staff see them: two kinds of one row, and what is kept about them."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy

from accounts.models.people import User


class Customer(User):
    """Somebody who books."""

    class Meta:
        proxy = True
        permissions = (
            ("erase_customer", "Can erase a customer"),
            ("note_customer", "Can write notes on a customer"),
        )

    def __str__(self) -> str:
        return self.name or self.username

    @property
    def status(self) -> str:
        return f"{self.is_active} {self.email} {self.name} {self.phone}"


class Staff(User):
    """Somebody who works here; what they may do is in their roles (groups)."""

    class Meta:
        proxy = True
        verbose_name_plural = "staff"
        permissions = (
            ("manage_staff", "Can invite staff, change their roles and sign them out"),
            ("own_diary", "Sees their own appointments, and no money"),
        )

    def __str__(self) -> str:
        return self.name or self.username

    @property
    def status(self) -> str:
        return f"{self.is_active} {' '.join(self.role_names())}"

    def role_names(self) -> list[str]:
        return sorted(self.groups.values_list("name", flat=True))


class Note(models.Model):
    """What staff wrote about a customer, for staff."""

    customer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notes")
    text = models.TextField(max_length=2000)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ("-written_at", "-id")

    def __str__(self) -> str:
        return f"{self.written_at:%Y-%m-%d}"


class StaffChange(models.Model):
    """Who gave whom which roles, invited or signed them out. Append-only, and without names."""

    at = models.DateTimeField()
    actor = models.CharField(max_length=64, help_text=gettext_lazy("staff:3, or command"))
    about = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="staff_changes"
    )
    action = models.CharField(max_length=32)
    detail = models.JSONField(default=dict)

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self.action} {self.at:%Y-%m-%d %H:%M}"
