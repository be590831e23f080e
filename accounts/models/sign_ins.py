from django.conf import settings
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from knox.models import AuthToken


class Session(AbstractBaseSession):
    """A signed-in browser, or a sign-in under way. It knows whose it is, to be listed and ended."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="browser_sessions"
    )

    class Meta(AbstractBaseSession.Meta):
        db_table = "accounts_session"


class KnownPlace(models.Model):
    """An address from which somebody has signed in: kept as a keyed hash, it only answers "here before?"."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="known_places")
    place = models.CharField(max_length=64)
    seen_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("user", "place"), name="known_place_once"),)

    def __str__(self) -> str:
        return f"user {self.user_id} {self.seen_at:%Y-%m-%d}"


def end_sign_ins(user: int) -> None:
    """Sign somebody out everywhere: phones and browsers."""
    AuthToken.objects.filter(user=user).delete()
    Session.objects.filter(user=user).delete()
