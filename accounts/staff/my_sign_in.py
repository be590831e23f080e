"""`/admin/my-sign-in/`: one's own second factors and browsers. Each change asks for the password again."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from typing import Any, cast

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.webauthn.internal import auth as passkeys
from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts.models import Session, User
from accounts.sessions import SessionStore
from accounts.staff import second_factor
from accounts.staff.pages import Counted, Field, page

View = Callable[..., HttpResponse]


class PasswordAgain(Counted):
    password = Field(
        label=gettext_lazy("Your password, again"), autocomplete="current-password", hidden=True, strip=False
    )

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        self.request, self.user = request, cast(User, request.user)
        super().__init__(*args, **kwargs)

    def clean_password(self) -> str:
        self.count(self.request, self.user.username)
        password = str(self.cleaned_data["password"])
        if not self.user.check_password(password):
            raise ValidationError(_("That is not your password."))
        return password


class AppForm(PasswordAgain):
    code = Field(label=gettext_lazy("The code that the app shows"), autocomplete="one-time-code")
    field_order = ("code", "password")

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"])
        self.secret = totp.get_totp_secret()
        if not totp.validate_totp_code(self.secret, code):
            raise ValidationError(_("That is not the code. Wait for the next one and try again."))
        return code


class PasskeyForm(PasswordAgain):
    name = Field(
        label=gettext_lazy("What you call it"), autocomplete="off", initial=gettext_lazy("This computer")
    )
    credential = forms.CharField(widget=forms.HiddenInput, max_length=20_000)
    field_order = ("name", "password", "credential")

    def clean_credential(self) -> dict[str, Any]:
        try:
            credential: dict[str, Any] = json.loads(self.cleaned_data["credential"])
            passkeys.complete_registration(credential)
        except (ValueError, TypeError, KeyError) as error:
            raise ValidationError(_("The passkey could not be read. Try again.")) from error
        return credential


def for_staff(view: View) -> View:
    """Only somebody signed in at /admin/, and with their second factor if they have one."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        user = request.user
        if not (user.is_active and user.is_staff):
            return redirect("admin:login")
        if second_factor.has_one(user) and not request.session.get(second_factor.DONE):
            request.session.flush()
            return redirect("admin:login")
        return view(request, *args, **kwargs)

    return checked


@for_staff
def overview(request: HttpRequest) -> HttpResponse:
    user = cast(User, request.user)
    context = {"factors": second_factor.of(user), "browsers": _browsers(request, user)}
    return page(request, "accounts/staff/my_sign_in.html", _("My sign-in"), **context)


def _browsers(request: HttpRequest, user: User) -> list[dict[str, Any]]:
    found = []
    for row in Session.objects.filter(user=user).order_by("-expire_date"):
        data = SessionStore().decode(row.session_data)
        since = datetime.fromtimestamp(data["since"], UTC) if "since" in data else None
        here = row.session_key == request.session.session_key
        found.append({"browser": data.get("browser", ""), "since": since, "here": here})
    return found


@for_staff
def add_app(request: HttpRequest) -> HttpResponse:
    """An authenticator app: scan, then type its code."""
    user = cast(User, request.user)
    form = AppForm(request.POST or None, request=request)
    if request.method == "POST" and form.is_valid():
        Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).delete()
        totp.TOTP.activate(user, form.secret)
        totp.clear_totp_secret(request)
        return _added(request, user, Authenticator.Type.TOTP)
    secret = totp.get_totp_secret()
    adapter = get_adapter()
    picture = mark_safe(adapter.build_totp_svg(adapter.build_totp_url(user, secret)))  # noqa: S308 - our own
    context = {"form": form, "secret": secret, "picture": picture}
    return page(request, "accounts/staff/add_app.html", _("Add an authenticator app"), **context)


@for_staff
def add_passkey(request: HttpRequest) -> HttpResponse:
    """A passkey: the browser asks for finger, face or key."""
    user = cast(User, request.user)
    form = PasskeyForm(request.POST or None, request=request)
    if request.method == "POST" and form.is_valid():
        passkeys.WebAuthn.add(user, form.cleaned_data["name"], form.cleaned_data["credential"])
        return _added(request, user, Authenticator.Type.WEBAUTHN)
    options = passkeys.begin_registration(user, passwordless=False)
    return page(request, "accounts/staff/add_passkey.html", _("Add a passkey"), form=form, passkey=options)


def _added(request: HttpRequest, user: User, kind: str) -> HttpResponse:
    codes = second_factor.added(request, user, kind)
    return page(request, "accounts/staff/recovery_codes.html", _("Your second factor is on"), codes=codes)


@for_staff
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    user = cast(User, request.user)
    one = get_object_or_404(Authenticator, pk=pk, user=user)
    form = PasswordAgain(request.POST or None, request=request)
    if request.method == "POST" and form.is_valid():
        one.delete()
        if not second_factor.has_one(user):
            second_factor.forget(user)
            request.session[second_factor.DONE] = ""
        messages.success(request, _("“%(name)s” is no longer asked for.") % {"name": one})
        return redirect("my_sign_in")
    return page(request, "accounts/staff/remove.html", _("Remove “%(name)s”") % {"name": one}, form=form)


@for_staff
@require_POST
def end_others(request: HttpRequest) -> HttpResponse:
    """Sign all other browsers out."""
    others = Session.objects.filter(user=request.user.pk).exclude(session_key=request.session.session_key)
    ended = others.delete()[0]
    messages.success(request, _("%(number)s other browsers were signed out.") % {"number": ended})
    return redirect("my_sign_in")
