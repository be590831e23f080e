"""Where the money stands: figures that add up, one word, and sentences that promise no more than is true."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from backoffice.refunds import words as refund_words
from bookings.models import Booking, BookingStatus, Service
from config.tests.world import TOO_LATE, Customer, run_workers
from core.language import span
from payments.books.statement import Balance
from payments.models import Payment
from refunds import account
from refunds.models import Dispute, RefundRecord, RefundRule, RefundStatus
from refunds.tests.workshop import intent_of
from refunds.wording import customer as words
from sandbox.client import Sandbox

pytestmark = [pytest.mark.django_db, pytest.mark.once]

UTC_ZONE = ZoneInfo("UTC")
SEEN = ("status", "paid", "refunded", "in_progress")


def figures(customer: Customer, booking: Booking) -> tuple[object, ...]:
    answer = customer.refund_status(booking)
    return tuple(answer[name] for name in SEEN)


def test_the_answer_is_as_the_contract_says(customer: Customer, paid: Booking) -> None:
    customer.cancel(paid)
    run_workers()
    record = paid.refunds.get()
    sent = f"£45.00 was sent back to your card on {record.settled_at:%-d %B}. {words.ARRIVES}"
    answer = customer.refund_status(paid)
    refund = answer["refunds"][0]
    assert (refund.pop("requested_at")[-1], refund.pop("settled_at")[-1]) == ("Z", "Z")
    assert answer == {
        "booking_reference": paid.reference,
        "booking_status": "cancelled",
        "currency": "gbp",
        "paid": 4500,
        "refunded": 4500,
        "in_progress": 0,
        "status": "succeeded",
        "message": sent,
        "refunds": [
            {
                "id": str(record.pk),
                "amount": 4500,
                "currency": "gbp",
                "status": "succeeded",
                "rule": "in_time",
                "message": sent,
            }
        ],
        "dispute": None,
    }


def test_nothing_was_asked_for(customer: Customer, service: Service) -> None:
    booking = customer.book(service)
    assert figures(customer, booking) == ("none", 0, 0, 0)
    customer.pay(booking)
    customer.postman.deliver()
    assert figures(customer, booking) == ("none", 4500, 0, 0)


def test_nothing_is_owed(customer: Customer, service: Service) -> None:
    booking = customer.book(service)
    customer.cancel(booking)
    assert figures(customer, booking) == ("not_due", 0, 0, 0)
    late = customer.book_and_pay(service, starts_in=TOO_LATE)
    customer.cancel(late)
    assert figures(customer, late) == ("not_due", 4500, 0, 0)


def test_a_refund_is_in_progress_until_stripe_has_sent_it(customer: Customer, service: Service) -> None:
    booking = customer.book(service)
    customer.pay(booking, "pm_card_pendingRefund")
    customer.postman.deliver()
    customer.cancel(booking)
    assert figures(customer, booking) == ("in_progress", 4500, 0, 4500)
    run_workers()
    answer = customer.refund_status(booking)
    assert (answer["status"], answer["refunds"][0]["status"]) == ("in_progress", "pending")
    assert figures(customer, booking) == ("in_progress", 4500, 0, 4500)


def test_a_refund_in_the_dashboard_counts_and_cancels_nothing(
    customer: Customer, paid: Booking, sandbox: Sandbox
) -> None:
    sandbox.dashboard_refund(intent_of(paid), 1500)
    customer.postman.deliver("refund.created")
    answer = customer.refund_status(paid)
    assert figures(customer, paid) == ("succeeded", 4500, 1500, 0)
    assert (answer["booking_status"], answer["refunds"][0]["rule"]) == ("confirmed", "dashboard")


@pytest.mark.parametrize("query", ["", "?booking_reference=", "?reference=BK-22222222"])
def test_which_booking_has_to_be_said(customer: Customer, query: str) -> None:
    problem = customer.get(f"payment/refund-status/{query}", status=400)
    assert problem["errors"][0]["field"] == "booking_reference"


def a_record(status: str, held_for: str = "") -> RefundRecord:
    return RefundRecord(
        amount=4500,
        currency="gbp",
        status=status,
        held_for=held_for,
        rule=RefundRule.TOO_LATE if status == "not_due" else RefundRule.IN_TIME,
        settled_at=timezone.now() if status == "succeeded" else None,
    )


def money(*records: RefundRecord, dispute: Dispute | None = None, status: str = "cancelled") -> words.Money:
    """As if each of these records were of a payment of its own."""
    disputes = [dispute] if dispute else []
    books = [_books(record, disputes) for record in records] or [_books(None, disputes)]
    to_come = {key: amount for one in books for key, amount in account.to_come(one).items()}
    sums = [account.add_up(one) for one in books]
    return words.Money(Booking(status=status, currency="gbp"), records, disputes, sums, to_come)


def _books(record: RefundRecord | None, disputes: list[Dispute]) -> account.Books:
    is_out = record is not None and record.status == RefundStatus.SUCCEEDED
    balance = Balance(paid=4500, refunded=4500 if is_out else 0, charged_back=0)
    return account.Books(
        Payment(amount=4500, status="succeeded"), balance, [record] if record else [], disputes
    )


def headline(*records: RefundRecord, dispute: Dispute | None = None, status: str = "cancelled") -> str:
    return words.headline(money(*records, dispute=dispute, status=status))


def lost() -> Dispute:
    return Dispute(amount=4500, status="lost", is_open=False, is_charge_refundable=False)


@pytest.mark.parametrize(
    ("status", "word"),
    [
        ("not_due", "not_due"),
        ("queued", "in_progress"),
        ("sending", "in_progress"),
        ("unknown", "in_progress"),
        ("pending", "in_progress"),
        ("succeeded", "succeeded"),
        ("failed", "failed"),
        ("canceled", "delayed"),
        ("needs_attention", "delayed"),
        ("on_hold", "delayed"),
        ("paid_otherwise", "succeeded"),
        ("withdrawn", "not_due"),
    ],
)
def test_each_state_has_its_word(status: str, word: str) -> None:
    assert headline(a_record(status)) == word
    assert words.of_headline(word, money(a_record(status)), UTC_ZONE)


def test_a_dispute_is_the_word_while_it_is_open() -> None:
    assert headline(a_record("succeeded"), dispute=Dispute(amount=4500, is_open=True)) == "disputed"
    assert (
        headline(a_record("succeeded"), dispute=Dispute(amount=4500, status="won", is_open=False))
        == "succeeded"
    )
    assert headline(a_record("on_hold", held_for="dispute")) == "disputed"


def test_what_the_bank_took_is_told_as_given_by_the_bank() -> None:
    for records in ([], [a_record("settled_by_dispute")]):
        told = money(*records, dispute=lost())
        assert words.headline(told) == "disputed"
        given = "Your bank has given you the £45.00 through the dispute."
        assert words.of_headline("disputed", told, UTC_ZONE) == given


def test_the_worst_news_comes_first() -> None:
    assert headline(a_record("succeeded"), a_record("failed"), a_record("queued")) == "failed"
    assert headline(a_record("succeeded"), a_record("queued")) == "in_progress"
    assert headline(a_record("succeeded"), a_record("on_hold", held_for="staff")) == "delayed"


def test_what_came_back_and_was_partly_given_otherwise_is_told_as_what_is_left(
    customer: Customer, service: Service, sandbox: Sandbox
) -> None:
    booking = customer.book(service)
    customer.pay(booking, "pm_card_refundFail")
    customer.postman.deliver()
    customer.cancel(booking)
    run_workers()
    sandbox.settle()
    customer.postman.deliver()
    assert figures(customer, booking) == ("failed", 4500, 0, 0)
    sandbox.dashboard_refund(intent_of(booking), 2000)
    customer.postman.deliver()
    answer = customer.refund_status(booking)
    assert answer["status"] == "failed"
    assert answer["message"] == (
        "Your bank returned the £45.00 to us. You got a part of it in another way, and £25.00 is still to "
        "come. We will contact you."
    )
    record = booking.refunds.get(status="failed")
    assert "got a part of it in another way: £25.00 is left to give." in refund_words.advice(record)


def test_without_records_the_booking_decides() -> None:
    assert headline(status=BookingStatus.CONFIRMED) == "none"
    assert headline(status=BookingStatus.CANCELLED) == "not_due"


@pytest.mark.parametrize("status", RefundStatus.values)
def test_no_sentence_promises_more_than_stripe_did(status: str) -> None:
    for held_for in ("", "dispute"):
        sentence = words.of_record(a_record(status, held_for), UTC_ZONE).lower()
        assert sentence.endswith(".")
        assert not {"completed", "complete", "stripe"} & set(sentence.rstrip(".").split())


def test_lengths_of_time_are_in_plain_words() -> None:
    assert span(timedelta(hours=26)) == "26 hours"
    assert span(timedelta(hours=1, minutes=1, seconds=59)) == "1 hour 1 minute"
    assert span(timedelta(minutes=59, seconds=59)) == "59 minutes"
