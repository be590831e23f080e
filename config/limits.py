"""How much a request may bring, before anything of it is read or written to a disk."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from config import exceptions

GetResponse = Callable[[HttpRequest], HttpResponse]

# Forms and JSON. Evidence files by staff have up to 5 MB; the webhook has a limit of its own.
LARGEST, LARGEST_UPLOAD = 256 * 1024, 6 * 1024 * 1024


def bounded_bodies(get_response: GetResponse) -> GetResponse:
    """Refuse a large body from anybody but staff at their desk (413)."""

    def middleware(request: HttpRequest) -> HttpResponse:
        length = _length(request)
        if length > LARGEST_UPLOAD or (length > LARGEST and not _is_at_desk(request)):
            return exceptions.too_large(request)
        return get_response(request)

    return middleware


def _length(request: HttpRequest) -> int:
    told = request.META.get("CONTENT_LENGTH") or "0"
    return int(told) if told.isascii() and told.isdigit() and len(told) < 12 else LARGEST_UPLOAD + 1


def _is_at_desk(request: HttpRequest) -> bool:
    return request.path_info.startswith("/admin/") and request.user.is_active and request.user.is_staff
