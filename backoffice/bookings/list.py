"""Bookings as staff see them: each page tells the whole story, money included."""

from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.bookings import page as booking_page
from backoffice.bookings.actions import ON_A_BOOKING
from backoffice.toolkit.actions import ActionPages
from backoffice.toolkit.filters import midnight
from backoffice.toolkit.lists import BigPaginator
from backoffice.toolkit.search import RecognisedSearch
from backoffice.toolkit.show import money
from backoffice.toolkit.sold import appointment, called, name_of_sale
from backoffice.toolkit.unfold import coloured, display
from bookings.models import Booking, Business

COLOURS = {
    gettext_lazy("Confirmed"): "success",
    gettext_lazy("Waiting for payment"): "warning",
    gettext_lazy("Cancelled"): "danger",
    gettext_lazy("Completed"): "info",
    gettext_lazy("Did not come"): "danger",
}
DAYS = {"today": (0, 1), "tomorrow": (1, 2), "week": (0, 7)}


class StartsFilter(admin.SimpleListFilter):
    """When the appointment is."""

    title, parameter_name = "appointment", "starts"

    def lookups(self, request: HttpRequest, model_admin: object) -> tuple[tuple[str, str], ...]:
        return (("today", _("Today")), ("tomorrow", _("Tomorrow")), ("week", _("The next 7 days")))

    def queryset(self, request: HttpRequest, queryset: QuerySet[Booking]) -> QuerySet[Booking]:
        if self.value() not in DAYS:
            return queryset
        first, last = (timezone.localdate() + timedelta(days=day) for day in DAYS[str(self.value())])
        return queryset.filter(starts_at__gte=midnight(first), starts_at__lt=midnight(last))


@admin.register(Booking)
class BookingAdmin(ActionPages[Booking], RecognisedSearch[Booking]):
    """Appointments sold."""

    row_actions = ON_A_BOOKING
    change_form_template = "backoffice/booking.html"
    list_display = ("starts_at", "called", "service_name", "resource", "sum", "state", "reference")
    list_filter = ("status", StartsFilter)
    sortable_by = ("starts_at",)
    paginator = BigPaginator
    fields = ("reference",)
    search_columns = {
        "BK-": "reference",
        "pi_": "payments__stripe_payment_intent_id",
        "ch_": "payments__stripe_charge_id",
        "re_": "refunds__stripe_refund_id",
        "du_": "disputes__stripe_dispute_id",
        "@": "customer__in",
    }
    search_help_text = gettext_lazy("BK-…, pi_…, re_…, du_… or an e-mail address")

    @display(description=gettext_lazy("Customer"))
    def called(self, booking: Booking) -> str:
        return called(booking.customer)

    @display(description=gettext_lazy("Price"))
    def sum(self, booking: Booking) -> str:
        return money(booking)

    @coloured(gettext_lazy("State"), COLOURS)
    def state(self, booking: Booking) -> str:
        return booking.get_status_display()

    def get_ordering(self, request: HttpRequest) -> tuple[str, str]:
        """The appointments of some days stand in order of time; else the newest booking comes first."""
        return ("starts_at", "id") if request.GET.get("starts") in DAYS else ("-created_at", "-id")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Booking]:
        found: QuerySet[Booking] = super().get_queryset(request)
        return found.select_related("service", "customer", "resource")

    def name_of(self, row: Booking) -> str:
        return name_of_sale(row)

    def facts_of(self, row: Booking) -> dict[str, Any]:
        return {
            _("Customer"): called(row.customer),
            _("Appointment"): appointment(row),
            _("Price"): money(row),
            _("State"): row.get_status_display(),
        }

    def after(self, request: HttpRequest, row: Booking) -> str:
        """Back to the day, for who came from the agenda."""
        if request.POST.get("from") != "agenda":
            return super().after(request, row)
        return f"{reverse('agenda')}?day={row.starts_at.astimezone(Business.current().zone):%Y-%m-%d}"

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: object = None
    ) -> HttpResponse:
        booking = self.get_object(request, object_id)
        more = {"story": booking_page.of_booking(booking)} if booking else {}
        return super().change_view(request, object_id, form_url, more)
