"""The payment sheet: what the app gets, and that it leads to one PaymentIntent however often it is asked."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from bookings.models import Booking, BookingStatus, Service
from config.tests.racing import at_once
from config.tests.world import Customer
from payments import gateway, ours
from payments.models import Payment, StripeCustomer
from sandbox.client import Sandbox

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def held(customer: Customer, service: Service) -> Booking:
    return customer.book(service)


def sheet(customer: Customer, booking: Booking, **more: Any) -> dict[str, Any]:
    return customer.post("payment/", {"booking_reference": booking.reference, **more})


def refused(customer: Customer, booking: Booking) -> tuple[int, str]:
    response = customer.api.post("/api/v1/payment/", {"booking_reference": booking.reference})
    return response.status_code, str(response.json()["code"])


def test_the_sheet_speaks_stripes_own_names(customer: Customer, held: Booking, sandbox: Sandbox) -> None:
    answer = sheet(customer, held)
    intent = sandbox.all("payment_intents")[0]
    assert answer.pop("customerSessionClientSecret").startswith("cuss_")
    assert answer == {
        "paymentIntent": intent["client_secret"],
        "customer": sandbox.all("customers")[0]["id"],
        "publishableKey": "pk_test_sandbox",
        "booking_reference": held.reference,
        "amount": 4500,
        "currency": "gbp",
    }
    assert (intent["amount"], intent["currency"], intent["customer"]) == (4500, "gbp", answer["customer"])
    payment = Payment.objects.get()
    assert intent["metadata"] == ours.marked(booking=held.reference, payment=str(payment.pk))


def test_an_older_app_gets_an_ephemeral_key_of_its_own_version_instead(
    customer: Customer, held: Booking
) -> None:
    answer = sheet(customer, held, mobile_stripe_version="2024-06-20")
    assert answer["ephemeralKey"].startswith("ek_")
    assert "customerSessionClientSecret" not in answer


@pytest.mark.parametrize("version", ["", "latest", "2024-6-20", 20240620, [], None])
def test_what_is_no_version_of_stripes_is_refused(customer: Customer, held: Booking, version: Any) -> None:
    body = {"booking_reference": held.reference, "mobile_stripe_version": version}
    assert customer.post("payment/", body, status=400)["errors"][0]["field"] == "mobile_stripe_version"


@pytest.mark.parametrize("reference", [None, True, [], {}, "", "x" * 99, "\u0000"])
def test_what_is_no_reference_is_refused(customer: Customer, reference: Any) -> None:
    assert customer.post("payment/", {"booking_reference": reference}, status=400)["code"] == "invalid"


def test_the_amount_is_the_bookings_whatever_the_request_says(
    customer: Customer, held: Booking, sandbox: Sandbox
) -> None:
    assert sheet(customer, held, amount=1, currency="jpy")["amount"] == 4500
    assert [(i["amount"], i["currency"]) for i in sandbox.all("payment_intents")] == [(4500, "gbp")]


def test_asked_twice_it_is_the_same_intent(customer: Customer, held: Booking, sandbox: Sandbox) -> None:
    assert sheet(customer, held)["paymentIntent"] == sheet(customer, held)["paymentIntent"]
    assert (len(sandbox.all("payment_intents")), len(sandbox.all("customers"))) == (1, 1)


def test_five_taps_at_once_make_one_intent_and_one_customer(
    customer: Customer, held: Booking, sandbox: Sandbox
) -> None:
    answers = at_once([lambda: sheet(customer, held)] * 5)
    assert len({answer["paymentIntent"] for answer in answers}) == 1
    assert (len(sandbox.all("payment_intents")), len(sandbox.all("customers"))) == (1, 1)
    assert (Payment.objects.count(), StripeCustomer.objects.count()) == (1, 1)


def test_a_declined_card_can_be_followed_by_another_on_the_same_intent(
    customer: Customer, held: Booking, sandbox: Sandbox
) -> None:
    first = customer.pay(held, "pm_card_visa_chargeDeclined")
    customer.postman.deliver()
    assert customer.open_sheet(held) == first
    declines = held.audit_entries.filter(action="payment.declined")
    assert declines.count() == 1
    sandbox.pay(first)
    customer.postman.deliver()
    held.refresh_from_db()
    assert held.status == "confirmed"


def test_an_intent_cancelled_at_stripe_is_replaced(
    customer: Customer, held: Booking, sandbox: Sandbox
) -> None:
    first = customer.open_sheet(held)
    gateway.cancel_intent(first)
    second = customer.open_sheet(held)
    assert second != first
    assert list(held.payments.order_by("created_at").values_list("status", flat=True)) == ["canceled", "open"]


@pytest.mark.parametrize("has_intent", [True, False])
def test_a_customer_deleted_at_stripe_is_made_anew(
    customer: Customer, held: Booking, has_intent: bool
) -> None:
    if has_intent:
        customer.open_sheet(held)
    else:
        customer.open_sheet(customer.book(held.service, starts_in=timedelta(hours=90)))
    gone = str(StripeCustomer.objects.get().stripe_customer_id)
    gateway.delete_customer(gone)
    sheet = customer.post("payment/", {"booking_reference": held.reference})
    assert sheet["customer"] != gone
    intent = gateway.retrieve_intent(sheet["paymentIntent"].split("_secret_")[0])
    assert (intent["customer"], intent["status"]) == (sheet["customer"], "requires_payment_method")
    assert held.payments.filter(status__in=Payment.UNPAID).count() == 1


def test_a_paid_booking_is_not_paid_again_even_before_we_heard_of_it(
    customer: Customer, held: Booking, sandbox: Sandbox
) -> None:
    customer.pay(held)
    assert refused(customer, held) == (409, "already_paid")
    held.refresh_from_db()
    assert held.status == "confirmed"
    customer.postman.deliver()
    assert [line.amount for line in held.transactions.all()] == [4500]


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (BookingStatus.CONFIRMED, "already_paid"),
        (BookingStatus.COMPLETED, "already_paid"),
        (BookingStatus.CANCELLED, "not_payable"),
        (BookingStatus.EXPIRED, "hold_expired"),
    ],
)
def test_only_a_booking_that_waits_can_be_paid(
    customer: Customer, held: Booking, sandbox: Sandbox, status: str, code: str
) -> None:
    Booking.objects.update(status=status, cancelled_at=timezone.now(), hold_expires_at=None)
    assert refused(customer, held) == (409, code)
    assert sandbox.all("payment_intents") == []


def test_a_hold_that_ran_out_cannot_be_paid(customer: Customer, held: Booking) -> None:
    Booking.objects.update(hold_expires_at=timezone.now())
    assert refused(customer, held) == (409, "hold_expired")


def test_what_has_started_cannot_be_paid(customer: Customer, held: Booking) -> None:
    now = timezone.now()
    Booking.objects.update(starts_at=now, ends_at=now + timedelta(hours=1))
    assert refused(customer, held) == (409, "not_payable")
