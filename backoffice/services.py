"""What staff see of services and of the trail; bookings themselves are shown by refunds, with their money."""

from django.contrib import admin
from django.http import HttpRequest

from backoffice.toolkit.lists import BigPaginator
from backoffice.toolkit.search import RecognisedSearch
from backoffice.toolkit.sold import WITH_BOOKING, OfBooking
from backoffice.toolkit.unfold import ModelAdmin, display
from bookings.models import AuditEntry, Service
from core.money import in_words


@admin.register(Service)
class ServiceAdmin(ModelAdmin[Service]):
    """Prices may change: what was booked keeps the price and terms it was booked at."""

    list_display = ("name", "costs", "duration", "capacity", "is_active")
    list_filter = ("is_active",)
    search_fields = ("name",)
    compressed_fields = True
    warn_unsaved_form = True

    @display(description="Price", ordering="price")
    def costs(self, service: Service) -> str:
        return in_words(service.price, service.currency)

    def has_delete_permission(self, request: HttpRequest, obj: Service | None = None) -> bool:
        """Services are retired by `is_active`: bookings point to them."""
        return False


@admin.register(AuditEntry)
class AuditEntryAdmin(OfBooking, RecognisedSearch[AuditEntry]):
    """The raw trail; a booking's page tells it in words."""

    list_display = ("at", "customer", "of_booking", "action", "actor", "source")
    list_select_related = WITH_BOOKING
    list_display_links = ("at",)
    sortable_by = ()
    ordering = ("-id",)
    paginator = BigPaginator
    search_columns = {"BK-": "booking__reference"}
    search_help_text = "BK-…"
    fields = (
        "booking",
        "at",
        "actor",
        "source",
        "action",
        "detail",
        "request_id",
        "previous_hash",
        "entry_hash",
    )
