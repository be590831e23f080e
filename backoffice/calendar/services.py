"""What is sold: services, with lengths and prices as people type them."""

from functools import partial
from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from backoffice.calendar.fields import LengthField, PriceField, in_major_units, in_minor_units
from backoffice.calendar.in_the_way import LocksCalendar, MindsBookings, listed
from backoffice.calendar.typed import currency
from backoffice.toolkit.plain_texts import PlainTexts
from backoffice.toolkit.unfold import ModelAdmin, display
from bookings import placing
from bookings.audit import By
from bookings.models import Service
from core.money import in_words

AS_BUSINESS = gettext_lazy("Empty: as the business has it.")


class ServiceForm(PlainTexts, MindsBookings):
    name = forms.CharField(max_length=120, widget=UnfoldAdminTextInputWidget)
    price = PriceField(help_text=gettext_lazy("Such as 45.00. What was booked keeps its price."))
    duration = LengthField("minutes", label=gettext_lazy("Duration"))
    buffer_before = LengthField("minutes", label=gettext_lazy("To get ready"), required=False)
    buffer_after = LengthField("minutes", label=gettext_lazy("To clean up"), required=False)
    step = LengthField(
        "minutes", label=gettext_lazy("Times are offered every"), required=False, help_text=AS_BUSINESS
    )
    lead = LengthField(
        "hours", label=gettext_lazy("Bookable until before"), required=False, help_text=AS_BUSINESS
    )
    horizon = LengthField(
        "days", label=gettext_lazy("Booked at the earliest before"), required=False, help_text=AS_BUSINESS
    )
    refund_notice = LengthField(
        "hours", label=gettext_lazy("Free cancellation until before"), required=False, help_text=AS_BUSINESS
    )

    class Media:  # says below the price how length and price are understood
        js = ("backoffice/service.js",)

    class Meta:
        model = Service
        fields = "__all__"
        widgets = {"description": UnfoldAdminTextareaWidget(attrs={"rows": 3})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["price"] = in_major_units(self.instance.price, self.instance.currency)

    def clean_currency(self) -> str:
        return currency(self.cleaned_data["currency"])

    def clean_buffer_before(self) -> Any:
        return self.cleaned_data["buffer_before"] or self.fields["buffer_before"].unit * 0  # type: ignore[attr-defined]

    def clean_buffer_after(self) -> Any:
        return self.cleaned_data["buffer_after"] or self.fields["buffer_after"].unit * 0  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if "price" in given and "currency" in given:
            try:
                given["price"] = in_minor_units(given["price"], given["currency"])
            except forms.ValidationError as error:
                self.add_error("price", error)
        return given

    def try_out(self) -> Service:
        tried = cast(Service, super().try_out())
        tried.resources.set(self.cleaned_data["resources"])
        return tried


@admin.register(Service)
class ServiceAdmin(LocksCalendar, ModelAdmin[Service]):
    """Prices may change: what was booked keeps the price and terms it was booked at."""

    form = ServiceForm
    list_display = ("name", "costs", "duration", "capacity", "is_active")
    list_filter = ("is_active",)
    search_fields = ("name",)
    filter_horizontal = ("resources",)
    compressed_fields = True
    warn_unsaved_form = True

    @display(description=gettext_lazy("Price"), ordering="price")
    def costs(self, service: Service) -> str:
        return in_words(service.price, service.currency)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        transaction.on_commit(partial(find_somebody, request, form.instance))

    def has_delete_permission(self, request: HttpRequest, obj: Service | None = None) -> bool:
        """Services are retired by `is_active`: bookings point to them."""
        return False


def find_somebody(request: HttpRequest, service: Service) -> None:
    """What was booked before the service had its people gets one of them; whom that leaves is told."""
    by = By(f"staff:{request.user.pk}", "admin")
    placed, left = placing.place_all(service, by=by, now=timezone.now())
    if placed:
        words = _("Booked before, and now with somebody: %(number)d.")
        messages.info(request, words % {"number": len(placed)})
    if left:
        words = _("Nobody is free for {}. Move or cancel each from its page.")
        messages.warning(request, format_html(words, listed(left)))
