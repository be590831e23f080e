"""Where a setting asks for it, nobody moves money or manages people without a second factor."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts.staff import second_factor
from backoffice.roles import TRUSTED

GetResponse = Callable[[HttpRequest], HttpResponse]
OPEN = ("/admin/login/", "/admin/logout/", "/admin/my-sign-in/", "/admin/password/", "/admin/forgotten/")


def second_factor_where_money_moves(get_response: GetResponse) -> GetResponse:
    """Lead whoever is trusted with money or people, and came without a second factor, to adding one."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if settings.SECOND_FACTOR_REQUIRED and _is_missing(request):
            return redirect("my_sign_in")
        return get_response(request)

    return middleware


def _is_missing(request: HttpRequest) -> bool:
    path, user = request.path_info, request.user
    if not path.startswith("/admin/") or path.startswith(OPEN) or not user.is_authenticated:
        return False
    trusted = user.is_superuser or user.get_all_permissions() & TRUSTED
    return bool(trusted) and not request.session.get(second_factor.DONE)
