"""What Stripe lists: page by page, so that memory stays small and the caller can pace itself.

`since` (included) and `until` (not) are Unix times of the objects' creation. Newest first.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from payments.gateway.connection import Answer, client, named, plain, translated

MOST = 100
# Stripe takes no more in one question.
MOST_TYPES = 20

Page = list[Answer]
Pages = Iterator[Page]


def event_pages(since: int, until: int, *, types: Sequence[str]) -> Pages:
    """Events of these types; Stripe keeps them for 30 days. Newest first only within 20 types."""
    for first in range(0, len(types), MOST_TYPES):
        some = {"types": list(types[first : first + MOST_TYPES])}
        yield from _pages("event", client().v1.events.list, _within(since, until) | some)


def intent_pages(since: int, until: int) -> Pages:
    """PaymentIntents, each with its `latest_charge`, which knows when it was paid."""
    wanted = _within(since, until) | {"expand": ["data.latest_charge"]}
    return _pages("payment_intent", client().v1.payment_intents.list, wanted)


def refund_pages(since: int, until: int) -> Pages:
    return _pages("refund", client().v1.refunds.list, _within(since, until))


def dispute_pages(since: int, until: int) -> Pages:
    return _pages("dispute", client().v1.disputes.list, _within(since, until))


def movement_pages(since: int, until: int) -> Pages:
    """Balance transactions, each with the charge, refund or dispute that it is `source`d from."""
    wanted = _within(since, until) | {"expand": ["data.source"]}
    return _pages("balance_transaction", client().v1.balance_transactions.list, wanted)


def payout_pages(since: int, until: int) -> Pages:
    return _pages("payout", client().v1.payouts.list, _within(since, until))


def payout_line_pages(payout: str) -> Pages:
    """The balance transactions that an automatic payout paid out, its own among them, with their sources."""
    wanted = {"payout": named(payout), "expand": ["data.source"]}
    return _pages("balance_transaction", client().v1.balance_transactions.list, wanted)


def _within(since: int, until: int) -> dict[str, Any]:
    return {"created": {"gte": since, "lt": until}}


def _pages(kind: str, ask: Callable[..., Any], wanted: Mapping[str, Any]) -> Pages:
    with translated():
        page = ask({**wanted, "limit": MOST})
    while True:
        with translated():
            rows, has_more = [plain(row, kind) for row in page.data], page.has_more
        yield rows
        if not has_more:
            return
        with translated():
            page = page.next_page()
