"""The invented salon: a believable week, true at Stripe's stand-in, and only in an empty database."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from pytest_django import Settings

from bench import salon, week
from bookings.models import Booking, BookingStatus, PayAt
from payments.models import Payment
from refunds.models import Dispute, RefundRecord
from refunds.reconciliation import run
from sandbox.client import Sandbox

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]


def test_a_week_is_paid_and_given_back_at_stripe_s_stand_in(sandbox: Sandbox) -> None:
    week.live(salon.open_salon(), now=timezone.now())
    assert Booking.objects.count() > 50
    wanted = {"confirmed", "completed", "no_show", "cancelled"}
    assert wanted <= set(Booking.objects.values_list("status", flat=True))
    paid = Payment.objects.filter(status="succeeded")
    assert 5 < paid.count() == Booking.objects.filter(pay_at=PayAt.APP).count() == len(sandbox.all("charges"))
    assert (
        list(RefundRecord.objects.filter(amount__gt=0).values_list("status", flat=True)) == ["succeeded"] * 3
    )
    assert Dispute.objects.get().is_open
    books = run.reconcile(clock=timezone.now, source="command", back=timedelta(hours=1))
    assert (books.left, books.tally.healed, set(books.tally.drift.values())) == (0, 0, {0})


def test_without_a_stand_in_everybody_pays_at_the_desk(settings: Settings) -> None:
    settings.STRIPE_API_BASE = ""
    call_command("seed_bookings")
    assert not Payment.objects.exists()
    assert set(Booking.objects.values_list("pay_at", flat=True)) == {PayAt.DESK}
    assert Booking.objects.filter(status=BookingStatus.NO_SHOW).exists()
    with pytest.raises(CommandError, match="already"):
        call_command("seed_bookings")
