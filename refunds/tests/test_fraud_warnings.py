"""A warning of fraud finds its payment whatever Stripe leaves out, and may refund a small one by itself."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings

from bookings.models import Booking
from config.tests.world import Postman, run_workers
from payments.models import WebhookEvent
from refunds.models import EarlyFraudWarning, RefundStatus
from refunds.tests.dispute_world import tell
from refunds.tests.workshop import mails
from sandbox.client import Sandbox

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]


def warn(booking: Booking, sandbox: Sandbox, postman: Postman, **how: Any) -> None:
    sandbox.early_fraud_warning(booking.payments.get().stripe_charge_id, **how)
    tell(postman)


def test_without_its_payment_intent_it_is_found_by_its_charge(
    paid: Booking, sandbox: Sandbox, postman: Postman
) -> None:
    warn(paid, sandbox, postman, names_intent=False)
    warning = EarlyFraudWarning.objects.get()
    assert (warning.payment, warning.fraud_type) == (paid.payments.get(), "made_with_stolen_card")
    assert "fraud_warning" in mails(paid, "staff")


@pytest.mark.parametrize("leaves_out", ["fraud_type", "actionable", "payment_intent"])
@pytest.mark.parametrize("expanded", [True, False])
def test_expanded_or_with_parts_left_out_it_is_kept(
    paid: Booking, sandbox: Sandbox, postman: Postman, leaves_out: str, expanded: bool
) -> None:
    payment = paid.payments.get()
    charge, intent = payment.stripe_charge_id, payment.stripe_payment_intent_id
    warning = {
        "id": "issfr_1",
        "object": "radar.early_fraud_warning",
        "actionable": True,
        "fraud_type": "misc",
        "charge": {"id": charge, "object": "charge"} if expanded else charge,
        "payment_intent": {"id": intent, "object": "payment_intent"} if expanded else intent,
    }
    del warning[leaves_out]
    sandbox.emit("radar.early_fraud_warning.created", warning)
    tell(postman)
    kept = EarlyFraudWarning.objects.get()
    assert (kept.payment, kept.actionable) == (payment, True)
    assert kept.fraud_type == ("" if leaves_out == "fraud_type" else "misc")


def test_of_a_payment_that_nobody_knows_it_waits(paid: Booking, sandbox: Sandbox, postman: Postman) -> None:
    sandbox.emit("radar.early_fraud_warning.created", {"id": "issfr_1", "charge": "ch_unknown"})
    tell(postman)
    assert not EarlyFraudWarning.objects.exists()
    event = WebhookEvent.objects.get(type="radar.early_fraud_warning.created")
    assert event.status == "pending"


@pytest.mark.parametrize(("below", "refunds"), [(0, 0), (4500, 0), (4501, 1)])
def test_a_small_payment_goes_back_by_itself_where_that_is_wanted(
    paid: Booking, sandbox: Sandbox, postman: Postman, settings: Settings, below: int, refunds: int
) -> None:
    settings.REFUND_FRAUD_WARNINGS_BELOW = below
    warn(paid, sandbox, postman)
    run_workers()
    assert [(r.amount, r.status) for r in paid.refunds.all()] == [(4500, RefundStatus.SUCCEEDED)] * refunds
    paid.refresh_from_db()
    assert paid.status == "confirmed"


def test_the_same_warning_twice_refunds_once(
    paid: Booking, sandbox: Sandbox, postman: Postman, settings: Settings
) -> None:
    settings.REFUND_FRAUD_WARNINGS_BELOW = 10_000
    warn(paid, sandbox, postman)
    sandbox.emit("radar.early_fraud_warning.created", sandbox.all("fraud_warnings")[0])
    tell(postman)
    assert paid.refunds.count() == 1


def test_once_the_appointment_began_nothing_goes_back_by_itself(
    paid: Booking, sandbox: Sandbox, postman: Postman, settings: Settings
) -> None:
    settings.REFUND_FRAUD_WARNINGS_BELOW = 10_000
    Booking.objects.update(starts_at=timezone.now() - timedelta(minutes=1))
    warn(paid, sandbox, postman)
    assert not paid.refunds.exists()


def test_above_the_approval_threshold_a_second_person_is_asked(
    paid: Booking, sandbox: Sandbox, postman: Postman, settings: Settings
) -> None:
    settings.REFUND_FRAUD_WARNINGS_BELOW, settings.APPROVAL_THRESHOLD = 10_000, 2000
    warn(paid, sandbox, postman)
    record = paid.refunds.get()
    assert (record.status, record.held_for) == (RefundStatus.ON_HOLD, "approval")
