"""CSV with money in decimals or, at `minor/`, in minor units."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, StreamingHttpResponse
from django.urls import URLPattern, path
from django.utils import timezone

from backoffice.toolkit.csv import CHUNK, CsvExport
from backoffice.toolkit.readonly import Row
from core import clock, spreadsheet
from core.spreadsheet import Money
from core.storage import replica


def download(
    name: str, columns: Iterable[str], rows: Iterable[Iterable[Any]], *, minor_units: bool = False
) -> StreamingHttpResponse:
    """Stream a file."""
    return StreamingHttpResponse(
        spreadsheet.lines(columns, rows, minor_units=minor_units),
        content_type=spreadsheet.CONTENT_TYPE,
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"'},
    )


class MoneyCsv(CsvExport[Row]):
    """For an admin: `csv_money` names those of `csv_columns` that are money, in the row's `currency`."""

    csv_money: tuple[str, ...] = ()
    list_before_template = "backoffice/books/list_tools.html"

    def get_urls(self) -> list[URLPattern]:
        return [path("csv/minor/", self.admin_site.admin_view(self.minor_csv_view)), *super().get_urls()]

    def csv_view(self, request: HttpRequest) -> StreamingHttpResponse:
        """All rows of the list as it is filtered, money in decimals."""
        return self._file(request, minor_units=False)

    def minor_csv_view(self, request: HttpRequest) -> StreamingHttpResponse:
        """The same in minor units."""
        return self._file(request, minor_units=True)

    def _file(self, request: HttpRequest, *, minor_units: bool) -> StreamingHttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        listed = self.get_changelist_instance(request).get_queryset(request)
        rows = listed.using(replica.alias(clock.now())).values(*self.csv_columns).iterator(chunk_size=CHUNK)
        name = f"{self.model._meta.model_name}-{timezone.localdate():%Y-%m-%d}"
        return download(name, self.csv_columns, map(self._cells, rows), minor_units=minor_units)

    def _cells(self, row: dict[str, Any]) -> Iterator[Any]:
        for name, value in row.items():
            yield Money(value, row["currency"]) if name in self.csv_money else value
