"""Mail is written down with the change it tells of, and sent later by the worker."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bookings.audit import Story
from bookings.models import Message
from core import clock, language, sealing
from core.storage import rows


@dataclass(frozen=True)
class Later:
    """A mail to the booking's customer that is to go out at a time to come."""

    kind: str
    about: str
    at: datetime


def enqueue(story: Story, kind: str, *, about: str = "", later: Sequence[Later] = (), **facts: Any) -> None:
    """Queue a mail to the booking's customer, once per booking, kind and `about` (a refund's id).

    `facts` are amounts, dates and codes; names and addresses are read when it is sent. `later` are more
    mails, each with its time.
    """
    now = _message(story, kind, Message.To.CUSTOMER, about, facts)
    others = [_message(story, mail.kind, Message.To.CUSTOMER, mail.about, {}, at=mail.at) for mail in later]
    story.send([now, *others])


def alert_staff(story: Story, kind: str, *, about: str = "", **facts: Any) -> None:
    """Queue word to staff that a booking needs a person, once per booking, kind and `about`."""
    story.send([_message(story, kind, Message.To.STAFF, about, facts)])


def alert_staff_daily(kind: str, *, now: datetime, **facts: Any) -> None:
    """Queue word to staff of something that concerns no single booking, at most once a day."""
    key = f"{Message.To.STAFF}:{kind}:{now:%Y-%m-%d}"
    _insert(Message(key=key, kind=kind, to=Message.To.STAFF, facts=facts), now)


def alert_staff_once(kind: str, *, about: str, now: datetime, **facts: Any) -> None:
    """Queue word to staff of something that has no booking, once per kind and `about`."""
    key = f"{Message.To.STAFF}:{kind}::{about}"
    _insert(Message(key=key, kind=kind, to=Message.To.STAFF, facts=facts), now)


def to_person(kind: str, address: str, *, now: datetime, **facts: Any) -> None:
    """Queue a mail to one address about somebody's account (templates/mail/person/).

    It may hold a code or a name: all of it is sealed until it is sent, and then emptied.
    """
    sealed = sealing.seal({"address": address, "language": language.active(), **facts})
    _insert(
        Message(key=f"{Message.To.PERSON}:{uuid.uuid4()}", kind=kind, to=Message.To.PERSON, sealed=sealed),
        now,
    )


def _message(
    story: Story, kind: str, to: str, about: str, facts: dict[str, Any], *, at: datetime | None = None
) -> Message:
    key = f"{to}:{kind}:{story.booking.reference}:{about}"
    message = Message(key=key, kind=kind, to=to, booking=story.booking, facts=facts)
    message.created_at, message.next_attempt_at = story.now, at or clock.due(story.now)
    return message


def _insert(message: Message, now: datetime) -> None:
    message.created_at, message.next_attempt_at = now, clock.due(now)
    rows.insert([message], skip_existing=True)
