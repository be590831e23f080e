"""The sentences of the evidence, one function for each of Stripe's fields; tense by the clock."""

from collections.abc import Callable
from datetime import datetime

from bookings.models import BookingStatus
from core.language import exactly, span
from core.money import in_words
from payments.models import Payment
from refunds.dispute_response.facts import Facts, Visit
from refunds.models import RefundRecord, RefundRule, RefundStatus


def product(facts: Facts) -> str:
    """What was sold, by whom, and whether it took place."""
    booking = facts.booking
    length = exactly(booking.ends_at - booking.starts_at)
    seller = f" at {place}" if (place := _place(facts)) else ""
    person = f" with {booking.resource.name}" if booking.resource else ""
    sold = (
        f"{facts.service}: an appointment of {length}{person}{seller} on {when(facts, booking.starts_at)}, "
        f"{_booked(facts)} as {booking.reference} and paid for with "
        f"{in_words(booking.amount, booking.currency)}."
    )
    return " ".join(filter(None, (sold, _moved(facts), took_place(facts))))


def _place(facts: Facts) -> str:
    business = facts.business
    return ", ".join(filter(None, (business.name, " ".join(business.address.split()))))


def _booked(facts: Facts) -> str:
    if facts.agreed:
        return "booked online by the customer"
    return "booked for the customer by the business" if facts.booked_by else "booked"


def _moved(facts: Facts) -> str:
    if not facts.moved:
        return ""
    return f"It had been moved to that time on {when(facts, facts.moved[-1])}."


def took_place(facts: Facts) -> str:
    """Whether the appointment took place, as far as anybody wrote down; "" for a cancelled one."""
    booking = facts.booking
    if facts.is_to_come:
        return "The appointment is still to come, and the customer can come to it."
    if booking.status == BookingStatus.NO_SHOW:
        return "The customer did not come; the time was kept for them."
    if booking.arrived_at:
        return f"The customer came: their arrival was noted on {when(facts, booking.arrived_at)}."
    if booking.status == BookingStatus.COMPLETED:
        return "The business's calendar has it as having taken place."
    if booking.status == BookingStatus.CONFIRMED:
        return "It has begun." if booking.ends_at > facts.now else "It was never called off."
    return ""


def service_date(facts: Facts) -> str:
    date = f"{facts.booking.starts_at.astimezone(facts.zone):%-d %B %Y}"
    return f"{date} (still to come)" if facts.is_to_come else date


def terms(facts: Facts) -> str:
    """The terms, and how they were agreed."""
    booking = facts.booking
    rule = (
        f"cancelling at least {exactly(facts.notice)} before the appointment gives everything back; later, "
        "nothing is given back."
    )
    until, made = when(facts, booking.refundable_until), when(facts, booking.created_at)
    if not facts.agreed:
        return f"Booked on {made} on these terms: {rule} Everything was given back until {until}."
    given = "is" if booking.refundable_until > facts.now and facts.is_to_come else "was"
    return (
        f"The customer agreed to these terms when booking on {made}: {rule} For this booking everything "
        f"{given} given back until {until}. The app shows that time with the booking, and what a "
        "cancellation gives back before it is confirmed."
    )


def rebuttal(facts: Facts) -> str:
    """Who cancelled, when, and what they were shown; or that nobody did."""
    booking, record = facts.booking, facts.decision
    if facts.is_to_come:
        return "The booking is not cancelled; until it begins the customer can do so in the app."
    if booking.status in (BookingStatus.CONFIRMED, BookingStatus.COMPLETED, BookingStatus.NO_SHOW):
        return "The booking was never cancelled; until it began the customer could do so in the app."
    if booking.cancelled_at is None:
        return ""
    ahead = span(booking.starts_at - booking.cancelled_at)
    text = f"{facts.cancelled_by} cancelled on {when(facts, booking.cancelled_at)}, {ahead} before it began."
    if record is not None and record.rule == RefundRule.TOO_LATE:
        text += f" The agreed terms ask for {exactly(facts.notice)}."
    if facts.shown_refund is not None:
        shown = in_words(facts.shown_refund, booking.currency)
        text += f" Before confirming, the customer was shown that {shown} would be given back, and agreed."
    return text


