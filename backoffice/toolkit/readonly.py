"""Pages that only show: nothing is added, edited or deleted in the admin, forged requests included."""

from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse

from backoffice.toolkit.unfold import ModelAdmin

Row = TypeVar("Row", bound=Model)


class ReadOnlyAdmin(ModelAdmin[Row]):
    """Rows that other code writes."""

    actions = None
    show_full_result_count = False
    list_per_page = 50

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Django answers a forged action with a friendly redirect; here it is refused."""
        if request.method not in ("GET", "HEAD"):
            raise PermissionDenied
        answer: HttpResponse = super().changelist_view(request, extra_context)
        return answer
