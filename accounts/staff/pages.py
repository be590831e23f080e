"""What the pages around signing in share: the admin's own looks, guesses counted, forms in its style."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from rest_framework.exceptions import Throttled
from unfold.widgets import BASE_INPUT_CLASSES

from accounts import guesses
from accounts.models import User

TEXT = {"class": " ".join(BASE_INPUT_CLASSES)}


class Field(forms.CharField):
    """A text field as the admin shows them."""

    def __init__(self, *, autocomplete: str, hidden: bool = False, **kwargs: Any) -> None:
        attrs = TEXT | {"autocomplete": autocomplete}
        widget = forms.PasswordInput(attrs=attrs) if hidden else forms.TextInput(attrs=attrs)
        super().__init__(widget=widget, max_length=1024, **kwargs)


def page(request: HttpRequest, template: str, title: str, **context: Any) -> HttpResponse:
    """One page, with what the admin's layout needs."""
    form = context.get("form")
    told = getattr(form, "throttled", None)
    site = admin.site.each_context(request)
    answer = render(request, template, {**site, "title": title, **context}, status=429 if told else 200)
    if told:
        answer["Retry-After"] = guesses.retry_after(told)
    answer["Cache-Control"] = "no-store"
    return answer


class Counted(forms.Form):
    """A form at which guesses are counted: too many are told in words, and by 429 on the page."""

    throttled: Throttled | None = None

    def count(self, request: HttpRequest, given: str) -> None:
        """One more guess at whom `given` names. Raises ValidationError."""
        with self._told():
            guesses.count_address(request)
            guesses.count_at(request, given)

    def count_second(self, request: HttpRequest, user: User) -> None:
        """One more try at somebody's second factor. Raises ValidationError."""
        with self._told():
            guesses.count_second_factor(request, user)

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except Throttled as error:
            self.throttled = error
            seconds = guesses.retry_after(error)
            raise ValidationError(
                _("Too many tries. Wait %(seconds)s seconds, then try again.") % {"seconds": seconds}
            ) from error
