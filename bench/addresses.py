"""Every page of the back office and every read of the API, with rows of this database in their addresses."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.test import Client
from django.urls import NoReverseMatch, reverse
from knox.models import AuthToken

from accounts import search
from accounts.models import Customer, User
from bookings import links
from bookings.models import Booking
from payments.books import months

HOST = "127.0.0.1"
OURS = ("accounts", "bookings", "payments", "refunds")
# One list of each kind of filter and search that staff use.
LISTS = (
    ("bookings_booking", {"status__exact": "cancelled"}),
    ("bookings_booking", {"q": "ivy.ba"}),
    ("payments_paymenttransaction", {"kind__in": "refund,refund_returned", "period": "month"}),
    ("payments_balanceline", {"category__exact": "refund"}),
    ("refunds_refundrecord", {"status": "needs_attention"}),
    ("refunds_refundrecord", {"rule__exact": "too_late"}),
    ("refunds_dispute", {"is_open__exact": "1"}),
    ("payments_webhookevent", {"status__exact": "failed"}),
)
SEARCHES = ("smith", "ivy smith", "quabavel", "447100", "ivy.smith")


@dataclass(frozen=True)
class Address:
    """A page under its name and for whom it is, or a search alone: `act` instead of a path."""

    name: str
    client: Client
    path: str
    act: Callable[[], Any] | None = None


def all_of(now: datetime) -> Iterator[Address]:
    """All pages; the staff and the token that look at them are made here."""
    yield from _back_office(now)
    yield from _api(now)


def _back_office(now: datetime) -> Iterator[Address]:
    staff = Client(SERVER_NAME=HOST)
    staff.force_login(User.objects.create_superuser(f"boss {now}"))
    for name, path in [*_own_pages(now), *_lists(), *_rows()]:
        yield Address(name, staff, path)
    for text in SEARCHES:
        path = f"{reverse('admin:accounts_customer_changelist')}?{urlencode({'q': text})}"
        yield Address(f"customers, “{text}”", staff, path)
        alone = partial(_found, text)
        yield Address(f"search for “{text}” without its page", staff, "", alone)
    yield Address("customers on the phone, “smith”", staff, f"{reverse('agenda_customers')}?find=smith")


def _found(text: str) -> list[Customer]:
    return list(search.find(Customer.objects.all(), text)[:50])


def _own_pages(now: datetime) -> Iterator[tuple[str, str]]:
    booking = Booking.objects.filter(status="confirmed", starts_at__gt=now + timedelta(days=2)).earliest(
        "starts_at"
    )
    agenda, day = reverse("agenda"), f"{now:%Y-%m-%d}"
    yield "home", reverse("admin:index")
    yield "agenda, a day", f"{agenda}?day={day}"
    yield "agenda, a week", f"{agenda}?day={day}&view=week"
    yield "agenda, a person's week", f"{agenda}?day={day}&view=week&who={booking.resource_id}"
    yield "new appointment", f"{reverse('agenda_book')}?day={day}"
    yield "move", reverse("agenda_move", args=[booking.reference])
    for month in (months.months_with_lines() or [now.date()])[:2]:
        yield f"month {month:%Y-%m}", reverse("admin:payments_month", args=[f"{month:%Y-%m}"])
        yield f"month {month:%Y-%m} on paper", reverse("admin:payments_month_paper", args=[f"{month:%Y-%m}"])
    yield "figures that steer", reverse("admin:payments_figures")
    yield "statement of a month", f"{reverse('admin:payments_period')}?since={now:%Y-%m}-01&until={day}"
    yield "week of hours", reverse("admin:bookings_hours_week")
    yield (
        "closing a day",
        f"{reverse('admin:refunds_closure_begin')}?day={(now + timedelta(days=3)):%Y-%m-%d}",
    )
    yield "comparing now", reverse("admin:refunds_compare_now")


def _lists() -> Iterator[tuple[str, str]]:
    for name, model in _models():
        yield f"list of {model._meta.verbose_name_plural}", reverse(f"admin:{name}_changelist")
    for name, query in LISTS:
        told = ", ".join(f"{key}={value}" for key, value in query.items())
        yield (
            f"list of {name.partition('_')[2]}, {told}",
            f"{reverse(f'admin:{name}_changelist')}?{urlencode(query)}",
        )


def _rows() -> Iterator[tuple[str, str]]:
    for name, model in _models():
        row = model._default_manager.order_by("-pk").first()
        if row is None:
            continue
        try:
            yield f"page of a {model._meta.verbose_name}", reverse(f"admin:{name}_change", args=[row.pk])
        except NoReverseMatch:
            continue


def _models() -> Iterator[tuple[str, Any]]:
    for model in admin.site._registry:
        if model._meta.app_label in OURS:
            yield f"{model._meta.app_label}_{model._meta.model_name}", model


def _api(now: datetime) -> Iterator[Address]:
    soon = Booking.objects.filter(status="confirmed", starts_at__gt=now + timedelta(days=2))
    booking = soon.select_related("service").earliest("starts_at")
    token = AuthToken.objects.create(user=User.objects.get(pk=booking.customer_id))[1]
    client = Client(SERVER_NAME=HOST, headers={"Authorization": f"Token {token}"})
    at, day = urlencode({"starts_at": booking.starts_at.isoformat()}), f"{now:%Y-%m-%d}"
    mine, slots = f"booking/{booking.reference}/", f"service/{booking.service_id}/slots/?from={day}&days=30"
    reads = (
        *("business/", "service/", "account/", "account/export/", "booking/", mine, f"{mine}move/?{at}"),
        *(f"{mine}cancel/", f"{mine}calendar.ics", f"{mine}receipt.pdf"),
        f"payment/refund-status/?booking_reference={booking.reference}",
    )
    for path in reads:
        yield Address(
            f"API {path.partition('?')[0].replace(booking.reference, '…')}", client, f"/api/v1/{path}"
        )
    yield Address("API slots, 30 days of everybody", client, f"/api/v1/{slots}")
    one = f"/api/v1/{slots}&resource={booking.resource_id}"
    yield Address("API slots, 30 days of one person", client, one)
    yield Address("a customer's page of a booking", client, links.local(booking))
    yield Address("a customer's page to move it", client, links.local(booking, "move/"))
