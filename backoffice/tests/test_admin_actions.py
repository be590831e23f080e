"""No action that moves money runs on GET, without CSRF, without permission, or twice on a double click."""

import uuid

import pytest
from django.urls import reverse
from pytest_django import Settings

from backoffice.refunds.actions import ON_A_RECORD
from backoffice.tests.desk_world import action_url, form_for, person, signed_in
from bookings.models import Booking
from config.tests.world import Customer, run_workers
from refunds.models import RefundRecord
from sandbox.client import Sandbox

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]
EVERY_ACTION = [action.name for action in ON_A_RECORD]


def goodwill_url(booking: Booking) -> str:
    return reverse("admin:bookings_booking_do", args=[booking.pk, "goodwill"])


def goodwill_form(booking: Booking, amount: str) -> dict[str, str]:
    form = {"seen": f"{booking.status}:", "reason": "Late", "amount": amount}
    return form | {"key": str(uuid.uuid4())}


@pytest.mark.parametrize("action", EVERY_ACTION)
def test_looking_at_an_action_changes_nothing(failed: RefundRecord, action: str) -> None:
    before = RefundRecord.objects.values().get()
    assert signed_in(person("manager")).get(action_url(failed, action)).status_code == 200
    assert RefundRecord.objects.values().get() == before


@pytest.mark.parametrize("action", EVERY_ACTION)
def test_without_the_csrf_token_nothing_happens(failed: RefundRecord, action: str) -> None:
    before = RefundRecord.objects.values().get()
    client = signed_in(person("manager"), checks_csrf=True)
    assert client.post(action_url(failed, action), form_for(failed)).status_code == 403
    assert RefundRecord.objects.values().get() == before


@pytest.mark.parametrize("action", EVERY_ACTION)
@pytest.mark.parametrize("role", ["viewer", "disputes"])
def test_without_the_permission_nothing_happens(failed: RefundRecord, action: str, role: str) -> None:
    before = RefundRecord.objects.values().get()
    client = signed_in(person(role))
    assert client.get(action_url(failed, action)).status_code == 403
    assert client.post(action_url(failed, action), form_for(failed)).status_code == 403
    assert RefundRecord.objects.values().get() == before


def test_a_double_click_on_retry_sends_once(failed: RefundRecord, sandbox: Sandbox) -> None:
    client, form = signed_in(person("refunds")), form_for(failed)
    assert client.post(action_url(failed, "retry"), form).status_code == 302
    second = client.post(action_url(failed, "retry"), form)
    assert (second.status_code, "“Queued”" in second.content.decode()) == (409, True)
    run_workers()
    failed.refresh_from_db()
    assert (failed.status, failed.generation) == ("succeeded", 2)
    assert len(sandbox.refunds_of(failed.payment.stripe_payment_intent_id or "")) == 2  # one came back


def test_an_old_page_does_nothing_when_the_refund_failed_again(
    failed: RefundRecord, customer: Customer, sandbox: Sandbox
) -> None:
    client, form = signed_in(person("refunds")), form_for(failed)
    client.post(action_url(failed, "retry"), form)
    run_workers()
    failed.refresh_from_db()
    sandbox.fail_refund(failed.stripe_refund_id or "")
    customer.postman.deliver()
    assert client.post(action_url(failed, "retry"), form).status_code == 409


def test_a_double_click_on_goodwill_gives_once_and_two_forms_twice(paid: Booking) -> None:
    client, form = signed_in(person("refunds")), goodwill_form(paid, "10.00")
    for _ in range(2):
        assert client.post(goodwill_url(paid), form).status_code == 302
    assert paid.refunds.count() == 1
    client.post(goodwill_url(paid), goodwill_form(paid, "10.00"))
    assert list(paid.refunds.values_list("amount", flat=True)) == [1000, 1000]


@pytest.mark.parametrize("amount", ["0", "-1", "45.01", "1.005", "1e9", "NaN", "ten"])
def test_goodwill_of_another_amount_than_is_possible_is_refused(paid: Booking, amount: str) -> None:
    client = signed_in(person("refunds"))
    assert client.post(goodwill_url(paid), goodwill_form(paid, amount)).status_code == 409
    assert not paid.refunds.exists()


def test_nobody_approves_their_own_whatever_the_form_says(paid: Booking, settings: Settings) -> None:
    settings.APPROVAL_THRESHOLD = 500
    manager = person("manager")
    client = signed_in(manager)
    client.post(goodwill_url(paid), goodwill_form(paid, "10.00") | {"requested_by": "staff:999"})
    record = paid.refunds.get()
    forged = form_for(record, requested_by="staff:999", actor="staff:999")
    assert client.post(action_url(record, "approve"), forged).status_code == 409
    record.refresh_from_db()
    assert (record.status, record.requested_by) == ("on_hold", f"staff:{manager.pk}")
    other = signed_in(person("manager", "other"))
    assert other.post(action_url(record, "approve"), form_for(record)).status_code == 302
    run_workers()
    record.refresh_from_db()
    assert record.status == "succeeded"


def test_a_page_offers_what_fits_and_says_who_may(failed: RefundRecord) -> None:
    page = reverse("admin:refunds_refundrecord_change", args=[failed.pk])
    mine = signed_in(person("refunds")).get(page).content.decode()
    assert action_url(failed, "retry") in mine
    assert action_url(failed, "hold") not in mine
    theirs = signed_in(person("viewer")).get(page).content.decode()
    assert action_url(failed, "retry") not in theirs
    assert "Send again: manager, owner, refunds only" in theirs
