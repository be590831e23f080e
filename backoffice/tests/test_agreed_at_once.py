"""What staff have looked at leaves the home page, and one closure's refunds are approved together."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from backoffice.home import attention
from backoffice.tests.desk_world import action_url, form_for, person, signed_in
from backoffice.toolkit.show import page_url
from bookings.models import Booking, Message, Service
from config.tests.world import Customer, Postman, run_workers
from refunds import closures
from refunds.models import RefundRecord
from refunds.models.closures import Closure
from refunds.tests.dispute_world import tell
from refunds.tests.workshop import intent_of, record_of
from sandbox.client import Sandbox

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def asked_about() -> int:
    return attention.concerns()["refund_maybe_paid_twice"].count()


def test_what_may_be_paid_twice_is_asked_about_until_somebody_looked_and_again_when_it_is_more(
    customer: Customer, paid: Booking, sandbox: Sandbox, postman: Postman
) -> None:
    customer.cancel(paid)
    run_workers()
    sandbox.advance(300)
    sandbox.dispute(intent_of(paid), amount=2000)
    tell(postman)
    clerk = person("refunds")
    desk, record = signed_in(clerk), record_of(paid)
    assert asked_about() == 1
    action = action_url(record, "twice-seen")
    assert desk.post(action, form_for(record, reason="")).status_code == 409, "why has to be said"
    assert desk.post(action, form_for(record, reason="She sends it back")).status_code == 302
    record = record_of(paid)
    assert (asked_about(), record.may_be_paid_twice, record.twice_acknowledged) == (0, True, 2000)
    assert record.reason.endswith(f"staff:{clerk.pk}: She sends it back")
    told = paid.audit_entries.get(action="refund.twice_acknowledged")
    assert (told.actor, told.detail["amount"]) == (f"staff:{clerk.pk}", 2000)
    assert "Somebody looked at the £20.00" in desk.get(page_url(paid)).content.decode()
    sandbox.dispute(intent_of(paid), amount=1000)
    tell(postman)
    assert asked_about() == 1
    assert Message.objects.filter(booking=paid, kind="refund_paid_twice").count() == 2


@pytest.fixture
def closure(customer: Customer, service: Service, settings: Settings) -> Closure:
    """Two refunds of a day that a manager cancelled, each more than one person may give."""
    settings.APPROVAL_THRESHOLD = 2000
    Service.objects.update(capacity=2)
    bookings = [customer.book_and_pay(service, starts_in=timedelta(hours=48)) for _ in range(2)]
    boss, now = person("manager"), timezone.now()
    made = closures.begin(key=uuid4(), bookings=bookings, count=2, staff=boss, reason="Snow", now=now)
    run_workers()
    return made


def approve(desk: Client, closure: Closure, count: int) -> str:
    answer = desk.post(f"/admin/refunds/closure/{closure.pk}/approve/", {"count": count}, follow=True)
    return answer.content.decode()


def test_a_second_person_approves_all_of_a_closure_at_once(closure: Closure) -> None:
    asker, second = signed_in(closure.requested_by), signed_in(person("manager", "second"))
    assert "approves them here: 2, £90.00." in asker.get(page_url(closure)).content.decode()
    assert "Another person has to approve" in approve(asker, closure, 2)
    assert "Approve all refunds (2): £90.00" in second.get(page_url(closure)).content.decode()
    assert "2 refunds wait now" in approve(second, closure, 1)
    assert set(RefundRecord.objects.values_list("status", flat=True)) == {"on_hold"}
    assert "2 refunds are approved" in approve(second, closure, 2)
    run_workers()
    assert list(RefundRecord.objects.values_list("status", flat=True)) == ["succeeded"] * 2
    address = f"/admin/refunds/closure/{closure.pk}/approve/"
    assert signed_in(person("refunds")).post(address, {"count": 0}).status_code == 403
