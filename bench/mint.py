"""Stripe's events as the sandbox writes them, for our payments and refunds, signed and ready to be sent."""

import json
import time
import uuid
from collections.abc import Sequence
from typing import Any

from django.conf import settings

from payments import gateway
from payments.models import Payment
from refunds.models import RefundRecord
from sandbox.client import Sandbox
from sandbox.signing import signature


class Mint:
    """Has one event of each kind made by the sandbox, and copies it."""

    def __init__(self, sandbox: Sandbox) -> None:
        key = uuid.uuid4().hex
        intent = gateway.create_intent(
            key=key,
            amount=4500,
            currency="gbp",
            customer=gateway.create_customer(key=f"{key}c", metadata={})["id"],
            metadata={"booking": "BK-BENCH222", "payment": str(uuid.uuid4())},
        )["id"]
        sandbox.pay(intent)
        marks = {"refund_record": str(uuid.uuid4()), "generation": "1"}
        gateway.create_refund(key=f"{key}r", intent=intent, amount=4500, metadata=marks)
        sandbox.dispute(sandbox.seed(1)[0])
        events = {event["type"]: event for event in sandbox.all("events")}
        self._paid = events["payment_intent.succeeded"]
        self._refunded = events["refund.created"] | {"type": "refund.updated"}
        self._of_charge = [events["charge.refunded"], events["charge.dispute.created"]]

    def paid(self, payment: Payment) -> bytes:
        """payment_intent.succeeded for this payment."""
        metadata = {"payment": str(payment.pk), "booking": payment.booking.reference}
        return _copy(self._paid, id=payment.stripe_payment_intent_id, metadata=metadata)

    def declined(self, payment: Payment) -> bytes:
        """payment_intent.payment_failed: the card was refused, and another may be tried."""
        metadata = {"payment": str(payment.pk), "booking": payment.booking.reference}
        why = {"status": "requires_payment_method", "last_payment_error": {"code": "card_declined"}}
        failed = self._paid | {"type": "payment_intent.payment_failed"}
        return _copy(failed, id=payment.stripe_payment_intent_id, metadata=metadata, **why)

    def of_charge(self, payment: Payment, number: int) -> bytes:
        """charge.refunded and charge.dispute.created in turn: kept until the worker has asked Stripe."""
        event = self._of_charge[number % len(self._of_charge)]
        return _copy(event, payment_intent=payment.stripe_payment_intent_id)

    def refunded(self, record: RefundRecord) -> bytes:
        """refund.updated, now succeeded, for a record that was pending."""
        metadata = {"refund_record": str(record.pk), "generation": "1"}
        intent = record.payment.stripe_payment_intent_id
        return _copy(self._refunded, id=record.stripe_refund_id, metadata=metadata, payment_intent=intent)


def _copy(event: dict[str, Any], **changes: Any) -> bytes:
    made = dict(event)
    made["id"] = f"evt_{uuid.uuid4().hex[:24]}"
    made["created"] = int(time.time())
    made["data"] = {**event["data"], "object": event["data"]["object"] | changes}
    return json.dumps(made).encode()


def signed(bodies: Sequence[bytes]) -> list[dict[str, str]]:
    """The header of each, good for five minutes."""
    secrets, now = settings.STRIPE_WEBHOOK_SECRETS, int(time.time())
    return [{"Stripe_Signature": signature(body, secrets, now)} for body in bodies]
