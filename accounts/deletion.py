"""Leaving: accepted at once, carried out by itself as soon as nothing is open."""

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import erasure
from accounts.models import Deletion, User
from bookings import messages
from bookings.audit import By
from core import clock, language
from core.errors import DomainError
from core.work.lease import backoff
from payments.gateway import StripeFailure

log = structlog.get_logger()
LOOK_AGAIN = timedelta(hours=1)
BATCH = 100


def ask(user: User, *, now: datetime) -> Deletion:
    """Sign somebody out everywhere for good, and note that they want to be deleted. Twice is once.

    Raises DomainError `is_staff`.
    """
    with transaction.atomic():
        user = User.objects.select_for_update().get(pk=user.pk)
        if user.is_staff or user.is_superuser:
            raise DomainError("is_staff", _("You are on the staff: ask the owner to take you off it first."))
        asked = {"asked_at": now, "next_attempt_at": clock.due(now)}
        deletion, is_new = Deletion.objects.get_or_create(user=user, defaults=asked)
        if is_new:
            user.is_active = False
            user.save(update_fields=["is_active"])
    return deletion


def carry_out(deletion: Deletion, *, by: By, now: datetime) -> list[erasure.Waiting]:
    """Erase them unless something is open; returns what it waits for."""
    user = User.objects.get(pk=deletion.user_id)
    waits_for = erasure.waits_for(user, now=now)
    if waits_for:
        _later(deletion, now + LOOK_AGAIN, "")
        return waits_for
    address, words = user.email, _language_of(user)
    try:
        erasure.erase(user, by=by, now=now)
    except StripeFailure as error:
        _later(deletion, now + backoff(deletion.attempts + 1), error.code)
        return []
    Deletion.objects.filter(pk=deletion.pk).update(erased_at=now, next_attempt_at=None, last_error="")
    deletion.erased_at = now
    if address:
        with language.speaking(words):
            messages.to_person("account_deleted", address, now=now)
    return []


def _language_of(user: User) -> str:
    """What they read; the worker itself speaks English."""
    booked_in = user.bookings.order_by("-pk").values_list("language", flat=True)[:1]
    return language.choose([user.language, *booked_in, settings.CUSTOMERS_LANGUAGE])


def _later(deletion: Deletion, at: datetime, error: str) -> None:
    attempts = deletion.attempts + 1 if error else 0
    later = {"next_attempt_at": at, "attempts": attempts, "last_error": error[:64]}
    Deletion.objects.filter(pk=deletion.pk).update(**later)


def carry_out_due(clock: Callable[[], datetime]) -> int:
    """Look at each that is due; one in trouble stops no other."""
    due = Deletion.objects.filter(erased_at=None, next_attempt_at__lte=clock()).order_by("next_attempt_at")
    deletions = list(due[:BATCH])
    for deletion in deletions:
        try:
            carry_out(deletion, by=By("system", "worker"), now=clock())
        except Exception:
            log.exception("deletion.failed", customer=deletion.user_id)
            _later(deletion, clock() + LOOK_AGAIN, "error")
    return len(deletions)
