"""Money came in, or did not: whatever order Stripe tells it in, the payment ends where Stripe has it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from bookings.audit import By
from bookings.models import AuditEntry, Booking, Service
from config.tests.world import Customer, Postman
from payments import capture, ours
from payments.events.event_handlers import NotYet
from payments.models import Payment
from sandbox.client import Sandbox

STRIPE = By("stripe", "webhook")
AT = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)


@pytest.fixture
def open_payment(customer: Customer, service: Service) -> Payment:
    booking = customer.book(service)
    customer.open_sheet(booking)
    return booking.payments.get()


def told(sandbox: Sandbox, payment: Payment) -> dict[str, Any]:
    """The payment's intent as Stripe shows it now."""
    return sandbox.all("payment_intents", id=payment.stripe_payment_intent_id)[0]


def apply(intent: dict[str, Any]) -> str:
    return capture.apply_intent(intent, by=STRIPE, now=timezone.now(), at=AT)


def actions(payment: Payment) -> list[str]:
    entries = AuditEntry.objects.filter(booking=payment.booking_id).order_by("id")
    return list(entries.values_list("action", flat=True))


def test_a_payment_is_kept_with_its_charge_its_line_and_the_time_at_which_it_was_made(
    open_payment: Payment, sandbox: Sandbox
) -> None:
    sandbox.pay(str(open_payment.stripe_payment_intent_id))
    intent = told(sandbox, open_payment)
    assert apply(intent) == "paid, booking confirmed"
    open_payment.refresh_from_db()
    line = open_payment.transactions.get()
    assert (open_payment.status, open_payment.orphaned, open_payment.paid_at) == ("succeeded", False, AT)
    assert open_payment.stripe_charge_id == intent["latest_charge"]
    assert (line.kind, line.amount, line.currency) == ("payment", 4500, "gbp")
    assert (line.stripe_id, line.occurred_at) == (intent["id"], AT)
    assert Booking.objects.get(pk=open_payment.booking_id).status == "confirmed"
    assert apply(intent) == ""


@pytest.mark.parametrize(("received", "counts"), [(4400, 4400), (None, 4500)])
def test_what_was_received_counts_where_stripe_says_it(
    open_payment: Payment, sandbox: Sandbox, received: int | None, counts: int
) -> None:
    sandbox.pay(str(open_payment.stripe_payment_intent_id))
    apply(told(sandbox, open_payment) | {"amount_received": received})
    open_payment.refresh_from_db()
    assert open_payment.transactions.get().amount == counts
    assert open_payment.orphaned == (counts != 4500)


def test_who_told_it_stands_in_the_trail(open_payment: Payment, sandbox: Sandbox) -> None:
    sandbox.pay(str(open_payment.stripe_payment_intent_id))
    apply(told(sandbox, open_payment))
    entry = AuditEntry.objects.get(booking=open_payment.booking_id, action="payment.succeeded")
    assert (entry.actor, entry.source) == ("stripe", "webhook")


def test_declined_the_customer_may_try_again_and_it_is_told_once(
    open_payment: Payment, sandbox: Sandbox
) -> None:
    sandbox.decline(str(open_payment.stripe_payment_intent_id))
    intent = told(sandbox, open_payment)
    assert apply(intent) == "declined: card_declined"
    assert apply(intent) == ""
    open_payment.refresh_from_db()
    assert (open_payment.status, open_payment.last_error) == ("open", "card_declined")
    assert actions(open_payment).count("payment.declined") == 1
    declined = AuditEntry.objects.get(booking=open_payment.booking_id, action="payment.declined")
    assert declined.detail == {"id": str(open_payment.pk), "code": "card_declined"}


def test_declined_for_another_reason_is_told_again(open_payment: Payment, sandbox: Sandbox) -> None:
    sandbox.decline(str(open_payment.stripe_payment_intent_id))
    apply(told(sandbox, open_payment))
    sandbox.pay(str(open_payment.stripe_payment_intent_id), "pm_card_chargeDeclinedExpiredCard")
    assert apply(told(sandbox, open_payment)) == "declined: expired_card"
    assert actions(open_payment).count("payment.declined") == 2


def test_a_decline_without_a_code_is_a_decline(open_payment: Payment, sandbox: Sandbox) -> None:
    intent = told(sandbox, open_payment) | {"last_payment_error": {"type": "card_error"}}
    assert apply(intent) == "declined: declined"


def test_a_fresh_intent_tells_nothing(open_payment: Payment, sandbox: Sandbox) -> None:
    assert apply(told(sandbox, open_payment)) == ""


def test_a_bank_that_takes_its_time_and_then_refuses_leaves_the_payment_open(
    open_payment: Payment, sandbox: Sandbox
) -> None:
    sandbox.pay(str(open_payment.stripe_payment_intent_id), "pm_usBankAccount_insufficientFunds")
    assert apply(told(sandbox, open_payment)) == "payment processing"
    assert apply(told(sandbox, open_payment)) == ""
    sandbox.settle()
    assert apply(told(sandbox, open_payment)) == "declined: insufficient_funds"
    open_payment.refresh_from_db()
    assert (open_payment.status, open_payment.last_error) == ("open", "insufficient_funds")
    moved = AuditEntry.objects.get(
        booking=open_payment.booking_id, action="payment.open", detail__has_key="from"
    )
    assert moved.detail["code"] == "insufficient_funds"


