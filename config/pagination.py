"""Pages of a list: newest first, by cursor, so that a page's cost doesn't grow with its number."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError as NoPosition
from django.db.models import QuerySet
from rest_framework.exceptions import NotFound, ParseError, ValidationError
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request

if TYPE_CHECKING:  # DRF imports this module while it is still importing its views
    from rest_framework.views import APIView


class NewestFirst(CursorPagination):
    """Views whose model has no `created_at` name their own `ordering`."""

    ordering = ("-created_at", "-id")
    page_size = 20
    page_size_query_param = "limit"
    max_page_size = 100

    def get_ordering(self, request: Request, queryset: QuerySet[Any], view: Any) -> tuple[str, ...]:
        return tuple(getattr(view, "ordering", self.ordering))

    def get_page_size(self, request: Request) -> int | None:
        """Up to 100, more is cut down to that; anything but a positive whole number is refused."""
        asked = request.query_params.get("limit")
        if asked is not None and not (re.fullmatch("[0-9]{1,4000}", asked) and int(asked)):
            raise ValidationError({"limit": "Give a positive whole number."})
        return super().get_page_size(request)

    def paginate_queryset(
        self, queryset: QuerySet[Any] | Sequence[Any], request: Request, view: "APIView | None" = None
    ) -> list[Any] | None:
        try:
            return super().paginate_queryset(queryset, request, view)
        # NotFound: it does not decode. The others: it does, but to no position.
        except (NotFound, NoPosition, ValueError) as error:
            raise ParseError("The cursor is not one of ours.", code="invalid_cursor") from error
