"""How the admin shows money, links and Stripe's objects."""

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import admin
from django.db.models import Model
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from core.money import in_words

STRIPE = "https://dashboard.stripe.com"
# What an id begins with, and where Stripe's dashboard shows such an object.
STRIPE_PLACES = {
    "pi": "payments",
    "ch": "payments",
    "re": "refunds",
    "pyr": "refunds",
    "du": "disputes",
    "dp": "disputes",
    "cus": "customers",
    "evt": "events",
    "po": "payouts",
}


def money(row: Any) -> str:
    """The row's amount in its currency, for people."""
    return in_words(row.amount, row.currency)


def stripe_url(stripe_id: str | None) -> str:
    """Where Stripe's dashboard shows this object; "" if it doesn't."""
    place = STRIPE_PLACES.get((stripe_id or "").split("_")[0])
    mode = "" if settings.STRIPE_LIVEMODE else "/test"
    return f"{STRIPE}{mode}/{place}/{stripe_id}" if place else ""


def linked(url: str, text: object, *, away: bool = False) -> SafeString | str:
    """A link, or the bare text where there is nowhere to go."""
    if not url:
        return str(text)
    target = mark_safe(' target="_blank" rel="noopener"') if away else ""
    return format_html('<a href="{}"{} class="text-link underline">{}</a>', url, target, text)


def stripe_link(stripe_id: str | None) -> SafeString | str:
    """The id, as a link into Stripe's dashboard."""
    return linked(stripe_url(stripe_id), stripe_id or "-", away=True)


def page_url(row: Model) -> str:
    """The admin's page of a row; "" for a model without pages."""
    if not admin.site.is_registered(type(row)):
        return ""
    meta = row._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[row.pk])


def link(row: Model | None) -> SafeString | str:
    """The row's name, as a link to its page."""
    return "-" if row is None else linked(page_url(row), row)


def list_url(model: str, query: dict[str, str]) -> str:
    """The admin's list of a model with these filters; "" if it has none."""
    elsewhere = {"webhookevent": "payments", "paymenttransaction": "payments", "payment": "payments"}
    elsewhere |= {"putoff": "core", "booking": "bookings", "message": "bookings"}
    app = elsewhere.get(model, "refunds")
    try:
        return reverse(f"admin:{app}_{model}_changelist") + "?" + urlencode(query)
    except NoReverseMatch:
        return ""