def test_old_news_after_the_payment_changes_nothing(open_payment: Payment, sandbox: Sandbox) -> None:
    intent_id = str(open_payment.stripe_payment_intent_id)
    sandbox.decline(intent_id)
    declined = told(sandbox, open_payment)
    sandbox.pay(intent_id)
    apply(told(sandbox, open_payment))
    for late in (declined, declined | {"status": "processing"}, declined | {"status": "canceled"}):
        assert apply(late) == ""
    open_payment.refresh_from_db()
    assert (open_payment.status, open_payment.last_error) == ("succeeded", "")


@pytest.mark.parametrize("before", ["open", "processing"])
def test_canceled_at_stripe_is_canceled_here(open_payment: Payment, sandbox: Sandbox, before: str) -> None:
    Payment.objects.update(status=before)
    intent = told(sandbox, open_payment) | {"status": "canceled"}
    assert apply(intent) == "payment cancelled"
    assert apply(intent) == ""
    open_payment.refresh_from_db()
    assert open_payment.status == "canceled"


def test_paid_though_we_had_it_as_canceled_is_recorded(open_payment: Payment, sandbox: Sandbox) -> None:
    sandbox.pay(str(open_payment.stripe_payment_intent_id))
    Payment.objects.update(status="canceled")
    assert apply(told(sandbox, open_payment)) == "paid, booking confirmed"


def test_an_intent_whose_id_was_never_saved_is_recognised_by_our_mark(
    open_payment: Payment, sandbox: Sandbox
) -> None:
    sandbox.pay(str(open_payment.stripe_payment_intent_id))
    intent = told(sandbox, open_payment)
    Payment.objects.update(stripe_payment_intent_id=None)
    assert apply(intent) == "paid, booking confirmed"
    open_payment.refresh_from_db()
    assert (open_payment.status, open_payment.stripe_payment_intent_id) == ("succeeded", intent["id"])
    assert open_payment.booking.payments.count() == 1


def test_an_intent_that_lost_our_mark_is_recognised_by_its_id(
    open_payment: Payment, sandbox: Sandbox
) -> None:
    sandbox.pay(str(open_payment.stripe_payment_intent_id))
    assert apply(told(sandbox, open_payment) | {"metadata": {}}) == "paid, booking confirmed"


def test_a_second_intent_gets_a_payment_of_its_own_once_it_brought_money(
    open_payment: Payment, sandbox: Sandbox, postman: Postman
) -> None:
    sandbox.pay(str(open_payment.stripe_payment_intent_id))
    apply(told(sandbox, open_payment))
    second = sandbox.pay_again(str(open_payment.stripe_payment_intent_id))["payment_intent"]
    unpaid = second | {"status": "requires_payment_method", "last_payment_error": {"code": "x"}}
    assert apply(unpaid) == ""
    assert open_payment.booking.payments.count() == 1
    assert apply(second) == "paid where it can't stay, goes back"
    found = open_payment.booking.payments.get(stripe_payment_intent_id=second["id"])
    assert (found.status, found.orphaned, found.amount, found.currency) == ("succeeded", True, 4500, "gbp")
    assert abs(found.created_at - timezone.now()) < timedelta(minutes=1)
    entry = AuditEntry.objects.get(booking=open_payment.booking_id, action="payment.found")
    assert entry.detail == {"id": str(found.pk), "intent": second["id"]}


def test_a_second_intent_of_another_amount_does_not_confirm_the_booking(
    open_payment: Payment, sandbox: Sandbox
) -> None:
    second = sandbox.pay_again(str(open_payment.stripe_payment_intent_id), amount=100)["payment_intent"]
    assert apply(second) == "paid where it can't stay, goes back"
    assert Booking.objects.get(pk=open_payment.booking_id).status == "pending_payment"
    assert open_payment.booking.refunds.get().amount == 100


def test_a_strangers_intent_is_nobodys_business(open_payment: Payment, sandbox: Sandbox) -> None:
    intent = told(sandbox, open_payment)
    for metadata in ({}, None, {"order": "7"}):
        assert apply(intent | {"id": "pi_elsewhere", "metadata": metadata}) == ""


def test_an_intent_with_our_mark_but_no_payment_is_kept_for_later(
    open_payment: Payment, sandbox: Sandbox
) -> None:
    intent = told(sandbox, open_payment)
    marks = ours.marked(payment="7d7a2b1c-0000-4000-8000-000000000000")
    with pytest.raises(NotYet, match="no payment for pi_elsewhere"):
        apply(intent | {"id": "pi_elsewhere", "metadata": marks})


def test_another_installations_intent_is_nobodys_business_even_if_it_names_our_payment(
    open_payment: Payment, sandbox: Sandbox
) -> None:
    intent = told(sandbox, open_payment) | {"id": "pi_elsewhere", "status": "succeeded"}
    other = {"site": "another", "payment": str(open_payment.pk)}
    for metadata in (other, {"payment": "7d7a2b1c-0000-4000-8000-000000000000"}, {"payment": "not an id"}):
        assert apply(intent | {"metadata": metadata}) == ""
    assert open_payment.booking.payments.count() == 1


def test_an_intent_whose_metadata_was_edited_stays_its_own_payments(
    open_payment: Payment, customer: Customer, service: Service, sandbox: Sandbox
) -> None:
    other = customer.book(service, starts_in=timedelta(hours=99))
    customer.open_sheet(other)
    sandbox.pay(str(open_payment.stripe_payment_intent_id))
    named = ours.marked(payment=str(other.payments.get().pk))
    assert apply(told(sandbox, open_payment) | {"metadata": named}) == "paid, booking confirmed"
    assert Booking.objects.get(pk=other.pk).status == "pending_payment"
    assert Booking.objects.get(pk=open_payment.booking_id).status == "confirmed"
