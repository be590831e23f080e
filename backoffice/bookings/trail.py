"""What staff see of the raw trail; a booking's page tells it in words."""

from django.contrib import admin
from django.utils.translation import gettext_lazy

from backoffice.toolkit.lists import BigPaginator
from backoffice.toolkit.search import RecognisedSearch
from backoffice.toolkit.sold import WITH_BOOKING, OfBooking
from bookings.models import AuditEntry


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
    search_help_text = gettext_lazy("BK-…")
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
