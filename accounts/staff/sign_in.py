"""`/admin/login/`: user name and password, then the second factor of those who have one."""

import json
import time
from typing import Any, cast

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import auth as passkeys
from django import forms
from django.contrib import admin
from django.contrib.auth import login
from django.contrib.auth.views import LoginView
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from unfold.forms import AuthenticationForm

from accounts import guesses
from accounts.models import User
from accounts.staff import second_factor
from accounts.staff.pages import Counted, Field, page

PENDING = "staff_pending"
STEP_TAKES = 10 * 60  # seconds


class PasswordForm(Counted, AuthenticationForm):  # type: ignore[misc]  # Unfold is untyped
    def clean(self) -> dict[str, Any]:
        self.count(cast(HttpRequest, self.request), str(self.cleaned_data.get("username", "")))
        return super().clean() or {}


class StaffLogin(LoginView):
    template_name = "admin/login.html"
    authentication_form = PasswordForm
    next_page = "/admin/"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if admin.site.has_permission(request):
            return redirect(self.get_success_url())
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        site = admin.site.each_context(self.request)
        own = {"title": _("Sign in"), "app_path": self.request.get_full_path()}
        return {**site, **own, **super().get_context_data(**kwargs)}

    def form_valid(self, form: Any) -> HttpResponse:
        user = cast(User, form.get_user())
        to = self.get_success_url()
        if second_factor.has_one(user):
            self.request.session[PENDING] = {"user": user.pk, "at": time.time(), "to": to}
            return redirect("staff_second_step")
        enter(self.request, user, "")
        return redirect(to)

    def form_invalid(self, form: Any) -> HttpResponse:
        answer = super().form_invalid(form)
        if form.throttled:
            answer.status_code = 429
            answer["Retry-After"] = guesses.retry_after(form.throttled)
        return answer


class CodeForm(Counted):
    code = Field(
        label=gettext_lazy("Code from your app, or a recovery code"),
        autocomplete="one-time-code",
        required=False,
    )
    credential = forms.CharField(max_length=20_000, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, request: HttpRequest, user: User, **kwargs: Any) -> None:
        self.request, self.user = request, user
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        self.count_second(self.request, self.user)
        if given.get("credential"):
            self.used = _passkey(self.user, given["credential"])
        else:
            self.used = second_factor.check(self.user, given.get("code", ""))
        if self.used is None:
            raise ValidationError(_("That is not right. Try again."))
        return given


def _passkey(user: User, credential: str) -> Authenticator | None:
    try:
        return cast(Authenticator, passkeys.complete_authentication(user, json.loads(credential)))
    except (ValueError, TypeError, KeyError, ValidationError):
        return None


@sensitive_post_parameters()
@never_cache
def second_step(request: HttpRequest) -> HttpResponse:
    """The password was right; now what only they have."""
    pending = request.session.get(PENDING)
    if not pending or time.time() - pending["at"] > STEP_TAKES:
        request.session.pop(PENDING, None)
        return redirect("admin:login")
    user = User.objects.filter(pk=pending["user"], is_active=True, is_staff=True).first()
    if user is None:
        return redirect("admin:login")
    form = CodeForm(request.POST or None, request=request, user=user)
    if request.method == "POST" and form.is_valid() and form.used:
        form.used.record_usage()
        request.session.pop(PENDING)
        enter(request, user, form.used.type)
        to = pending["to"]
        safe = url_has_allowed_host_and_scheme(to, {request.get_host()}, require_https=request.is_secure())
        return redirect(to if safe else reverse("admin:index"))
    keys = second_factor.passkeys_of(user)
    options = passkeys.begin_authentication(user) if keys else None
    return page(request, "accounts/staff/second_step.html", _("Second step"), form=form, passkey=options)


def enter(request: HttpRequest, user: User, second: str) -> None:
    """Sign in this browser; the session remembers by what, from what and since when."""
    login(request, user)
    guesses.remember(request, user)
    request.session[second_factor.DONE] = second
    request.session["since"] = int(time.time())
    request.session["browser"] = request.headers.get("User-Agent", "")[:200]
