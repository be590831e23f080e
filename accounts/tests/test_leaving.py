"""Deleting an account: accepted at once, carried out when nothing is open; nothing of the person stays."""

from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.core import mail, serializers
from django.utils import timezone
from freezegun import freeze_time

from accounts import deletion
from accounts.forgetting import forget_what_ran_out
from accounts.models import Deletion, User
from bookings.audit import By
from bookings.models import Booking, BookingStatus, Service
from bookings.verification import Verification
from config.tests.world import Customer, run_workers
from payments.models import WebhookEvent
from refunds.dispute_response import facts
from refunds.models import Dispute, RefundRecord, SealedPerson
from sandbox.client import Sandbox

pytestmark = pytest.mark.django_db

PASSWORD = "a long pass phrase"


@pytest.fixture
def ada(customer: Customer) -> Customer:
    """Somebody with a password, a name and a phone; still signed in."""
    user = customer.user
    user.name, user.phone = "Ada Lovelace", "+44 20 7946 0000"
    user.save()
    User.objects.filter(pk=user.pk).update(password=_hash(user))
    return customer


def _hash(user: User) -> str:
    user.set_password(PASSWORD)
    return user.password


def leave(customer: Customer, password: str = PASSWORD) -> Any:
    return customer.api.delete("/api/v1/account/", {"password": password})


def everything() -> str:
    rows = [row for model in apps.get_models() for row in model._default_manager.all()]
    return str(serializers.serialize("json", rows, ensure_ascii=False))


def test_with_nothing_open_it_is_done_at_once(ada: Customer, sandbox: Sandbox) -> None:
    answer = leave(ada)
    assert (answer.status_code, answer.json()) == (202, {"state": "erased", "waits_for": []})
    assert not [trace for trace in ("Lovelace", "7946", ada.user.email) if trace in everything()]
    assert leave(ada).status_code == 401


def test_a_wrong_password_changes_nothing(ada: Customer) -> None:
    answer = leave(ada, "wrong")
    assert (answer.status_code, answer.json()["code"]) == (401, "invalid_credentials")
    assert not Deletion.objects.exists()
    ada.get("account/")


def test_an_appointment_to_come_is_waited_for_while_they_are_signed_out(ada: Customer, paid: Booking) -> None:
    answer = leave(ada)
    waits_for = [{"booking_reference": paid.reference, "reason": "appointment"}]
    assert answer.json() == {"state": "waiting", "waits_for": waits_for}
    assert ada.api.get("/api/v1/account/").status_code == 401
    run_workers()
    assert User.objects.get(pk=ada.user.pk).name == "Ada Lovelace"
    Booking.objects.filter(pk=paid.pk).update(status=BookingStatus.COMPLETED)
    with freeze_time(timezone.now() + timedelta(hours=2)):
        run_workers()
        run_workers()  # the mail of what the first round did
    assert User.objects.get(pk=ada.user.pk).name == ""
    assert Deletion.objects.get().erased_at is not None
    assert (mail.outbox[-1].subject, mail.outbox[-1].to) == ("Your account is deleted", [ada.user.email])
    assert list(Verification().breaks()) == []


def test_the_last_mail_is_in_the_language_that_they_read(ada: Customer, paid: Booking) -> None:
    User.objects.filter(pk=ada.user.pk).update(language="de")
    leave(ada)
    Booking.objects.filter(pk=paid.pk).update(status=BookingStatus.COMPLETED)
    with freeze_time(timezone.now() + timedelta(hours=2)):
        deletion.carry_out_due(timezone.now)
        run_workers()
    assert mail.outbox[-1].subject == "Ihr Konto ist gelöscht"


def test_a_refund_is_waited_for_and_for_the_month_in_which_it_may_come_back(
    ada: Customer, paid: Booking
) -> None:
    ada.cancel(paid)
    assert [waiting["reason"] for waiting in leave(ada).json()["waits_for"]] == ["refund"]
    run_workers()
    ada.postman.deliver()
    run_workers()
    asked = Deletion.objects.get()
    by = By("system", "worker")
    assert RefundRecord.objects.get().status == "succeeded"
    (waiting,) = deletion.carry_out(asked, by=by, now=timezone.now() + timedelta(days=29))
    assert waiting.reason == "refund_may_return"
    assert deletion.carry_out(asked, by=by, now=timezone.now() + timedelta(days=31)) == []
    assert asked.erased_at


def test_an_open_dispute_is_waited_for(ada: Customer, paid: Booking, sandbox: Sandbox) -> None:
    sandbox.dispute(str(paid.payments.get().stripe_payment_intent_id))
    ada.postman.deliver()
    run_workers()
    Booking.objects.filter(pk=paid.pk).update(status=BookingStatus.COMPLETED)
    assert [waiting["reason"] for waiting in leave(ada).json()["waits_for"]] == ["dispute"]


def test_a_dispute_that_comes_later_still_names_them_and_only_for_a_while(
    ada: Customer, paid: Booking, sandbox: Sandbox
) -> None:
    Booking.objects.filter(pk=paid.pk).update(status=BookingStatus.COMPLETED)
    assert leave(ada).json()["state"] == "erased"
    assert "Lovelace" not in everything()
    sandbox.dispute(str(paid.payments.get().stripe_payment_intent_id))
    ada.postman.deliver()
    run_workers()
    told = facts.of(Dispute.objects.get(), timezone.now())
    assert (told.customer_name, told.customer_email) == ("Ada Lovelace", ada.user.email)
    forget_what_ran_out(lambda: timezone.now() + timedelta(days=190))
    assert not SealedPerson.objects.exists()
    assert facts.of(Dispute.objects.get(), timezone.now()).customer_name == f"erased-{ada.user.pk}"


def test_events_that_name_them_are_emptied_whatever_they_are_about(ada: Customer) -> None:
    for number, payload in enumerate(({"email": ada.user.email}, {"email": "other@example.com"})):
        WebhookEvent.objects.create(
            stripe_event_id=f"evt_{number}", type="customer.updated", status="ignored", payload=payload
        )
    leave(ada)
    assert [event.payload is None for event in WebhookEvent.objects.order_by("pk")] == [True, False]


def test_staff_cannot_leave_by_themselves(ada: Customer) -> None:
    User.objects.filter(pk=ada.user.pk).update(is_staff=True)
    answer = leave(ada)
    assert (answer.status_code, answer.json()["code"]) == (409, "is_staff")
    ada.get("account/")


def test_stripe_out_of_reach_only_delays_it(ada: Customer, service: Service, sandbox: Sandbox) -> None:
    ada.open_sheet(ada.book(service))
    Booking.objects.update(status=BookingStatus.EXPIRED)
    sandbox.fault("outage", path="/v1/customers/*", method="DELETE")
    assert leave(ada).json() == {"state": "waiting", "waits_for": []}
    assert Deletion.objects.get().last_error
    sandbox.clear_faults()
    with freeze_time(timezone.now() + timedelta(hours=2)):
        run_workers()
    assert Deletion.objects.get().erased_at is not None
