"""Lists as CSV files, streamed: any filter, any length, and harmless in a spreadsheet."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, StreamingHttpResponse
from django.urls import URLPattern, path
from django.utils import timezone

from backoffice.toolkit.readonly import ReadOnlyAdmin, Row
from core import clock, spreadsheet
from core.storage import replica

CHUNK = 2000


class CsvExport(ReadOnlyAdmin[Row]):
    """For an admin: `csv_columns` are the fields (`booking__reference`) to export, amounts in minor units."""

    csv_columns: tuple[str, ...] = ()
    list_before_template = "backoffice/list_tools.html"

    def get_urls(self) -> list[URLPattern]:
        meta = self.model._meta
        view = self.admin_site.admin_view(self.csv_view)
        name = f"{meta.app_label}_{meta.model_name}_csv"
        return [path("csv/", view, name=name), *super().get_urls()]

    def csv_view(self, request: HttpRequest) -> StreamingHttpResponse:
        """All rows of the list as it is filtered."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        listed = self.get_changelist_instance(request).get_queryset(request).using(replica.alias(clock.now()))
        rows = listed.values_list(*self.csv_columns).iterator(chunk_size=CHUNK)
        name = f"{self.model._meta.model_name}-{timezone.localdate():%Y-%m-%d}.csv"
        return StreamingHttpResponse(
            spreadsheet.lines(self.csv_columns, rows),
            content_type=spreadsheet.CONTENT_TYPE,
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )
