"""What may still be done with a dispute, looked at again under its booking's lock. Refusals are for staff."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from bookings.audit import By, Story, story_of
from bookings.models import Booking, Business
from core.errors import DomainError
from payments import gateway
from payments.events.event_handlers import NotYet
from refunds.disputes import words as disputes_words
from refunds.models import Dispute

# Longer than the HTTP time-outs of what is done meanwhile (payments/gateway/connection.py).
WHILE_AT_STRIPE = timedelta(seconds=150)


@contextmanager
def locked(dispute: Dispute, *, by: By, now: datetime) -> Iterator[tuple[Story, Dispute]]:
    """The dispute as it is now, and its booking's story."""
    with story_of(Booking.objects.filter(pk=dispute.booking_id), by=by, now=now) as story:
        yield story, story.booking.disputes.select_related("payment").get(pk=dispute.pk)


@contextmanager
def answerable(dispute: Dispute, *, by: By, now: datetime) -> Iterator[tuple[Story, Dispute]]:
    """The same for what only a dispute takes that still waits for us; raises DomainError for all others."""
    with locked(dispute, by=by, now=now) as (story, row):
        refuse_unless_answerable(row, now)
        yield story, row


def refuse_unless_answerable(row: Dispute, now: datetime) -> None:
    """Raise DomainError: dispute_closed, in_appeal, already_submitted, or as refuse_unless_in_time does."""
    if not row.is_open:
        raise DomainError(
            "dispute_closed", _("This dispute is closed. %(state)s.") % {"state": disputes_words.state(row)}
        )
    if row.status.startswith("appeal_"):
        raise DomainError("in_appeal", _("The bank has decided; now only an appeal can be filed."))
    if row.submitted_at:
        when = told(row.submitted_at)
        raise DomainError(
            "already_submitted",
            _("Evidence was submitted on %(when)s: that works only once.") % {"when": when},
        )
    refuse_unless_in_time(row, now)


def refuse_unless_in_time(row: Dispute, now: datetime) -> None:
    """Raise DomainError: no_answer_allowed, past_due or in_hand."""
    if row.evidence_due_by is None:
        raise DomainError("no_answer_allowed", _("The bank takes no answer to this dispute."))
    if row.evidence_due_by <= now:
        raise DomainError(
            "past_due", _("The time to answer ended on %(when)s.") % {"when": told(row.evidence_due_by)}
        )
    if row.handing_in_until and row.handing_in_until > now:
        raise DomainError("in_hand", _("Somebody is answering it at this moment. Look again in a minute."))


def is_answerable(row: Dispute, now: datetime) -> bool:
    try:
        refuse_unless_answerable(row, now)
    except DomainError:
        return False
    return True


def change(row: Dispute, **fields: Any) -> None:
    """Write our own part of a dispute; Stripe's part is written by disputes.py."""
    Dispute.objects.filter(pk=row.pk).update(**fields)
    for name, value in fields.items():
        setattr(row, name, value)


@contextmanager
def stripe_answers() -> Iterator[None]:
    """Say in words for staff that Stripe refused, or gave no answer."""
    try:
        yield
    except gateway.Refused as error:
        raise DomainError(
            "stripe_refused", _("Stripe refuses it (%(code)s).") % {"code": error.code}
        ) from error
    except (gateway.StripeFailure, NotYet) as error:
        detail = _("Stripe gave no clear answer (%(error)s). Try again in a moment.") % {"error": error}
        raise DomainError("stripe_unavailable", detail, status=503) from error


def told(moment: datetime) -> str:
    """A time in the staff's zone."""
    return f"{moment.astimezone(Business.current().zone):%-d %B %Y, %H:%M %Z}"


def staff_id(by: By) -> int:
    """Who acts, as a user's id."""
    return int(by.actor.removeprefix("staff:"))
