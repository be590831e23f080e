"""Lists: recognised search, constant queries, estimated counts, and CSV of what is listed."""

import csv
import io
import uuid
from typing import Any

import pytest
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from backoffice.tests.desk_world import person, signed_in
from backoffice.toolkit import lists
from backoffice.toolkit.search import RecognisedSearch, kind_of, written
from bench.seed import seed
from bookings.models import Booking
from config.tests.statements import counted
from core.spreadsheet import cell
from payments.models import Payment, PaymentTransaction, WebhookEvent
from refunds.models import Dispute, RefundRecord

pytestmark = pytest.mark.django_db
LISTS = (
    "bookings_booking",
    "bookings_auditentry",
    "payments_payment",
    "payments_paymenttransaction",
    "payments_webhookevent",
    "refunds_refundrecord",
    "refunds_dispute",
)


@pytest.fixture
def viewer(db: None) -> Client:
    seed(100, now=timezone.now(), tell=str)
    return signed_in(person("viewer"))


def found(client: Client, model: str, **query: str) -> list[Any]:
    answer = client.get(reverse(f"admin:{model}_changelist"), query)
    assert answer.status_code == 200
    return list(answer.context["cl"].result_list)


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("BK-7Q2M9XKT", "BK-"),
        ("bk-7q2m9xkt", "BK-"),
        ("pi_3abc", "pi_"),
        ("dp_1", "du_"),
        ("Ada@Example.com", "@"),
        ("refund.created", "."),
        ("charge_dispute.x", "."),
        ("b5c0b2d4-58a1-4a61-93a5-5c2b8a6f1f11", "uuid"),
        ("ada", ""),
    ],
)
def test_what_is_typed_is_recognised(typed: str, kind: str) -> None:
    assert kind_of(typed) == kind


def test_references_are_found_in_any_case_and_stripe_s_ids_as_they_are() -> None:
    assert written("bk-7q2m9xkt") == "BK-7Q2M9XKT"
    assert written("pi_aBc") == "pi_aBc"


SAMPLES = {"@": "ada@example.com", "uuid": str(uuid.uuid4()), ".": "refund.created", "BK-": "BK-7Q2M9XKT"}
SEARCHED = [one for one in admin.site._registry.values() if isinstance(one, RecognisedSearch)]


@pytest.mark.parametrize("one", SEARCHED, ids=str)
def test_whatever_a_search_recognises_it_can_look_up(one: RecognisedSearch[Any], db: None) -> None:
    client = signed_in(User.objects.create_superuser("root"))
    meta = one.model._meta
    for kind in one.search_columns:
        found(client, f"{meta.app_label}_{meta.model_name}", q=SAMPLES.get(kind, f"{kind}123"))


def test_a_booking_is_found_by_everything_that_hangs_on_it(viewer: Client) -> None:
    record = RefundRecord.objects.filter(status="succeeded").select_related("booking__customer")[0]
    intent = str(Payment.objects.get(pk=record.payment_id).stripe_payment_intent_id)
    for typed in (record.booking.reference.lower(), intent, str(record.stripe_refund_id)):
        assert found(viewer, "bookings_booking", q=typed) == [record.booking]
    by_address = found(viewer, "bookings_booking", q=record.booking.customer.email.upper())
    assert set(by_address) == set(Booking.objects.filter(customer=record.booking.customer))
    assert found(viewer, "refunds_refundrecord", q=str(record.pk)) == [record]
    assert found(viewer, "bookings_booking", q="somebody") == []


def test_events_are_found_by_id_object_and_type(viewer: Client) -> None:
    event = WebhookEvent.objects.filter(type="refund.created")[0]
    assert found(viewer, "payments_webhookevent", q=event.stripe_event_id) == [event]
    assert event in found(viewer, "payments_webhookevent", q=event.object_id)
    assert {e.type for e in found(viewer, "payments_webhookevent", q="refund.created")} == {"refund.created"}


@pytest.mark.parametrize("model", LISTS)
def test_a_list_takes_as_many_queries_however_long_it_is(viewer: Client, model: str) -> None:
    def queries() -> int:
        return len(counted(lambda: found(viewer, model)))

    found(viewer, model)
    few = queries()
    seed(200, now=timezone.now(), tell=str)
    assert queries() == few < 12


def test_pages_keep_the_order_and_lose_nothing(viewer: Client) -> None:
    everything = list(Booking.objects.all())
    pages = [found(viewer, "bookings_booking", p=str(number)) for number in (1, 2)]
    assert [booking for page in pages for booking in page] == everything


def test_a_filtered_list_is_counted_only_so_far(viewer: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "COUNTED", 20)
    answer = viewer.get(reverse("admin:bookings_booking_changelist"), {"status__exact": "completed"})
    assert "more than 20 bookings" in answer.content.decode()


def test_a_whole_table_is_estimated_where_the_database_can(
    viewer: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "COUNTED", 20)
    shown = viewer.get(reverse("admin:bookings_booking_changelist")).content.decode()
    assert {"postgresql": "about 100 bookings", "sqlite": "more than 20 bookings"}[connection.vendor] in shown


def rows_of(client: Client, model: str, **query: str) -> list[dict[str, str]]:
    answer: Any = client.get(reverse(f"admin:{model}_csv"), query)
    assert answer.streaming
    return list(csv.DictReader(io.StringIO(b"".join(answer).decode("utf-8-sig"))))


def test_a_list_is_exported_as_it_is_filtered(viewer: Client) -> None:
    lines = rows_of(viewer, "payments_paymenttransaction", kind__exact="refund")
    refunds = PaymentTransaction.objects.filter(kind="refund")
    assert len(lines) == refunds.count() > 0
    assert sum(int(line["amount"]) for line in lines) == sum(line.amount for line in refunds)
    assert rows_of(viewer, "refunds_refundrecord", status="needs_attention,failed") == []


def test_disputes_are_exported_too(viewer: Client) -> None:
    names = {row["stripe_dispute_id"] for row in rows_of(viewer, "refunds_dispute", is_open__exact="0")}
    assert names == set(Dispute.objects.filter(is_open=False).values_list("stripe_dispute_id", flat=True))


def test_no_cell_is_taken_for_a_formula(viewer: Client) -> None:
    RefundRecord.objects.update(reason='=HYPERLINK("http://evil.example")')
    assert rows_of(viewer, "refunds_refundrecord")[0]["reason"].startswith("'=")
    assert [cell(text) for text in ("+1", "-1", "@x", "\tx", "\rx", "x=1")] == [
        "'+1",
        "'-1",
        "'@x",
        "'\tx",
        "'\rx",
        "x=1",
    ]
    assert cell(-4500) == -4500


def test_nothing_is_exported_without_the_permission(viewer: Client) -> None:
    nobody = person("viewer", "nobody")
    nobody.groups.clear()
    for model in ("payments_paymenttransaction", "refunds_refundrecord", "refunds_dispute"):
        assert signed_in(nobody).get(reverse(f"admin:{model}_csv")).status_code == 403
