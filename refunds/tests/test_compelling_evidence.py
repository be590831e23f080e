"""Visa's Compelling Evidence 3.0: two older payments that nobody disputed, made by the same hand."""

from datetime import timedelta

import pytest
from django.utils import timezone

from bookings.audit import By
from bookings.models import Booking, Service
from config.tests.world import Customer, Postman
from payments.models import Payment, PurchaseTrace
from refunds.dispute_response import compelling, draft, filing
from refunds.dispute_response.draft import CE3
from refunds.models import Dispute
from refunds.tests.dispute_world import dispute_of, submit
from sandbox.client import Sandbox

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]
IP, DEVICE, CARD = "203.0.113.7", "the-phone-of-ada", "fingerprint4242"


def paid_days_before(
    dispute: Dispute, customer: Customer, service: Service, days: int, **trace: str
) -> Payment:
    """Another payment of the same customer, by the same hand unless `trace` says otherwise."""
    booking = customer.book_and_pay(service, starts_in=timedelta(days=3 + Payment.objects.count()))
    payment = booking.payments.get()
    assert dispute.payment.paid_at is not None
    Payment.objects.filter(pk=payment.pk).update(paid_at=dispute.payment.paid_at - timedelta(days=days))
    known_by(payment, **trace)
    return payment


def known_by(payment: Payment, **trace: str) -> None:
    given = {"ip": IP, "install_id": DEVICE, "account": "ada", "card_fingerprint": CARD} | trace
    PurchaseTrace.objects.update_or_create(payment=payment, defaults=given)


@pytest.fixture
def offered(paid: Booking, sandbox: Sandbox, postman: Postman) -> Dispute:
    """Disputed as fraud, and Stripe offers Visa's programme."""
    dispute = dispute_of(paid, sandbox, postman, visa_ce3=True)
    known_by(dispute.payment)
    return dispute


def test_two_that_match_are_picked_and_it_is_shown_why(
    offered: Dispute, customer: Customer, service: Service
) -> None:
    older = {paid_days_before(offered, customer, service, days) for days in (130, 300)}
    found = compelling.find(offered)
    assert set(found.payments) == older
    assert found.shared == ["the same internet address", "the same device", "the same account"]
    assert found.evidence["disputed_transaction"]["customer_purchase_ip"] == IP
    assert {sale["charge"] for sale in found.evidence["prior_undisputed_transactions"]} == {
        payment.stripe_charge_id for payment in older
    }


@pytest.mark.parametrize(("days", "fits"), [(119, False), (120, True), (365, True), (366, False)])
def test_only_120_to_365_days_older_ones_count(
    offered: Dispute, customer: Customer, service: Service, days: int, fits: bool
) -> None:
    paid_days_before(offered, customer, service, 200)
    paid_days_before(offered, customer, service, days)
    found = compelling.find(offered)
    assert (bool(found.payments), bool(found.why_not)) == (fits, not fits)


@pytest.mark.parametrize(
    ("trace", "shared"),
    [
        ({"ip": "198.51.100.1"}, ["the same device", "the same account"]),
        ({"install_id": "another-phone-of-hers"}, ["the same internet address", "the same account"]),
        ({"account": "countess"}, ["the same internet address", "the same device"]),
        ({"ip": "198.51.100.1", "account": "countess"}, []),
        ({"ip": "198.51.100.1", "install_id": "another-phone-of-hers"}, []),
        ({"card_fingerprint": "of another card"}, []),
    ],
)
def test_address_and_device_or_one_of_them_and_the_account_must_match(
    offered: Dispute, customer: Customer, service: Service, trace: dict[str, str], shared: list[str]
) -> None:
    for days in (150, 200):
        paid_days_before(offered, customer, service, days, **trace)
    assert list(compelling.find(offered).shared) == shared


def test_a_disputed_or_refunded_payment_proves_nothing(
    offered: Dispute, customer: Customer, service: Service, sandbox: Sandbox, postman: Postman
) -> None:
    good, disputed, refunded = (paid_days_before(offered, customer, service, d) for d in (150, 160, 170))
    dispute_of(disputed.booking, sandbox, postman)
    customer.cancel(refunded.booking)
    found = compelling.find(offered)
    assert found.why_not.startswith("There are no two undisputed payments")
    assert good.disputes.count() == 0


def test_what_is_not_known_is_said(offered: Dispute, customer: Customer, service: Service) -> None:
    for days in (150, 200):
        paid_days_before(offered, customer, service, days)
    PurchaseTrace.objects.filter(payment=offered.payment).update(ip=None, install_id="")
    assert "isn't known from which address" in compelling.find(offered).why_not
    customer.user.is_active = False
    customer.user.save()
    offered.refresh_from_db()
    assert "was erased" in compelling.find(Dispute.objects.get(pk=offered.pk)).why_not


def test_where_stripe_does_not_offer_it_nothing_is_filled_in(disputed: Dispute) -> None:
    known_by(disputed.payment)
    assert compelling.find(disputed) == compelling.Found()


def test_staged_it_qualifies_and_submitted_it_goes_along(
    offered: Dispute, customer: Customer, service: Service, staff: By, sandbox: Sandbox
) -> None:
    for days in (150, 200):
        paid_days_before(offered, customer, service, days)
    texts = draft.of(offered, timezone.now()).texts
    filing.stage(offered, texts=texts, by=staff, now=timezone.now())
    offered.refresh_from_db()
    assert compelling.asked_for(offered) == ("Complete: Stripe passes it on under Visa's rule", [])
    submit(offered, staff)
    assert offered.verified_at is not None
    given = at_stripe_of(sandbox, offered)["evidence"]["enhanced_evidence"][CE3]
    assert len(given["prior_undisputed_transactions"]) == 2


def test_what_stripe_still_asks_for_is_said_in_plain_words(
    offered: Dispute, customer: Customer, service: Service, staff: By, sandbox: Sandbox
) -> None:
    state, asked = compelling.asked_for(offered)
    assert state == "Stripe still misses something"
    assert "Two older, undisputed payments are missing." in asked
    assert all(line.endswith(".") for line in asked)
    assert len(asked) == len(compelling.ACTIONS)


def test_what_no_longer_matches_is_taken_out_at_stripe(
    offered: Dispute, customer: Customer, service: Service, staff: By, sandbox: Sandbox
) -> None:
    for days in (150, 200):
        paid_days_before(offered, customer, service, days)
    filing.stage(offered, texts={"customer_name": "Ada"}, by=staff, now=timezone.now())
    PurchaseTrace.objects.all().delete()
    filing.stage(offered, texts={"customer_name": "Ada"}, by=staff, now=timezone.now())
    assert at_stripe_of(sandbox, offered)["evidence"]["enhanced_evidence"] == {}


def at_stripe_of(sandbox: Sandbox, dispute: Dispute) -> dict[str, dict[str, dict[str, dict[str, list[str]]]]]:
    (found,) = sandbox.all("disputes", id=dispute.stripe_dispute_id)
    return found
