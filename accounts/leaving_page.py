"""`/account/delete/`: leaving without the app. A code goes to the address, whoever it belongs to."""

import secrets
import time
from collections.abc import Callable
from functools import wraps

from allauth.core.internal.cryptokit import compare_user_code, generate_user_code
from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop
from django.views.decorators.http import require_http_methods
from rest_framework.exceptions import Throttled

from accounts import deletion, guesses
from accounts.backends import who_may_be
from accounts.models import User
from bookings import messages
from bookings.audit import By

KEY = "leaving"
GOOD_FOR = 15 * 60  # seconds
TRIES = 3
View = Callable[[HttpRequest], HttpResponse]


class AddressForm(forms.Form):
    email = forms.EmailField(label=gettext_lazy("E-mail address of the account"), max_length=254)


class CodeForm(forms.Form):
    code = forms.CharField(label=gettext_lazy("The code from the mail"), max_length=20)


def _private(view: View) -> View:
    """Nothing of these pages is kept, passed on or found by a search engine; every try is counted."""

    @wraps(view)
    def page(request: HttpRequest) -> HttpResponse:
        try:
            if request.method == "POST":
                guesses.count_address(request)
            response = view(request)
        except Throttled as error:
            response = render(request, "accounts/too_many.html", status=429)
            response["Retry-After"] = guesses.retry_after(error)
        response["Cache-Control"] = "no-store"
        response["Referrer-Policy"] = "same-origin"
        response["X-Robots-Tag"] = "noindex"
        return response

    return page


@require_http_methods(["GET", "HEAD", "POST"])
@_private
def ask(request: HttpRequest) -> HttpResponse:
    """Whose account? The answer is the same for an address that nobody has."""
    form = AddressForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return render(request, "accounts/delete.html", {"form": form})
    address = form.cleaned_data["email"]
    guesses.count_mail(request, address)
    user = next((user for user in who_may_be(address) if _may_leave(user, address)), None)
    code = generate_user_code()
    request.session[KEY] = {
        "user": user.pk if user else None,
        "code": code if user else secrets.token_hex(),
        "until": time.time() + GOOD_FOR,
        "tries": TRIES,
    }
    if user:
        messages.to_person("delete_account", user.email, now=timezone.now(), code=code)
    else:
        messages.to_person("nothing_to_delete", address, now=timezone.now())
    return redirect("account_delete_confirm")


def _may_leave(user: User, address: str) -> bool:
    return user.is_active and not user.is_staff and user.email == address.lower()


@require_http_methods(["GET", "HEAD", "POST"])
@_private
def confirm(request: HttpRequest) -> HttpResponse:
    """The code that was mailed is the proof; a few tries, a few minutes."""
    state = request.session.get(KEY)
    if not state or state["until"] < time.time() or state["tries"] < 1:
        request.session.pop(KEY, None)
        return redirect("account_delete")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if compare_user_code(actual=form.cleaned_data["code"], expected=state["code"]):
            request.session.pop(KEY)
            return _delete(request, User.objects.get(pk=state["user"]))
        request.session[KEY] = state | {"tries": state["tries"] - 1}
        form.add_error("code", _("That is not the code. After three tries a new one is needed."))
    return render(request, "accounts/delete_confirm.html", {"form": form})


def _delete(request: HttpRequest, user: User) -> HttpResponse:
    now = timezone.now()
    asked = deletion.ask(user, now=now)
    waits_for = deletion.carry_out(asked, by=By(f"customer:{user.pk}", "api"), now=now)
    told = [(waiting.booking_reference, _(WAITING_WORDS[waiting.reason])) for waiting in waits_for]
    return render(request, "accounts/deleted.html", {"erased": bool(asked.erased_at), "waits_for": told})


WAITING_WORDS = {
    "appointment": gettext_noop("an appointment is still to come, or not over yet"),
    "refund": gettext_noop("a refund is still on its way to you"),
    "refund_may_return": gettext_noop("your bank may still send a refund back to us, up to 30 days later"),
    "dispute": gettext_noop("your bank still decides about a payment"),
}
