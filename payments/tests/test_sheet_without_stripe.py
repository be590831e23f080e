"""Opening the payment sheet while Stripe is in trouble: a clear answer, and nothing made twice."""

import pytest

from bookings.models import Booking, Service
from config.tests.world import Customer
from sandbox.client import Sandbox

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]

CALLS = ("/v1/customers", "/v1/payment_intents", "/v1/customer_sessions")


@pytest.fixture
def held(customer: Customer, service: Service) -> Booking:
    return customer.book(service)


@pytest.mark.parametrize("path", CALLS)
@pytest.mark.parametrize("kind", ["rate_limit", "error_before"])
def test_trouble_at_stripe_is_503_with_a_time_to_come_back(
    customer: Customer, held: Booking, sandbox: Sandbox, path: str, kind: str
) -> None:
    sandbox.fault(kind, method="POST", path=path)
    response = customer.api.post("/api/v1/payment/", {"booking_reference": held.reference})
    assert (response.status_code, response.json()["code"]) == (503, "stripe_unavailable")
    assert int(response["Retry-After"]) >= 1
    sandbox.clear_faults()
    assert customer.open_sheet(held) == held.payments.get(status="open").stripe_payment_intent_id
    assert (len(sandbox.all("payment_intents")), len(sandbox.all("customers"))) == (1, 1)


@pytest.mark.parametrize("path", CALLS[:2])
def test_what_stripe_did_without_our_hearing_it_is_not_done_again(
    customer: Customer, held: Booking, sandbox: Sandbox, path: str
) -> None:
    sandbox.fault("answer_lost", method="POST", path=path, count=3)
    customer.post("payment/", {"booking_reference": held.reference}, status=503)
    customer.open_sheet(held)
    assert (len(sandbox.all("payment_intents")), len(sandbox.all("customers"))) == (1, 1)


def test_an_error_that_stripe_keeps_with_the_key_does_not_stay_in_the_way(
    customer: Customer, held: Booking, sandbox: Sandbox
) -> None:
    sandbox.fault("error_after", method="POST", path="/v1/payment_intents", count=1)
    customer.post("payment/", {"booking_reference": held.reference}, status=503)
    sandbox.pay(customer.open_sheet(held))
    customer.postman.deliver()
    assert customer.get(f"booking/{held.reference}/")["status"] == "confirmed"
    assert [line.amount for line in held.transactions.all()] == [4500]


@pytest.mark.parametrize("kind", ["unauthorized", "forbidden"])
def test_a_wrong_key_is_our_fault_and_not_the_customers(
    customer: Customer, held: Booking, sandbox: Sandbox, kind: str
) -> None:
    sandbox.fault(kind)
    answer = customer.post("payment/", {"booking_reference": held.reference}, status=503)
    assert answer["code"] == "stripe_unavailable"


def test_what_stripe_refuses_to_charge_cannot_be_paid(
    customer: Customer, held: Booking, sandbox: Sandbox
) -> None:
    sandbox.fault("refuse", path="/v1/payment_intents", code="amount_too_small", param="amount")
    answer = customer.post("payment/", {"booking_reference": held.reference}, status=409)
    assert answer["code"] == "not_payable"
