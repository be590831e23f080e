"""Staff see where the books differ from Stripe's, have them compared, and say what may stay."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from backoffice.tests.desk_world import person, signed_in
from bookings.models import Booking
from config.tests.world import run_workers
from core.models import Mark
from refunds.models import Finding, ReconciliationRun
from refunds.reconciliation import run
from refunds.tests.workshop import intent_of
from sandbox.client import Sandbox

pytestmark = [pytest.mark.django_db, pytest.mark.once]

LIST = reverse("admin:refunds_finding_changelist")


@pytest.fixture
def finding(paid: Booking, sandbox: Sandbox) -> Finding:
    """Our payment, of which Stripe has never heard."""
    sandbox.reset()
    run.reconcile(clock=timezone.now, source="worker")
    return Finding.objects.get()


def test_a_finding_is_listed_and_told(finding: Finding, paid: Booking) -> None:
    viewer = signed_in(person("viewer"))
    row = viewer.get(LIST, {"resolved_at__isnull": "True"}).content.decode()
    page = viewer.get(reverse("admin:refunds_finding_change", args=[finding.pk])).content.decode()
    for text in (row, page):
        assert all(fact in text for fact in ("Stripe doesn", paid.reference, "£45.00", intent_of(paid)))
    runs = viewer.get(reverse("admin:refunds_reconciliationrun_changelist")).content.decode()
    assert "£45.00" in runs


def test_a_manager_closes_it_with_a_note_and_it_stays_closed(finding: Finding, paid: Booking) -> None:
    boss = signed_in(person("manager"))
    address = reverse("admin:refunds_finding_do", args=[finding.pk, "accept"])
    assert boss.get(address).status_code == 200
    assert boss.post(address, {"seen": "open:", "reason": ""}).status_code == 409
    boss.post(address, {"seen": "open:", "reason": "Refunded by hand"})
    finding.refresh_from_db()
    assert (finding.status, finding.resolution) == ("closed", "Refunded by hand")
    assert run.reconcile(clock=timezone.now, source="worker").left == 0
    told = paid.audit_entries.get(action="finding.closed")
    assert (told.source, "Refunded" in str(told.detail)) == ("admin", False)


def test_who_may_not_is_refused(finding: Finding) -> None:
    clerk = signed_in(person("refunds"))
    accept = reverse("admin:refunds_finding_do", args=[finding.pk, "accept"])
    assert clerk.post(accept, {"seen": "open:", "reason": "x"}).status_code == 403
    assert clerk.post(reverse("admin:refunds_compare_now")).status_code == 403
    finding.refresh_from_db()
    assert finding.status == "open"


def test_compare_now_is_done_by_the_worker(db: None) -> None:
    boss: Client = signed_in(person("manager"))
    address = reverse("admin:refunds_compare_now")
    assert boss.get(address).status_code == 200
    assert not Mark.objects.filter(name=f"next {run.JOB}").exists()
    before = timezone.now()
    boss.post(address)
    assert Mark.objects.get(name=f"next {run.JOB}").at >= before


def test_what_was_asked_for_is_done_once_also_without_a_schedule(sandbox: Sandbox) -> None:
    run_workers()
    assert not ReconciliationRun.objects.exists()
    boss = signed_in(person("manager"))
    for _ in range(2):
        boss.post(reverse("admin:refunds_compare_now"))
    for _ in range(2):
        run_workers()
    assert ReconciliationRun.objects.get().finished_at is not None
