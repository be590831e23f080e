"""The lines of Stripe's balance: written down as they are listed; one that changed can't be healed."""

from collections.abc import Iterator

from payments import gateway
from payments.books import lines
from refunds.models.reconciliation import Kind
from refunds.reconciliation.comparing import Comparison
from refunds.reconciliation.subjects import Difference, Object, Subject
from refunds.reconciliation.window import Clock, Window


def compare(page: list[Object]) -> Iterator[Difference]:
    """Lines that were written down with other figures. One that is new is no difference."""
    for one in lines.changed(page):
        yield Difference(Kind.AMOUNT, one.stripe_id, one.ours, one.theirs, one.booking, BALANCE_LINE.name)


def heal(line: Object, clock: Clock) -> None:
    """Write it down if we don't have it: what we have is never changed."""
    lines.take_in([line], now=clock())


BALANCE_LINE = Subject("balance_line", compare, heal, gateway.retrieve_movement)


def take_in(comparison: Comparison, page: list[Object]) -> None:
    """Write down a page of lines, and report those that changed."""
    if not comparison.dry_run:
        lines.take_in(page, now=comparison.now)
    for difference in compare(page):
        comparison.tally.keep(difference)


def list_again(comparison: Comparison, window: Window) -> set[str]:
    """Take in all that Stripe lists for this time; returns the ids."""
    seen: set[str] = set()
    for page in comparison.paced(gateway.movement_pages(*window.unix)):
        take_in(comparison, page)
        seen |= {line["id"] for line in page}
    return seen
