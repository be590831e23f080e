"""Payouts to the bank account, as Stripe tells of them, and what is in each."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from django.db.models import F, QuerySet, Sum
from django.db.models.functions import Coalesce

from core import states
from payments import gateway
from payments.books import lines
from payments.events.event_handlers import Event
from payments.models import Payout, PayoutStatus

# A payout goes only forward, whatever order its events come in.
ORDER = ("pending", "in_transit", "paid", "failed", "canceled")


def take_in(payout: gateway.Answer, *, now: datetime) -> str:
    """Write down what Stripe says of a payout; returns what changed, or "" for nothing new."""
    row, is_new = Payout.objects.get_or_create(
        stripe_id=payout["id"], defaults={**_fixed(payout), **_told(payout), "recorded_at": now}
    )
    if is_new:
        return f"payout {row.status}"
    _learn(row, payout)
    if not _is_ahead(payout["status"], row.status):
        return ""
    states.move(row, payout["status"])
    return f"payout {row.status}"


def _fixed(payout: gateway.Answer) -> dict[str, object]:
    return {
        "amount": payout["amount"],
        "currency": payout["currency"],
        "automatic": payout["automatic"],
        "method": str(payout.get("method") or "")[:20],
        "created_at": datetime.fromtimestamp(payout["created"], UTC),
    }


def _told(payout: gateway.Answer) -> dict[str, object]:
    trace = payout.get("trace_id") or {}
    return {
        "status": PayoutStatus(payout["status"]).value,
        "arrives_on": datetime.fromtimestamp(payout["arrival_date"], UTC).date(),
        "own_line": gateway.id_of(payout.get("balance_transaction")),
        "trace_id": str(trace.get("value") or ""),
        "failure_code": str(payout.get("failure_code") or "")[:64],
    }


def _learn(row: Payout, payout: gateway.Answer) -> None:
    """What Stripe tells later: an empty value never takes the place of one that was told."""
    told = _told(payout)
    told.pop("status")
    if _is_ahead(row.status, payout["status"]):
        told.pop("arrives_on")
    news = {name: value for name, value in told.items() if value and value != getattr(row, name)}
    if news:
        Payout.objects.filter(pk=row.pk).update(**news)


def _is_ahead(one: str, other: str) -> bool:
    return ORDER.index(one) > ORDER.index(other) and other not in ("failed", "canceled")


def take_in_lines(payout: Payout, pages: Iterable[list[lines.Row]], *, now: datetime) -> int:
    """Write down what is in an automatic payout; returns how many lines were new."""
    new = sum(lines.take_in(page, now=now, payout=payout) for page in pages)
    Payout.objects.filter(pk=payout.pk, listed_at=None).update(listed_at=now)
    return new


def apply_event(event: Event, facts: None, now: datetime) -> str:
    """Any `payout.*` event, applied from what it carries."""
    return take_in(event.object, now=now)


def ask_for_lines(event: Event) -> list[list[lines.Row]]:
    """What Stripe lists for a payout that is said to be complete."""
    return list(gateway.payout_line_pages(event.object["id"]))


def apply_completed(event: Event, facts: list[list[lines.Row]], now: datetime) -> str:
    """`payout.reconciliation_completed`: the payout, and what is in it."""
    take_in(event.object, now=now)
    row = Payout.objects.get(stripe_id=event.object["id"])
    new = take_in_lines(row, facts, now=now) if row.automatic else 0
    return f"payout with {sum(map(len, facts))} lines, {new} of them new"


def to_be_listed() -> QuerySet[Payout]:
    """Automatic payouts of which we don't know yet what is in them."""
    return Payout.objects.filter(automatic=True, listed_at=None)


def unproved() -> Iterator[tuple[Payout, int]]:
    """Automatic payouts whose lines don't add up to their amount, each with what they add up to."""
    listed = Payout.objects.filter(automatic=True, listed_at__isnull=False)
    added = listed.annotate(sum=Coalesce(Sum("lines__net"), 0)).exclude(sum=F("amount"))
    for payout in added.order_by("created_at", "pk"):
        yield payout, payout.sum
