"""Money is read-only in the admin: nothing is added, edited or deleted, also not by a forged POST."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.db.models import Model
from django.urls import reverse

from accounts.models import User
from backoffice.tests.desk_world import person, signed_in
from bookings.models import AuditEntry, Booking, Service
from config.tests.world import Customer, run_workers
from payments.models import Payment, PaymentTransaction, WebhookEvent
from refunds.models import Dispute, RefundRecord
from sandbox.client import Sandbox

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]
KEPT: tuple[type[Model], ...] = (
    Booking,
    AuditEntry,
    Payment,
    PaymentTransaction,
    WebhookEvent,
    RefundRecord,
    Dispute,
)


@pytest.fixture
def money(customer: Customer, service: Service, sandbox: Sandbox) -> None:
    customer.cancel(customer.book_and_pay(service))
    run_workers()
    sandbox.dispute(customer.pay(customer.book(service, starts_in=timedelta(hours=99))))
    customer.postman.deliver()
    run_workers()


def everything() -> list[dict[str, object]]:
    return [row for model in KEPT for row in model._default_manager.order_by("pk").values()]


@pytest.mark.parametrize("model", KEPT, ids=lambda model: model.__name__)
def test_forged_posts_are_refused(money: None, model: type[Model]) -> None:
    row = model._default_manager.order_by("pk").first()
    assert row is not None
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    before = everything()
    forged = {"amount": "1", "status": "succeeded", "stripe_refund_id": "re_forged", "post": "yes"}
    bulk = {"action": "delete_selected", "_selected_action": str(row.pk), "post": "yes"}
    for who in (person("manager"), User.objects.create_superuser("root")):
        client = signed_in(who)
        assert client.post(reverse(f"{name}_add"), forged).status_code == 403
        assert client.post(reverse(f"{name}_change", args=[row.pk]), forged).status_code == 403
        assert client.post(reverse(f"{name}_delete", args=[row.pk]), forged).status_code == 403
        assert client.post(reverse(f"{name}_changelist"), bulk).status_code == 403
    assert everything() == before


@pytest.mark.parametrize("model", KEPT, ids=lambda model: model.__name__)
def test_viewers_see_each_list_and_page(money: None, model: type[Model]) -> None:
    client = signed_in(person("viewer"))
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    row = model._default_manager.order_by("pk").first()
    assert row is not None
    assert client.get(reverse(f"{name}_changelist")).status_code == 200
    assert client.get(reverse(f"{name}_change", args=[row.pk])).status_code == 200


def test_a_new_price_changes_no_booking(customer: Customer, service: Service) -> None:
    booking = customer.book_and_pay(service)
    page = reverse("admin:bookings_service_change", args=[service.pk])
    new = {"name": "Deep clean", "duration": "90", "price": "99.00", "currency": "gbp", "capacity": "1"}
    assert signed_in(person("manager")).post(page, new | {"is_active": "on"}).status_code == 302
    service.refresh_from_db()
    booking.refresh_from_db()
    assert (service.price, booking.amount) == (9900, 4500)


def test_customers_and_strangers_stay_outside(customer: Customer) -> None:
    for model in apps.get_models():
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"
        if model in KEPT:
            assert signed_in(customer.user).get(reverse(name)).status_code == 302
