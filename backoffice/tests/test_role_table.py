"""What each role may see and do, and that a hand-made request can do no more."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib import admin
from django.db.models import Model
from django.urls import reverse

from accounts.models import Customer, Staff
from backoffice.roles import ROLES
from backoffice.tests.desk_world import person, signed_in
from backoffice.toolkit.actions import Action, ActionPages
from bookings.models import Booking, Service
from config.tests.world import Customer as Somebody
from config.tests.world import run_workers
from payments.models import Payment
from refunds.models import Dispute, RefundRecord
from sandbox.client import Sandbox

pytestmark = [pytest.mark.django_db, pytest.mark.once]

LOOKING = ("viewer", "refunds", "disputes", "manager", "owner")
AND_RECEPTION = (*LOOKING, "reception")
LISTS = {
    "accounts.customer": AND_RECEPTION,
    "accounts.staff": ("manager", "owner"),
    "accounts.staffchange": ("owner",),
    "bookings.booking": AND_RECEPTION,
    "bookings.auditentry": AND_RECEPTION,
    "payments.payment": AND_RECEPTION,
    "payments.paymenttransaction": LOOKING,
    "payments.payout": LOOKING,
    "payments.webhookevent": LOOKING,
    "refunds.refundrecord": AND_RECEPTION,
    "refunds.dispute": LOOKING,
    "refunds.closure": AND_RECEPTION,
    "refunds.finding": LOOKING,
}
PAGES = {
    reverse("admin:accounts_staff_invite"): ("manager", "owner"),
    reverse("my_sign_in"): tuple(ROLES),
}
# These have pages of their own, with tests of their own (test_move…, test_dispute…).
ELSEWHERE = ("move", "submit")
WITH_ACTIONS: tuple[type[Model], ...] = (Booking, Payment, RefundRecord, Dispute, Customer, Staff)


@pytest.fixture
def rows(customer: Somebody, service: Service, sandbox: Sandbox) -> dict[type[Model], Model]:
    """One row of each kind that something can be done with."""
    customer.cancel(customer.book_and_pay(service))
    run_workers()
    sandbox.dispute(customer.pay(customer.book(service, starts_in=timedelta(hours=99))))
    customer.postman.deliver()
    run_workers()
    person("viewer", "somebody on the staff")
    kinds: tuple[type[Model], ...] = (Booking, Payment, RefundRecord, Dispute)
    return {
        **{kind: kind._default_manager.order_by("pk")[0] for kind in kinds},
        Customer: Customer.objects.get(pk=customer.user.pk),
        Staff: Staff.objects.get(username="somebody on the staff"),
    }


@pytest.mark.parametrize("role", ROLES)
def test_each_role_sees_its_lists_and_no_others(role: str) -> None:
    client = signed_in(person(role))
    statuses = {}
    for name in LISTS:
        page = reverse(f"admin:{name.replace('.', '_')}_changelist")
        statuses[name] = client.get(page).status_code
    assert statuses == {name: 200 if role in who else 403 for name, who in LISTS.items()}


@pytest.mark.parametrize("role", ROLES)
def test_each_role_opens_its_pages_and_no_others(role: str) -> None:
    client = signed_in(person(role))
    statuses = {page: client.get(page).status_code for page in PAGES}
    assert statuses == {page: 200 if role in who else 403 for page, who in PAGES.items()}


@pytest.mark.parametrize("role", ROLES)
def test_each_role_begins_with_its_work(role: str) -> None:
    answer = signed_in(person(role)).get("/admin/")
    begins = answer.headers.get("Location", "at home")
    assert begins == (reverse("agenda") if role in ("reception", "own diary") else "at home")


@pytest.mark.parametrize("role", ROLES)
def test_a_hand_made_post_does_only_what_the_role_may(role: str, rows: dict[type[Model], Model]) -> None:
    client = signed_in(person(role, "the one who tries"))
    wrong = []
    for model in WITH_ACTIONS:
        for action in actions_of(model):
            status = client.post(page_of(rows[model], action), {"seen": "nothing of the kind"}).status_code
            if status != (409 if may(role, model, action) else 403):
                wrong.append((model.__name__, action.name, status))
    assert wrong == []


@pytest.mark.parametrize("role", ROLES)
def test_a_hand_made_post_writes_no_row_by_itself(role: str, rows: dict[type[Model], Model]) -> None:
    client = signed_in(person(role, "the one who tries"))
    before = everything()
    for model, row in rows.items():
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        forged = {"is_superuser": "on", "is_staff": "on", "groups": "1", "amount": "1", "post": "yes"}
        for page in ("change", "delete"):
            assert client.post(reverse(f"{name}_{page}", args=[row.pk]), forged).status_code in (302, 403)
    assert everything() == before


def actions_of(model: type[Model]) -> tuple[Action, ...]:
    pages = admin.site._registry[model]
    assert isinstance(pages, ActionPages)
    return tuple(action for action in pages.row_actions if action.name not in ELSEWHERE)


def page_of(row: Model, action: Action) -> str:
    name = f"admin:{row._meta.app_label}_{row._meta.model_name}_do"
    return reverse(name, args=[row.pk, action.name])


def may(role: str, model: type[Model], action: Action) -> bool:
    view = f"{model._meta.app_label}.view_{model._meta.model_name}"
    return {view, action.permission} <= ROLES[role]


def everything() -> list[dict[str, Any]]:
    return [dict(row) for model in WITH_ACTIONS for row in model._default_manager.order_by("pk").values()]
