"""Each kind of dispute in a browser, from its page to its end at the bank."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from backoffice.tests.desk_browser import Desk, serious, url_of
from backoffice.tests.desk_world import person
from bookings.models import Booking, Service
from config.tests.world import Customer, Postman
from payments.models import Payment, PurchaseTrace
from refunds.models import Dispute
from refunds.tests.dispute_world import dispute_of, tell
from sandbox.client import Sandbox

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]
WON, LOST = "Won: the money is yours", "Lost: the customer has the money"


@pytest.fixture
def page(desk: Desk) -> Page:
    """Somebody who answers disputes, at their desk."""
    return desk.sit(person("disputes"))


def press(page: Page, words: str) -> None:
    """Press a link or a button of that name, and wait for the next page."""
    with page.expect_navigation():
        page.get_by_role("link", name=words).or_(page.get_by_role("button", name=words)).first.click()


def stage(page: Page, dispute: Dispute, last_words: str) -> None:
    """Look at the dispute and stage what the booking's record says; the last words decide in the sandbox."""
    page.goto(url_of(dispute))
    assert serious(page) == []
    press(page, "Stage evidence")
    page.get_by_label("Anything else").fill(last_words)
    press(page, "Stage evidence")
    expect(page.get_by_text("The evidence is staged at Stripe")).to_be_visible()


def submit(page: Page, *ticks: str) -> None:
    """Read the evidence and hand it in."""
    press(page, "Submit evidence")
    assert serious(page) == []
    expect(page.get_by_role("heading", name="What it costs")).to_be_visible()
    for words in ("I have read this evidence", *ticks):
        page.get_by_label(words).check()
    press(page, "Submit evidence")
    expect(page.get_by_text("Submitted and verified")).to_be_visible()


def end(page: Page, sandbox: Sandbox, postman: Postman, state: str) -> None:
    """The bank decides, and the page says so."""
    sandbox.settle()
    tell(postman)
    page.reload()
    expect(page.get_by_text(state).first).to_be_visible()


def test_a_fraud_dispute_is_won(page: Page, paid: Booking, sandbox: Sandbox, postman: Postman) -> None:
    dispute = dispute_of(paid, sandbox, postman)
    stage(page, dispute, "winning_evidence")
    expect(page.get_by_text("The appointment is still to come, on")).to_be_visible()
    submit(page)
    end(page, sandbox, postman, WON)


def test_what_was_not_received_is_lost_appealed_and_won(
    page: Page, paid: Booking, sandbox: Sandbox, postman: Postman
) -> None:
    dispute = dispute_of(paid, sandbox, postman, reason="product_not_received")
    stage(page, dispute, "losing_evidence")
    submit(page)
    end(page, sandbox, postman, LOST)
    sandbox.open_appeal(dispute.stripe_dispute_id)
    tell(postman)
    page.reload()
    press(page, "Appeal the decision")
    assert serious(page) == []
    page.get_by_label("Why the bank was wrong").fill("They were there, and signed for it.")
    page.get_by_label("I know that an appeal can be filed only once").check()
    press(page, "Appeal the decision")
    expect(page.get_by_text("The appeal is filed")).to_be_visible()
    sandbox.win(dispute.stripe_dispute_id)
    end(page, sandbox, postman, WON)


def test_a_duplicate_names_the_other_charge_and_is_won(
    page: Page, customer: Customer, service: Service, sandbox: Sandbox, postman: Postman
) -> None:
    other = customer.book_and_pay(service, starts_in=timedelta(days=3))
    booking = customer.book_and_pay(service, starts_in=timedelta(days=5))
    dispute = dispute_of(booking, sandbox, postman, reason="duplicate")
    stage(page, dispute, "winning_evidence")
    told = page.locator("dd", has_text="Each charge pays for an appointment of its own")
    expect(told).to_contain_text(other.reference)
    submit(page)
    end(page, sandbox, postman, WON)


def test_a_compliance_dispute_asks_for_its_fee_and_is_lost(
    page: Page, paid: Booking, sandbox: Sandbox, postman: Postman
) -> None:
    dispute = dispute_of(paid, sandbox, postman, reason="noncompliant", case="compliance")
    stage(page, dispute, "losing_evidence")
    expect(page.get_by_text("For this dispute Stripe takes 500 USD")).to_be_visible()
    submit(page, "I agree that Stripe takes 500 USD")
    end(page, sandbox, postman, LOST)


def test_compelling_evidence_is_shown_sent_and_won(
    page: Page, customer: Customer, service: Service, sandbox: Sandbox, postman: Postman
) -> None:
    booking = customer.book_and_pay(service)
    dispute = dispute_of(booking, sandbox, postman, visa_ce3=True)
    assert dispute.payment.paid_at is not None
    for number, days in enumerate((130, 300), start=3):
        older = customer.book_and_pay(service, starts_in=timedelta(days=number))
        then = dispute.payment.paid_at - timedelta(days=days)
        Payment.objects.filter(booking=older).update(paid_at=then)
    for payment in Payment.objects.all():
        known = {"ip": "203.0.113.7", "account": "ada", "card_fingerprint": "fingerprint4242"}
        PurchaseTrace.objects.update_or_create(payment=payment, defaults=known)
    page.goto(url_of(dispute))
    expect(page.get_by_text("Two older payments that nobody disputed")).to_contain_text("the same account")
    stage(page, dispute, "winning_evidence")
    expect(page.get_by_text("Complete: Stripe passes it on under Visa's rule.")).to_be_visible()
    submit(page)
    end(page, sandbox, postman, WON)


def test_an_inquiry_is_refunded_and_ends(
    page: Page, paid: Booking, sandbox: Sandbox, postman: Postman
) -> None:
    dispute = dispute_of(paid, sandbox, postman, inquiry=True)
    page.goto(url_of(dispute))
    expect(page.get_by_text("Answering an inquiry costs nothing.")).to_be_visible()
    press(page, "Refund and end the inquiry")
    page.get_by_label("Reason").fill("They are right.")
    press(page, "Refund and end the inquiry")
    tell(postman)
    end(page, sandbox, postman, "The bank asks no more")


def test_who_does_not_fight_says_so_and_loses(
    page: Page, paid: Booking, sandbox: Sandbox, postman: Postman
) -> None:
    sandbox.smart_disputes("prefer_manual")
    dispute = dispute_of(paid, sandbox, postman)
    page.goto(url_of(dispute))
    expect(page.get_by_text("Stripe makes a packet of its own")).to_be_visible()
    press(page, "Don't fight it")
    page.get_by_label("Reason").fill("Not worth the fee.")
    press(page, "Don't fight it")
    expect(page.get_by_text("Stripe was told not to answer by itself")).to_be_visible()
    sandbox.advance(9 * 24 * 3600 + 60)
    end(page, sandbox, postman, LOST)


def test_a_booking_to_come_shows_what_a_dispute_would_lack(page: Page, paid: Booking) -> None:
    page.goto(url_of(paid))
    expect(page.get_by_role("heading", name="this would be missing")).to_be_visible()
    expect(page.get_by_text("The name and address of the business")).to_be_visible()
    assert serious(page) == []
