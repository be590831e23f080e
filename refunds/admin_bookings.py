"""Bookings as staff see them: each page tells the whole story, money included."""

from datetime import timedelta

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from bookings.admin_actions import ActionPages
from bookings.admin_lists import BigPaginator
from bookings.admin_search import RecognisedSearch
from bookings.admin_show import money
from bookings.admin_unfold import coloured, display
from bookings.models import Booking
from payments.admin_filters import midnight
from refunds import booking_story
from refunds.admin_closures import CANCEL
from refunds.admin_refund_actions import GOODWILL

COLOURS = {
    "Confirmed": "success",
    "Waiting for payment": "warning",
    "Cancelled": "danger",
    "Completed": "info",
}
DAYS = {"today": (0, 1), "tomorrow": (1, 2), "week": (0, 7)}


class StartsFilter(admin.SimpleListFilter):
    """When the appointment is."""

    title, parameter_name = "appointment", "starts"

    def lookups(self, request: HttpRequest, model_admin: object) -> tuple[tuple[str, str], ...]:
        return (("today", "Today"), ("tomorrow", "Tomorrow"), ("week", "The next 7 days"))

    def queryset(self, request: HttpRequest, queryset: QuerySet[Booking]) -> QuerySet[Booking]:
        if self.value() not in DAYS:
            return queryset
        first, last = (timezone.localdate() + timedelta(days=day) for day in DAYS[str(self.value())])
        return queryset.filter(starts_at__gte=midnight(first), starts_at__lt=midnight(last))


@admin.register(Booking)
class BookingAdmin(ActionPages[Booking], RecognisedSearch[Booking]):
    """Appointments sold."""

    row_actions = (CANCEL, GOODWILL)
    change_form_template = "admin/desk/booking.html"
    list_display = ("reference", "starts_at", "service", "customer", "sum", "state")
    list_select_related = ("service", "customer")
    list_filter = ("status", StartsFilter)
    sortable_by = ()
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
    search_help_text = "BK-…, pi_…, re_…, du_… or an e-mail address"

    @display(description="Price")
    def sum(self, booking: Booking) -> str:
        return money(booking)

    @coloured("State", COLOURS)
    def state(self, booking: Booking) -> str:
        return booking.get_status_display()

    def get_queryset(self, request: HttpRequest) -> QuerySet[Booking]:
        found: QuerySet[Booking] = super().get_queryset(request)
        return found.select_related("service", "customer")

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: object = None
    ) -> HttpResponse:
        booking = self.get_object(request, object_id)
        more = {"story": booking_story.of_booking(booking)} if booking else {}
        return super().change_view(request, object_id, form_url, more)
