"""Forgotten password, and the first one of somebody invited: by a link in the mail, good once."""

from typing import Any

from django.contrib import admin
from django.contrib import messages as told
from django.contrib.auth.forms import SetPasswordForm
from django.contrib.auth.views import PasswordResetConfirmView
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework.exceptions import Throttled

from accounts import guesses
from accounts.models import User
from accounts.staff.inviting import send_link
from accounts.staff.pages import TEXT, Counted, Field, page
from bookings import messages


class AddressForm(Counted):
    email = Field(label=gettext_lazy("Your e-mail address"), autocomplete="email")


def forgotten(request: HttpRequest) -> HttpResponse:
    """Mail a link to a member of staff; the page says the same whoever's address it is."""
    form = AddressForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return page(request, "accounts/staff/forgotten.html", _("Forgotten password"), form=form)
    address = form.cleaned_data["email"].strip()
    try:
        guesses.count_address(request)
        guesses.count_mail(request, address)
    except Throttled as error:
        form.throttled = error
        form.add_error(None, _("Too many tries. Wait a while, then try again."))
        return page(request, "accounts/staff/forgotten.html", _("Forgotten password"), form=form)
    now = timezone.now()
    person = User.objects.filter(email=address.lower(), is_staff=True, is_active=True).first()
    if person and person.has_usable_password():
        send_link(request, person, "staff_password", now=now)
    else:
        messages.to_person("no_account", address, now=now)
    return page(request, "accounts/staff/forgotten.html", _("Look into your mail"), sent=True)


class PasswordForm(SetPasswordForm):  # type: ignore[type-arg]  # not generic when it runs
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs |= TEXT


class ChoosePassword(PasswordResetConfirmView):
    template_name = "accounts/staff/choose_password.html"
    form_class = PasswordForm
    success_url = reverse_lazy("admin:login")
    title = gettext_lazy("Choose a password")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            guesses.count_address(request)
        except Throttled as error:
            answer = page(request, "accounts/staff/choose_password.html", _("Too many tries"), wait=True)
            answer.status_code = 429
            answer["Retry-After"] = guesses.retry_after(error)
            return answer
        page_of_link = super().dispatch(request, *args, **kwargs)
        page_of_link["Referrer-Policy"] = "no-referrer"
        return page_of_link

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**admin.site.each_context(self.request), **super().get_context_data(**kwargs)}

    def form_valid(self, form: Any) -> HttpResponse:
        told.success(self.request, _("Your password is set. Sign in with it."))
        answer = super().form_valid(form)
        # The link came by their mail: strangers' guesses don't keep them out here.
        guesses.remember(self.request, form.user)
        return answer
