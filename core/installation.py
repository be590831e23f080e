"""Which installation this is: its mark goes with all that it makes at Stripe, and tells it from others'."""

import uuid

from django.conf import settings

from core import clock
from core.models import Mark

NAME = "site"


def mark() -> str:
    """SITE_MARK, or what was made once for this database and stays in it (and in its backups)."""
    return settings.SITE_MARK or _made_once()


def _made_once() -> str:
    made, _ = Mark.objects.get_or_create(
        name=NAME, defaults={"at": clock.now(), "note": {"mark": uuid.uuid4().hex[:16]}}
    )
    return str(made.note["mark"])
