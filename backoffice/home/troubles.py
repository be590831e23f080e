"""Rows that a sweep of the worker can't finish: they are tried again and again, and stop no others."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from backoffice.home import attention
from backoffice.toolkit.readonly import ReadOnlyAdmin
from core.models import PutOff


@admin.register(PutOff)
class PutOffAdmin(ReadOnlyAdmin[PutOff]):
    """Those that failed several times; one that goes well disappears by itself."""

    list_display = ("about", "sweep", "error", "attempts", "since", "until")
    sortable_by = ()
    fields = ("about", "row", "sweep", "error", "attempts", "since", "until")

    def get_queryset(self, request: HttpRequest) -> QuerySet[PutOff]:
        return attention.rows_in_trouble()
