"""Stripe's balance, line by line: what it lists is written down once and never changed."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Q

from core.storage import rows
from payments import gateway
from payments.books import beginning, totals
from payments.models import BalanceLine, LineAbout, Payment, Payout

Row = gateway.Answer
# Which kind of object a movement is sourced from, by what its id begins with.
ABOUT = {
    "ch": LineAbout.PAYMENT,
    "py": LineAbout.PAYMENT,
    "re": LineAbout.REFUND,
    "pyr": LineAbout.REFUND,
    "du": LineAbout.DISPUTE,
    "dp": LineAbout.DISPUTE,
    "po": LineAbout.PAYOUT,
}
# What the customers' objects have in their descriptions is theirs.
TELLS_NOBODY = (LineAbout.PAYOUT, LineAbout.OTHER)
FIGURES = ("amount", "fee", "net", "currency", "category")


@dataclass(frozen=True)
class Changed:
    """A line that Stripe now lists with other figures than we wrote down."""

    stripe_id: str
    ours: dict[str, Any]
    theirs: dict[str, Any]
    booking: int | None


def take_in(listed: Iterable[Row], *, now: datetime, payout: Payout | None = None) -> int:
    """Write down the lines that we don't have yet; returns how many that were.

    `listed` are balance transactions with their sources expanded. With `payout` they are what it paid out:
    lines that we have learn it, its own line doesn't.
    """
    page = list(listed)
    payments = _payments_of(page)
    with transaction.atomic():
        months = beginning.locked()
        known = _known(page)
        new = [_line(row, payments, months, now) for row in page if row["id"] not in known]
        written = _insert(new)
        _complete(page, payments, payout)
    return written


def _known(page: list[Row]) -> set[str]:
    ids = [row["id"] for row in page]
    return set(BalanceLine.objects.filter(stripe_id__in=ids).values_list("stripe_id", flat=True))


def _insert(lines: list[BalanceLine]) -> int:
    if not lines:
        return 0
    written = rows.insert(lines, skip_existing=True)
    totals.put_in(BalanceLine.objects.filter(stripe_id__in=[line.stripe_id for line in lines]))
    return written


def _line(
    row: Row, payments: Callable[[Row], Payment | None], months: beginning.Months, now: datetime
) -> BalanceLine:
    occurred_at = datetime.fromtimestamp(row["created"], UTC)
    about = about_of(row)
    rate = row.get("exchange_rate")
    return BalanceLine(
        stripe_id=row["id"],
        type=row["type"],
        category=row["reporting_category"],
        amount=row["amount"],
        fee=row["fee"],
        net=row["net"],
        currency=row["currency"],
        rate=None if rate is None else Decimal(str(rate)),
        about=about,
        source_id=source_id(row),
        payment=payments(row),
        network=_network(row["source"]),
        counts=row.get("balance_type", "payments") == "payments",
        description=str(row.get("description") or "")[:200] if about in TELLS_NOBODY else "",
        occurred_at=occurred_at,
        available_on=datetime.fromtimestamp(row["available_on"], UTC).date(),
        month=months.booked(occurred_at, now=now),
        recorded_at=now,
    )


def source_id(row: Row) -> str:
    """The id of what a movement is sourced from; "" for Stripe's own."""
    return gateway.id_of(row["source"])


def about_of(row: Row) -> LineAbout:
    return ABOUT.get(source_id(row).split("_")[0], LineAbout.OTHER)


def _network(source: Any) -> str:
    details = source.get("payment_method_details") if isinstance(source, dict) else None
    card = (details or {}).get("card") or {}
    return str(card.get("network") or card.get("brand") or "")[:20]


def _payments_of(page: list[Row]) -> Callable[[Row], Payment | None]:
    """Our payments behind the customers' objects of a page, in one query."""
    intents = {intent for row in page if (intent := _intent(row))}
    charges = {charge for row in page if (charge := _charge(row))}
    found = Payment.objects.filter(Q(stripe_payment_intent_id__in=intents) | Q(stripe_charge_id__in=charges))
    by_id: dict[str, Payment] = {}
    for payment in found:
        by_id[payment.stripe_charge_id] = by_id[payment.stripe_payment_intent_id or ""] = payment
    by_id.pop("", None)
    return lambda row: by_id.get(_intent(row)) or by_id.get(_charge(row))


def _intent(row: Row) -> str:
    source = row["source"]
    return gateway.id_of(source.get("payment_intent")) if isinstance(source, dict) else ""


def _charge(row: Row) -> str:
    source = row["source"]
    if isinstance(source, dict) and source["object"] != "charge":
        return gateway.id_of(source.get("charge"))
    return source_id(row) if about_of(row) == LineAbout.PAYMENT else ""


def _complete(page: list[Row], payments: Callable[[Row], Payment | None], payout: Payout | None) -> None:
    """What is learned later is filled in, once."""
    ids = [row["id"] for row in page]
    known = BalanceLine.objects.filter(stripe_id__in=ids)
    if payout is not None:
        known.filter(payout=None).exclude(stripe_id=payout.own_line).update(payout=payout)
    sources = {row["id"]: row for row in page}
    for line in known.filter(payment=None, about__in=("payment", "refund", "dispute")):
        if payment := payments(sources[line.stripe_id]):
            stranger = BalanceLine.objects.filter(pk=line.pk)
            totals.take_out(stranger)
            stranger.filter(payment=None).update(payment=payment)
            totals.put_in(stranger)


def changed(listed: Iterable[Row]) -> list[Changed]:
    """The lines among these that we wrote down with other figures; those that we don't have are left out."""
    theirs = {row["id"]: row | {"category": row["reporting_category"]} for row in listed}
    ours = BalanceLine.objects.filter(stripe_id__in=theirs).select_related("payment")
    found = []
    for line in ours:
        differing = [name for name in FIGURES if getattr(line, name) != theirs[line.stripe_id][name]]
        if differing:
            found.append(
                Changed(
                    stripe_id=line.stripe_id,
                    ours={name: getattr(line, name) for name in differing},
                    theirs={name: theirs[line.stripe_id][name] for name in differing},
                    booking=line.payment.booking_id if line.payment else None,
                )
            )
    return found
