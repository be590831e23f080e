"""Invent sales with all that hangs on them, as the system itself would have written it.

The same number gives the same sale; audit chains verify and statements add up.
"""

from datetime import datetime, timedelta

from bench.diary import Place, Price
from bench.sale import NOTICE, Row, Sale, arrow, event, line
from bookings.models import Message
from payments.models import Payment
from refunds import policy
from refunds.models import Dispute, EarlyFraudWarning, RefundRecord, RefundRule


def invent(
    number: int, *, customer: int, price: Price, place: Place, made_at: datetime, now: datetime
) -> dict[type, list[Row]]:
    """Everything about one sale: most are paid and take place, one in eight is cancelled."""
    sale = Sale(number, customer=customer, price=price, place=place, made_at=made_at, now=now)
    money = {"amount": price.amount, "currency": price.currency}
    sale.tell(sale.made_at, sale.customer, "api", "booking.held", **money)
    fate = sale.chance.random()
    if fate < 0.05:
        at = sale.made_at + timedelta(minutes=16)
        sale.booking["status"] = "expired"
        sale.tell(at, "system", "worker", "booking.expired", **arrow("pending_payment", "expired"))
        return sale.finished()
    payment = pay(sale, money)
    if fate < 0.175:
        cancel(sale, payment, in_time=fate < 0.14)
    elif sale.starts_at + price.duration < now:
        at = sale.starts_at + price.duration
        ended = "no_show" if fate < 0.195 else "completed"
        sale.booking["status"] = ended
        sale.tell(at, "system", "worker", f"booking.{ended}", **arrow("confirmed", ended))
        if fate > 0.99:  # far more than there are, so that the list is full at any size
            dispute(sale, payment, at + timedelta(days=9))
    return sale.finished()


def pay(sale: Sale, money: Row) -> Row:
    key, intent, at = sale.uuid(), f"pi_bench{sale.number:012}", sale.made_at + timedelta(minutes=4)
    payment = {
        "id": key,
        "booking_id": sale.number,
        **money,
        "status": "succeeded",
        "stripe_payment_intent_id": intent,
        "stripe_charge_id": f"ch_bench{sale.number:012}",
        "card_brand": "visa",
        "card_last4": "4242",
        "created_at": sale.made_at,
        "paid_at": at,
    }
    sale.rows[Payment].append(payment)
    sale.tell(sale.made_at, sale.customer, "api", "payment.open", id=str(key), **money)
    sale.tell(at, "stripe", "webhook", "payment.succeeded", **arrow("open", "succeeded"), id=str(key))
    line(sale, payment, "payment", money["amount"], intent, at)
    sale.tell(at, "stripe", "webhook", "booking.confirmed", **arrow("pending_payment", "confirmed"))
    sale.booking["status"] = "confirmed"
    event(sale, "payment_intent.succeeded", intent, "paid, booking confirmed", at)
    mail(sale, at)
    return payment


def mail(sale: Sale, at: datetime) -> None:
    """The confirmation, sent."""
    sale.rows[Message].append(
        {
            "key": f"bench:{sale.number}:confirmed",
            "kind": "booking_confirmed",
            "to": "customer",
            "booking_id": sale.number,
            "created_at": at,
            "sent_at": at + timedelta(seconds=3),
        }
    )


def cancel(sale: Sale, payment: Row, *, in_time: bool) -> None:
    """Cancelled in time the money goes back, but for the few that need a person."""
    notice = NOTICE + timedelta(hours=1) if in_time else NOTICE / 2
    at = min(sale.starts_at - notice, sale.now)
    amount = payment["amount"]
    terms = policy.Terms(
        sale.starts_at, NOTICE, sale.starts_at - NOTICE, amount, amount, by_business=False, now=at
    )
    decision = policy.decide(terms)
    sale.booking |= {"status": "cancelled", "cancelled_at": at}
    why = arrow("confirmed", "cancelled") | {"rule": str(decision.rule), "refund": decision.amount}
    sale.tell(at, sale.customer, "api", "booking.cancelled", **why)
    record = refund_record(sale, payment, decision, at) | {"decision": policy.receipt(terms, decision)}
    if decision.rule == RefundRule.IN_TIME:
        send(sale, payment, record)
    sale.rows[RefundRecord].append(record)


def refund_record(sale: Sale, payment: Row, decision: policy.Decision, at: datetime) -> Row:
    status = "queued" if decision.amount else "not_due"
    key, rule = sale.uuid(), str(decision.rule)
    money = {"amount": decision.amount, "currency": payment["currency"]}
    sale.tell(at, sale.customer, "api", f"refund.{status}", id=str(key), rule=rule, **money)
    return {
        "id": key,
        "booking_id": sale.number,
        "payment_id": payment["id"],
        **money,
        "status": status,
        "rule": rule,
        "requested_by": sale.customer,
        "requested_at": at,
        "settled_at": None,
        "stripe_refund_id": None,
        "attempts": 0,
        "last_error": "",
        "first_sent_at": None,
    }


def send(sale: Sale, payment: Row, record: Row) -> None:
    key, at = str(record["id"]), record["requested_at"] + timedelta(seconds=2)
    refund = f"re_bench{sale.number:012}"
    sale.tell(at, "system", "worker", "refund.sending", **arrow("queued", "sending"), id=key)
    sent = {"attempts": 1, "first_sent_at": at}
    if sale.chance.random() < 0.0002:
        why = arrow("sending", "needs_attention") | {"code": "charge_not_refundable"}
        sale.tell(at, "system", "worker", "refund.needs_attention", **why, id=key)
        record |= sent | {"status": "needs_attention", "last_error": "charge_not_refundable"}
        return
    sale.tell(
        at, "system", "worker", "refund.succeeded", **arrow("sending", "succeeded"), refund=refund, id=key
    )
    line(sale, payment, "refund", -record["amount"], refund, at)
    record |= sent | {"status": "succeeded", "stripe_refund_id": refund, "settled_at": at}
    event(sale, "refund.created", refund, "refund succeeded", at)


def dispute(sale: Sale, payment: Row, at: datetime) -> None:
    """A chargeback after the appointment: still open if it is recent, else lost."""
    if at >= sale.now:
        return
    name, is_open = f"du_bench{sale.number:012}", at > sale.now - timedelta(days=14)
    status = "needs_response" if is_open else "lost"
    sale.rows[Dispute].append(
        {
            "booking_id": sale.number,
            "payment_id": payment["id"],
            "stripe_dispute_id": name,
            "amount": payment["amount"],
            "currency": payment["currency"],
            "reason": "fraudulent",
            "status": status,
            "is_open": is_open,
            "is_charge_refundable": False,
            "opened_at": at,
            "evidence_due_by": at + timedelta(days=18),
        }
    )
    if sale.number % 2:
        warn(sale, payment, at - timedelta(days=3))
    sale.tell(
        at, "stripe", "webhook", "dispute.opened", id=name, reason="fraudulent", amount=payment["amount"]
    )
    line(sale, payment, "chargeback", -payment["amount"], name, at)
    if not is_open:
        closed_at = at + timedelta(days=14)
        told = arrow("needs_response", "lost") | {"id": str(sale.number)}
        sale.tell(closed_at, "stripe", "webhook", "dispute.lost", **told)


def warn(sale: Sale, payment: Row, at: datetime) -> None:
    """The card network had suspected fraud before."""
    sale.rows[EarlyFraudWarning].append(
        {
            "booking_id": sale.number,
            "payment_id": payment["id"],
            "stripe_id": f"issfr_bench{sale.number:012}",
            "fraud_type": "misc",
            "actionable": False,
            "warned_at": at,
        }
    )
