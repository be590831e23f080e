"""Which installation this is: its mark goes with all that it makes at Stripe, and tells it from others'."""

from functools import lru_cache

from django.conf import settings

from core.models import Mark

NAME = "site"


def mark() -> str:
    """SITE_MARK, or what was made once for this database and stays in it (and in its backups)."""
    return settings.SITE_MARK or _made_once()


@lru_cache(maxsize=1)
def _made_once() -> str:
    return str(Mark.objects.get(name=NAME).note["mark"])