def refund(facts: Facts) -> str:
    """What was given back, is on its way, or why nothing is due."""
    told = [_given(facts, record) for record in facts.refunds]
    if any(told):
        return " ".join(filter(None, told))
    record = facts.decision
    if record is not None and record.rule == RefundRule.TOO_LATE:
        return "No refund is due under the terms that the customer agreed to."
    return ""


def _given(facts: Facts, record: RefundRecord) -> str:
    money = in_words(record.amount, record.currency)
    if record.status == RefundStatus.SUCCEEDED and record.settled_at:
        trace = f", bank reference {record.bank_reference}" if record.bank_reference else ""
        done = f"{when(facts, record.settled_at)} ({record.stripe_refund_id}{trace})"
        return f"{money} was refunded to the original card on {done}."
    if record.status == RefundStatus.PAID_OTHERWISE and record.settled_at:
        return f"{money} was given back by other means on {when(facts, record.settled_at)}."
    if record.status in (RefundStatus.SENDING, RefundStatus.UNKNOWN, RefundStatus.PENDING):
        return f"{money} is on its way back to the original card since {when(facts, record.requested_at)}."
    if record.status == RefundStatus.ON_HOLD and record.held_for == "dispute":
        return (
            f"A refund of {money} was decided on {when(facts, record.requested_at)}. It waits only because "
            "of this dispute: sent now, the customer would be paid twice."
        )
    return ""


def log(facts: Facts) -> str:
    return "\n".join(f"{when(facts, step.at)}  {step.who}: {step.what}" for step in facts.trail)


def more(facts: Facts) -> str:
    """Mails that went out, and other bookings of the same customer."""
    parts = []
    if facts.messages:
        sent = [f"{when(facts, at)}: {kind.replace('_', ' ')}" for at, kind in facts.messages]
        parts.append("E-mails sent to the customer:\n" + "\n".join(sent))
    if facts.visits:
        visits = [
            f"{when(facts, v.starts_at)}: {v.service} ({v.reference}), {v.status}" for v in facts.visits
        ]
        parts.append("Other bookings of the same customer:\n" + "\n".join(visits))
    return "\n\n".join(parts)


def other_charge(facts: Facts) -> str:
    if facts.second_payments:
        return facts.second_payments[0].stripe_charge_id
    visit = _look_alike(facts)
    return visit.charge if visit else ""


def _look_alike(facts: Facts) -> Visit | None:
    """The other paid booking that is most likely taken for this one: of the same price, then the nearest."""
    paid = [visit for visit in facts.visits if visit.charge]
    booking = facts.booking
    return min(
        paid,
        key=lambda v: (v.amount != booking.amount, abs(v.booked_at - booking.created_at)),
        default=None,
    )


def not_duplicate(facts: Facts) -> str:
    if facts.second_payments:
        return _second_payment(facts, facts.second_payments[0])
    other = _look_alike(facts)
    if other is None:
        return ""
    return (
        f"Each charge pays for an appointment of its own: this one for {facts.booking.reference} on "
        f"{when(facts, facts.booking.starts_at)}, the other for {other.reference} on "
        f"{when(facts, other.starts_at)}."
    )


def _second_payment(facts: Facts, other: Payment) -> str:
    back = [_given(facts, record) for record in facts.refunds if record.payment_id == other.pk]
    came = (
        f"A second payment for the same booking came in on {when(facts, other.paid_at or other.created_at)}."
    )
    return " ".join(filter(None, (came, *back)))


def when(facts: Facts, moment: datetime) -> str:
    """A moment in the business's zone."""
    return f"{moment.astimezone(facts.zone):%-d %B %Y, %H:%M %Z}"


WRITERS: dict[str, Callable[[Facts], str]] = {
    "customer_name": lambda facts: facts.customer_name,
    "customer_email_address": lambda facts: facts.customer_email,
    "customer_purchase_ip": lambda facts: facts.purchase_ip,
    "product_description": product,
    "service_date": service_date,
    "cancellation_policy_disclosure": terms,
    "cancellation_rebuttal": rebuttal,
    "refund_policy_disclosure": terms,
    "refund_refusal_explanation": refund,
    "access_activity_log": log,
    "duplicate_charge_id": other_charge,
    "duplicate_charge_explanation": not_duplicate,
    "uncategorized_text": more,
}
