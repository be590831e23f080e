"""Cancel for the business, one booking or a whole snow day: previewed, then done by the worker, one by one.

Always everything back. One booking's trouble stops no other, and a closure that was interrupted goes on.
"""

import uuid
from collections import Counter
from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass
from datetime import datetime

import structlog
from django.contrib.auth.models import AbstractUser
from django.db import transaction
from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from bookings.audit import By
from bookings.calendar.closing import Closing
from bookings.models import Booking, CalendarException
from core.errors import DomainError
from core.storage import rows
from core.work import jobs
from payments import gateway
from refunds import cancellation
from refunds.models import RefundRecord, RefundStatus
from refunds.models.closures import Closure, ClosureItem, Outcome
from refunds.staff import actions as staff_actions

log = structlog.get_logger()
Clock = Callable[[], datetime]

# More than a year of a small business's appointments: beyond that it is a mistake.
MOST_BOOKINGS = 2000
# Approved at once, so that whoever approves doesn't wait for minutes.
MOST_APPROVED = 200


@dataclass(frozen=True)
class Preview:
    """What a closure would do, and what Stripe's balance says to it; amounts in minor units by currency."""

    quotes: list[cancellation.Quote]
    refunds: dict[str, int]
    available: dict[str, int] | None

    @property
    def cancellable(self) -> list[Booking]:
        return [quote.booking for quote in self.quotes if quote.cancellable]

    @property
    def is_covered(self) -> bool | None:
        """Whether Stripe's balance covers it now (else refunds wait there); None if it didn't say."""
        if self.available is None:
            return None
        return all(self.available.get(currency, 0) >= amount for currency, amount in self.refunds.items())


def preview(bookings: Iterable[Booking], *, now: datetime) -> Preview:
    """Say who would be cancelled and what would go back; changes nothing. Asks Stripe for its balance."""
    quotes = [cancellation.quote(booking, now=now, by_business=True) for booking in bookings]
    refunds: Counter[str] = Counter()
    for quote in quotes:
        if quote.cancellable and quote.decision.amount:
            refunds[quote.booking.currency] += quote.decision.amount
    return Preview(quotes, dict(refunds), _available() if refunds else {})


def _available() -> dict[str, int] | None:
    try:
        return gateway.available_balance()
    except gateway.StripeFailure as error:
        log.warning("closure.balance_unknown", code=error.code)
        return None


def begin(
    *,
    key: uuid.UUID,
    bookings: Iterable[Booking],
    count: int,
    staff: AbstractUser,
    reason: str,
    now: datetime,
    closing: Closing | None = None,
    shown: Container[int] | None = None,
) -> Closure:
    """Write the closure down for the worker. `key` is the form's own: sent twice it is one closure.

    With `closing` that time is closed in the calendar in the same transaction, so that nobody books into it
    meanwhile; `shown` are the bookings that whoever confirms has seen in it.
    Raises DomainError: nothing_chosen, too_many, count_differs (typed by whoever confirms), more_booked.
    """
    if closure := Closure.objects.filter(pk=key).first():
        return closure
    chosen = list(bookings)
    if not chosen and closing is None:
        raise DomainError("nothing_chosen", _("There is nothing to cancel."))
    if len(chosen) > MOST_BOOKINGS:
        raise DomainError(
            "too_many",
            _("Choose at most %(number)s bookings at a time.") % {"number": MOST_BOOKINGS},
        )
    if count != len(chosen):
        raise DomainError(
            "count_differs",
            _("There are %(number)s bookings now. Look again and confirm.") % {"number": len(chosen)},
        )
    with transaction.atomic():
        closure, is_new = Closure.objects.get_or_create(
            pk=key,
            defaults={"requested_by_id": staff.pk, "requested_at": now, "reason": reason},
        )
        if is_new:
            if closing is not None:
                closure.closed = _close(closing, shown)
                closure.save(update_fields=["closed"])
            ClosureItem.objects.bulk_create(
                ClosureItem(closure=closure, booking=booking) for booking in chosen
            )
            jobs.wake()
    return closure


