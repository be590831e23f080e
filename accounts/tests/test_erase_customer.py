"""A person can be erased: nothing of them is left, and every chain still verifies."""

import json

import pytest
from django.apps import apps
from django.core import serializers
from django.core.management import CommandError, call_command
from knox.models import AuthToken

from accounts.models import User
from bookings.models import AuditEntry, Booking
from bookings.verification import Verification
from config.tests.world import Customer, run_workers
from payments.models import WebhookEvent
from refunds.models import RefundRecord
from refunds.tests.workshop import statement_of
from sandbox.client import Sandbox

pytestmark = pytest.mark.django_db

NAME, TEXT = "Lovelace", "my aunt Byron is ill"


@pytest.fixture
def past(customer: Customer, paid: Booking) -> Booking:
    """Paid, cancelled with a reason, sent back: nothing is open."""
    User.objects.filter(pk=customer.user.pk).update(name=NAME)
    customer.cancel(paid, reason=TEXT)
    run_workers()
    customer.postman.deliver()
    run_workers()
    return paid


def everything() -> str:
    """All rows of all tables, as text."""
    rows = [row for model in apps.get_models() for row in model._default_manager.all()]
    return str(serializers.serialize("json", rows, ensure_ascii=False))


def test_nothing_of_the_person_is_left(customer: Customer, past: Booking, sandbox: Sandbox) -> None:
    traces = (NAME, TEXT, customer.user.email, json.dumps(customer.user.username))
    assert all(trace in everything() for trace in traces)
    call_command("erase_customer", customer.user.username, "--yes")
    assert not [trace for trace in traces if trace in everything()]
    assert not AuthToken.objects.exists()
    assert not sandbox.all("customers")
    user = User.objects.get(pk=customer.user.pk)
    assert (user.is_active, user.has_usable_password()) == (False, False)


def test_what_was_paid_stays_and_every_chain_still_verifies(customer: Customer, past: Booking) -> None:
    before = list(AuditEntry.objects.order_by("pk").values_list("pk", "entry_hash"))
    call_command("erase_customer", f"customer:{customer.user.pk}", "--yes")
    assert statement_of(past) == [("payment", 4500), ("refund", -4500)]
    assert list(AuditEntry.objects.order_by("pk").values_list("pk", "entry_hash"))[:-1] == before
    last = AuditEntry.objects.latest("pk")
    assert (last.action, last.detail, last.source) == ("customer.erased", {}, "command")
    assert list(Verification().breaks()) == []


def test_others_are_left_as_they_are(customer: Customer, past: Booking, stranger: Customer) -> None:
    theirs = stranger.book_and_pay(past.service)
    call_command("erase_customer", customer.user.username, "--yes")
    assert stranger.get(f"booking/{theirs.reference}/")["status"] == "confirmed"
    assert WebhookEvent.objects.filter(payload__isnull=False).exists()


def test_open_business_comes_first(customer: Customer, paid: Booking) -> None:
    with pytest.raises(CommandError, match="1 bookings, 0 refunds, 0 disputes"):
        call_command("erase_customer", customer.user.username, "--yes")
    customer.cancel(paid)
    with pytest.raises(CommandError, match="0 bookings, 1 refunds, 0 disputes"):
        call_command("erase_customer", customer.user.username, "--yes")


@pytest.mark.usefixtures("past")
def test_it_asks_first(customer: Customer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("builtins.input", lambda _: "n")
    with pytest.raises(CommandError, match="Nothing was erased"):
        call_command("erase_customer", customer.user.username)
    assert User.objects.filter(name=NAME).exists()


def test_twice_is_once(customer: Customer, past: Booking) -> None:
    call_command("erase_customer", str(customer.user.pk), "--yes")
    call_command("erase_customer", str(customer.user.pk), "--yes")
    assert list(Verification().breaks()) == []


def test_nobody_and_staff_are_refused(customer: Customer, past: Booking) -> None:
    with pytest.raises(CommandError, match="no such customer"):
        call_command("erase_customer", "nobody", "--yes")
    User.objects.filter(pk=customer.user.pk).update(is_staff=True)
    with pytest.raises(CommandError, match="staff"):
        call_command("erase_customer", str(customer.user.pk), "--yes")


def test_a_refund_that_came_back_is_open_business(failed: RefundRecord) -> None:
    with pytest.raises(CommandError, match="1 refunds"):
        call_command("erase_customer", failed.booking.customer.username, "--yes")
