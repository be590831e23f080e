"""Payouts: each of Stripe's against our row, and what is in it."""

from collections.abc import Iterator
from datetime import timedelta

from payments import gateway
from payments.books import payouts
from payments.models import Payout
from refunds.models.reconciliation import Kind
from refunds.reconciliation.comparing import Comparison
from refunds.reconciliation.subjects import Difference, Object, Subject
from refunds.reconciliation.window import Clock, Window

# A bank sends a payout back within some days, also after it was shown as paid.
MAY_COME_BACK = timedelta(days=14)
# Stripe says what is in a payout within a day or two.
TOLD_BY_THEN = timedelta(days=4)


def compare(page: list[Object]) -> Iterator[Difference]:
    """All of the account: the bank line has no other shop's payouts."""
    rows = {row.stripe_id: row for row in Payout.objects.filter(stripe_id__in=[one["id"] for one in page])}
    for one in page:
        row = rows.get(one["id"])
        if row is None:
            yield _difference(Kind.MISSING_HERE, one, None, one["status"])
        elif (row.amount, row.currency) != (one["amount"], one["currency"]):
            ours, theirs = f"{row.amount} {row.currency}", f"{one['amount']} {one['currency']}"
            yield _difference(Kind.AMOUNT, one, ours, theirs)
        elif row.status != one["status"]:
            yield _difference(Kind.STATE, one, row.status, one["status"])


def _difference(kind: Kind, one: Object, ours: str | None, theirs: str) -> Difference:
    return Difference(kind, one["id"], ours, theirs, None, PAYOUT.name)


def heal(payout: Object, clock: Clock) -> None:
    """Take in what Stripe says of it, as its events do."""
    payouts.take_in(payout, now=clock())


PAYOUT = Subject("payout", compare, heal, gateway.retrieve_payout)


def look(comparison: Comparison, window: Window) -> None:
    """The payouts of the window and of the last days, those still on their way, and what is in them."""
    since = min(window.since, comparison.now - MAY_COME_BACK)
    for page in comparison.paced(gateway.payout_pages(*Window(since, window.until).unix)):
        comparison.look_at(PAYOUT, page[::-1])
    for row in Payout.objects.filter(status__in=Payout.UNDER_WAY, created_at__lt=since):
        comparison.look_up(PAYOUT, row.stripe_id, booking=None, ours=row.status)
    if not comparison.dry_run:
        for row in list(payouts.to_be_listed()):
            _take_in_lines(comparison, row)


def _take_in_lines(comparison: Comparison, row: Payout) -> None:
    comparison.wait()
    told = gateway.retrieve_payout(row.stripe_id)
    if told["reconciliation_status"] == "completed":
        list_lines(comparison, row)
    elif comparison.now - row.created_at > TOLD_BY_THEN:
        ours = "what is in it is not known yet"
        comparison.tally.keep(_difference(Kind.STATE, told, ours, told["reconciliation_status"]))


def list_lines(comparison: Comparison, row: Payout) -> set[str]:
    """Ask what is in a payout, and write it down; returns the ids of its lines."""
    pages = list(comparison.paced(gateway.payout_line_pages(row.stripe_id)))
    payouts.take_in_lines(row, pages, now=comparison.now)
    return {line["id"] for page in pages for line in page}