def _close(closing: Closing, shown: Container[int] | None) -> CalendarException:
    """Close the time, unless somebody booked into it since it was looked at."""
    closed = closing.write()
    if shown is not None and any(pk not in shown for pk in closing.bookings().values_list("pk", flat=True)):
        raise DomainError("more_booked", _("Meanwhile more was booked. Look again and confirm."))
    return closed


def resume(closure: Closure) -> int:
    """Try again what failed; returns how many."""
    again = closure.items.filter(outcome=Outcome.FAILED).update(outcome=Outcome.WAITING, code="")
    jobs.wake()
    return again


def waiting_for_approval(closure: Closure) -> QuerySet[RefundRecord]:
    """The closure's refunds that a second person has to approve."""
    asker = f"staff:{closure.requested_by_id}"
    held = RefundRecord.objects.filter(status=RefundStatus.ON_HOLD, held_for="approval", asked_by=asker)
    return held.filter(booking__in=closure.items.values("booking")).order_by("requested_at")


def approve_all(closure: Closure, *, by: By, now: datetime, count: int, reason: str = "") -> int:
    """Approve the closure's refunds, MOST_APPROVED at a time; returns how many. One refused stops no other.

    `count` is how many waited on the page. Raises DomainError count_differs, or own_refund for who asked.
    """
    waiting = list(waiting_for_approval(closure))
    if count != len(waiting):
        detail = _("%(count)s refunds wait now. Look again and approve.") % {"count": len(waiting)}
        raise DomainError("count_differs", detail)
    if by.actor == f"staff:{closure.requested_by_id}":
        raise DomainError("own_refund", _("Another person has to approve these refunds."), status=403)
    return sum(_is_approved(record, by, now, reason) for record in waiting[:MOST_APPROVED])


def _is_approved(record: RefundRecord, by: By, now: datetime, reason: str) -> bool:
    try:
        staff_actions.approve(record, by=by, now=now, reason=reason)
    except DomainError as error:
        log.info("closure.not_approved", refund=str(record.pk), code=error.code)
        return False
    return True


def carry_on(clock: Clock, *, limit: int = 200) -> int:
    """Cancel bookings of closures that wait; returns how many were tried."""
    waiting = ClosureItem.objects.filter(outcome=Outcome.WAITING).select_related("closure").order_by("id")
    items = list(waiting[:limit])
    for item in items:
        _cancel(item, clock())
    return len(items)


def _cancel(item: ClosureItem, now: datetime) -> None:
    closure = item.closure
    try:
        done = cancellation.cancel_booking(
            Booking.objects.filter(pk=item.booking_id),
            by=By(f"staff:{closure.requested_by_id}", "admin"),
            now=now,
            reason=closure.reason,
            by_business=True,
        )
    except DomainError as error:
        _note(item, Outcome.REFUSED, error.code)
    except Exception as error:
        log.exception("closure.item_failed", booking_id=item.booking_id)
        _note(item, Outcome.FAILED, type(error).__name__)
    else:
        record = done.record
        rule, amount = (str(record.rule), record.amount) if record else ("nothing_paid", 0)
        _note(item, Outcome.CANCELLED, rule, amount)


def _note(item: ClosureItem, outcome: Outcome, code: str, amount: int = 0) -> None:
    told = {"outcome": outcome, "code": code[:64], "amount": amount}
    rows.change(ClosureItem, {"pk": item.pk, "outcome": Outcome.WAITING}, told)


def progress(closure: Closure) -> dict[str, int]:
    """How many items have come to which outcome."""
    counted = dict(closure.items.order_by("outcome").values_list("outcome").annotate(Count("id")))
    return {outcome: counted.get(outcome, 0) for outcome in Outcome.values}
