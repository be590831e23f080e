"""Mail is written down with the change it tells of, and sent later by the worker."""

from typing import Any

from bookings.audit import Story
from bookings.models import Message


def enqueue(story: Story, kind: str, *, about: str = "", **facts: Any) -> None:
    """Queue a mail to the booking's customer, once per booking, kind and `about` (a refund's id).

    `facts` are amounts, dates and codes; names and addresses are read when it is sent.
    """
    _write(story, kind, Message.To.CUSTOMER, about, facts)


def alert_staff(story: Story, kind: str, *, about: str = "", **facts: Any) -> None:
    """Queue word to staff that a booking needs a person, once per booking, kind and `about`."""
    _write(story, kind, Message.To.STAFF, about, facts)


def _write(story: Story, kind: str, to: str, about: str, facts: dict[str, Any]) -> None:
    Message.objects.bulk_create(
        [
            Message(
                key=f"{to}:{kind}:{story.booking.reference}:{about}",
                kind=kind,
                to=to,
                booking=story.booking,
                facts=facts,
                created_at=story.now,
                next_attempt_at=story.now,
            )
        ],
        ignore_conflicts=True,
    )
