"""Lists over a million rows: nothing counts the whole table, and a page is found by its ids first."""

from collections.abc import Iterator
from typing import Any

from django.core.paginator import Page, Paginator
from django.db import connection
from django.db.models import Model, QuerySet
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

# Beyond this many a filtered list is not paged through: its filters get narrowed, or it is exported.
COUNTED = 10_000


class BigPaginator(Paginator):  # type: ignore[type-arg]  # not generic when it runs
    """Pages of a queryset whose size is estimated as a whole, and counted only so far when filtered."""

    template_name = "backoffice/pagination.html"
    object_list: QuerySet[Model]

    @cached_property
    def estimate(self) -> int | None:
        """About how many rows there are, from PostgreSQL's statistics; None where it isn't known."""
        if self.object_list.query.where or connection.vendor != "postgresql":
            return None
        with connection.cursor() as cursor:
            table = self.object_list.model._meta.db_table
            cursor.execute("SELECT reltuples::bigint FROM pg_class WHERE oid = %s::regclass", [table])
            found = int(cursor.fetchone()[0])
        return found if found > COUNTED else None

    @cached_property
    def count(self) -> int:
        if self.estimate is not None:
            return self.estimate
        return self.object_list.order_by()[: COUNTED + 1].count()

    @property
    def words(self) -> str:
        """How many rows there are, as far as it is known."""
        if self.estimate is not None:
            return _("about %(number)s") % {"number": f"{self.estimate:,}"}
        return (
            _("more than %(number)s") % {"number": f"{COUNTED:,}"}
            if self.count > COUNTED
            else f"{self.count:,}"
        )

    def page(self, number: int | str) -> "Page[Any]":
        number = self.validate_number(number)
        start = (number - 1) * self.per_page
        ids = list(self.object_list.values_list("pk", flat=True)[start : start + self.per_page])
        rows = self.object_list.model._default_manager.filter(pk__in=ids)
        related = self.object_list.query.select_related
        if isinstance(related, dict):
            rows = rows.select_related(*_paths(related))
        by_id = {row.pk: row for row in rows}
        return Page([by_id[pk] for pk in ids if pk in by_id], number, self)


def _paths(tree: dict[str, Any], before: str = "") -> Iterator[str]:
    for name, branch in tree.items():
        yield before + name
        yield from _paths(branch, f"{before}{name}__")
