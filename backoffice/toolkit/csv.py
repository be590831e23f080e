"""Lists as CSV files, streamed: any filter, any length, and harmless in a spreadsheet."""

import csv
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, StreamingHttpResponse
from django.urls import URLPattern, path
from django.utils import timezone

from backoffice.toolkit.readonly import ReadOnlyAdmin, Row

CHUNK = 2000
# A spreadsheet runs a cell that begins like this as a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


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
        changelist = self.get_changelist_instance(request)
        rows = changelist.get_queryset(request).values_list(*self.csv_columns).iterator(chunk_size=CHUNK)
        name = f"{self.model._meta.model_name}-{timezone.localdate():%Y-%m-%d}.csv"
        return StreamingHttpResponse(
            lines(self.csv_columns, rows),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )


class _Echo:
    """csv.writer returns what the file's write() returns."""

    def write(self, text: str) -> str:
        return text


def lines(columns: Iterable[str], rows: Iterable[tuple[Any, ...]]) -> Iterator[str]:
    """Write a heading and the rows."""
    writer = csv.writer(_Echo())
    yield writer.writerow([column.replace("__", "_") for column in columns])
    for row in rows:
        yield writer.writerow([cell(value) for value in row])


def cell(value: Any) -> Any:
    """One value: numbers as they are, times in UTC, and text that can't be taken for a formula."""
    if value is None or isinstance(value, bool | int):
        return "" if value is None else value
    if isinstance(value, datetime):
        return value.isoformat()
    text = str(value)
    return f"'{text}" if text.startswith(FORMULA) else text
