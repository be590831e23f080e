"""One invented sale: its rows, by model, and the audit chain that ties them together."""

import random
import uuid
from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any, NamedTuple, cast

from bench.diary import Place, Price
from bookings.audit import hash_of
from bookings.models import REFERENCE_ALPHABET, AuditEntry, Booking, Occupation
from payments.models import PaymentTransaction, WebhookEvent

Row = dict[str, Any]
NOTICE = timedelta(hours=12)
KEEPS_ITS_PLACE = ("confirmed", "completed", "no_show")


class Line(NamedTuple):
    """What hash_of() reads of an audit entry; a model instance each would take twice the time."""

    previous_hash: str
    booking_id: int
    at: datetime
    actor: str
    source: str
    action: str
    request_id: str
    detail: dict[str, Any]


class Sale:
    """One invented booking; `rows` gathers what to insert, by model."""

    def __init__(
        self, number: int, *, customer: int, price: Price, place: Place, made_at: datetime, now: datetime
    ) -> None:
        self.number = number
        self.chance = random.Random(number)  # noqa: S311 invented data
        self.price = price
        self.now = now
        self.customer = f"customer:{customer}"
        self.made_at = made_at
        self.starts_at, self.resource = place
        self.head = ""
        self.rows: dict[type, list[Row]] = defaultdict(list)
        self.booking: Row = self._booking(customer)

    def uuid(self) -> uuid.UUID:
        return uuid.UUID(int=self.chance.getrandbits(128), version=4)

    def _booking(self, customer: int) -> Row:
        return {
            "id": self.number,
            "reference": reference(self.number),
            "customer_id": customer,
            "service_id": self.price.service,
            "service_name": self.price.name,
            "resource_id": self.resource,
            "occupation_id": None,
            "starts_at": self.starts_at,
            "ends_at": self.starts_at + self.price.duration,
            "amount": self.price.amount,
            "currency": self.price.currency,
            "status": "pending_payment",
            "refund_notice": NOTICE,
            "refundable_until": self.starts_at - NOTICE,
            "hold_expires_at": None,
            "created_at": self.made_at,
            "cancelled_at": None,
        }

    def tell(self, at: datetime, actor: str, source: str, action: str, **detail: Any) -> None:
        line = Line(self.head, self.number, at, actor, source, action, "", detail)
        self.head = hash_of(cast(AuditEntry, line))
        self.rows[AuditEntry].append(line._asdict() | {"entry_hash": self.head})

    def finished(self) -> dict[type, list[Row]]:
        if self.booking["status"] in KEEPS_ITS_PLACE:
            self._occupy()
        self.rows[Booking].append(self.booking | {"audit_head": self.head})
        return self.rows

    def _occupy(self) -> None:
        self.booking["occupation_id"] = self.number
        self.rows[Occupation].append(
            {
                "id": self.number,
                "resource_id": self.resource,
                "service_id": self.price.service,
                "begins_at": self.starts_at,
                "starts_at": self.starts_at,
                "ends_at": self.starts_at + self.price.duration,
            }
        )


def reference(number: int) -> str:
    """Spread the numbers over all references; an odd factor never gives one twice."""
    code = number * 0x9E3779B97F & (1 << 40) - 1
    return "BK-" + "".join(REFERENCE_ALPHABET[code >> 5 * place & 31] for place in range(8))


def arrow(before: str, to: str) -> Row:
    return {"from": before, "to": to}


def line(sale: Sale, payment: Row, kind: str, amount: int, stripe_id: str, at: datetime) -> None:
    money = {"amount": amount, "currency": payment["currency"], "stripe_id": stripe_id}
    sale.rows[PaymentTransaction].append(
        {
            "booking_id": sale.number,
            "payment_id": payment["id"],
            "kind": kind,
            **money,
            "occurred_at": at,
            "recorded_at": at,
        }
    )
    sale.tell(at, "stripe", "webhook", f"statement.{kind}", **money)


def event(sale: Sale, kind: str, about: str, note: str, at: datetime) -> None:
    failed = sale.number % 40_000 == 17
    sale.rows[WebhookEvent].append(
        {
            "stripe_event_id": f"evt_bench{sale.number:012}{len(sale.rows[WebhookEvent])}",
            "type": kind,
            "status": "failed" if failed else "processed",
            "payload": None,
            "object_id": about,
            "note": "" if failed else note,
            "attempts": 60 if failed else 1,
            "error": "NotYet: no payment" if failed else "",
            "next_attempt_at": None,
            "created_at": at,
            "received_at": at,
            "processed_at": None if failed else at,
        }
    )
