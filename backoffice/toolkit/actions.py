"""What staff may do with a row: a page that says what will happen, and a form that does it.

Looking at the page (GET) changes nothing. Doing it (POST) needs the CSRF token, the action's permission, and
the row still as the person saw it, so that a second click finds it done.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from unfold.widgets import UnfoldAdminTextareaWidget

from backoffice.toolkit.readonly import ReadOnlyAdmin, Row
from backoffice.toolkit.show import page_url
from bookings.audit import By
from core.errors import DomainError
from core.language import Words


class ActionForm(forms.Form):
    """`seen` is the row's state on the page that was looked at."""

    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, row: Any, **kwargs: Any) -> None:
        self.row = row
        super().__init__(*args, **kwargs)

    def clean_seen(self) -> str:
        seen = str(self.cleaned_data["seen"])
        if seen != state_of(self.row):
            raise forms.ValidationError(_("Meanwhile it changed: look at it again before you go on."))
        return seen


class ReasonForm(ActionForm):
    """Why; kept beside the refund and shown to staff only."""

    reason = forms.CharField(
        max_length=500, required=False, widget=UnfoldAdminTextareaWidget(attrs={"rows": 3})
    )


class NeedsReasonForm(ReasonForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = True


@dataclass(frozen=True)
class Done:
    """Who does it now, and what they filled in."""

    by: By
    now: datetime
    given: dict[str, Any]


@dataclass(frozen=True)
class Action:
    """`run` does it and says what it did, or raises DomainError.

    `fits` tells when to offer it, and `why_not` says why it isn't.
    """

    name: str
    label: Words
    permission: str
    explain: Words
    run: Callable[[Any, Done], str]
    fits: Callable[[Any], bool]
    form: type[ActionForm] = ReasonForm
    icon: str = "play_arrow"
    template: str = "backoffice/action.html"
    address: Callable[[Any], str] | None = None  # a page of its own, that asks and does it
    why_not: Callable[[Any], str] = lambda row: (
        _("It can't be done while “%(status)s”.") % {"status": row.get_status_display()}
    )


@dataclass(frozen=True)
class Offer:
    """An action as a page shows it: a link, or who may do it."""

    action: Action
    url: str
    who: Sequence[str]


def state_of(row: Any) -> str:
    return f"{row.status}:{getattr(row, 'generation', '')}"


class ActionPages(ReadOnlyAdmin[Row]):
    """For an admin: `row_actions` are offered on each row's page."""

    row_actions: tuple[Action, ...] = ()
    change_form_outer_before_template = "backoffice/offers.html"

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.action_view)
        name = f"{self.model._meta.app_label}_{self.model._meta.model_name}_do"
        return [path("<path:object_id>/do/<slug:action>/", view, name=name), *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        row = self.get_object(request, object_id)
        more: dict[str, Any] = {}
        if row is not None:
            more = {"offers": offers(request, row, self.row_actions), "row_name": self.name_of(row)}
            more |= {"advice": self.advice(row), "is_urgent": self.is_urgent(row)}
        return super().change_view(request, object_id, form_url, more | (extra_context or {}))

    def name_of(self, row: Any) -> str:
        """What a row's page is called."""
        return str(row)

    def advice(self, row: Any) -> str:
        """What happened and what to do now, for the top of a row's page; "" if there is nothing to say."""
        return ""

    def is_urgent(self, row: Any) -> bool:
        """Whether somebody has to do something."""
        return False

    def after(self, request: HttpRequest, row: Any) -> str:
        """Where to go when something was done with a row."""
        return page_url(row)

    def facts_of(self, row: Any) -> dict[str, Any]:
        """What a person should see once more before anything is done with a row."""
        return {}

    def action_view(self, request: HttpRequest, object_id: str, action: str) -> HttpResponse:
        """Show an action, or do it."""
        chosen = next((one for one in self.row_actions if one.name == action), None)
        row = self.get_object(request, object_id) if chosen else None
        if chosen is None or chosen.address or row is None:
            raise Http404
        may_look = self.has_view_permission(request, row)
        if not (may_look and request.user.has_perm(chosen.permission)):
            raise PermissionDenied
        given = (request.POST, request.FILES) if request.method == "POST" else ()
        form = chosen.form(*given, row=row, initial={"seen": state_of(row)})
        if request.method == "POST" and form.is_valid() and self._is_done(request, chosen, row, form):
            return HttpResponseRedirect(self.after(request, row))
        return self._page(request, chosen, row, form)

    def _is_done(self, request: HttpRequest, chosen: Action, row: Any, form: ActionForm) -> bool:
        by = By(f"staff:{request.user.pk}", "admin")
        try:
            told = chosen.run(row, Done(by, timezone.now(), form.cleaned_data))
        except DomainError as error:
            form.add_error(None, error.detail)
            return False
        messages.success(request, told)
        return True

    def _page(self, request: HttpRequest, chosen: Action, row: Any, form: ActionForm) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": chosen.label,
            "opts": self.model._meta,
            "action": chosen,
            "row": row,
            "row_name": self.name_of(row),
            "facts": self.facts_of(row),
            "back": page_url(row),
            "form": form,
            "fits": chosen.fits(row),
            "why_not": chosen.why_not(row),
        }
        return TemplateResponse(request, chosen.template, context, status=409 if form.is_bound else 200)


def offers(request: HttpRequest, row: Any, actions: Sequence[Action]) -> list[Offer]:
    """The actions that fit the row now: those the person may do with a link, all with who may."""
    fitting = [action for action in actions if action.fits(row)]
    who = _groups_with([action.permission for action in fitting])
    meta = row._meta
    page = f"admin:{meta.app_label}_{meta.model_name}_do"
    return [
        Offer(
            action,
            _address(page, action, row) if request.user.has_perm(action.permission) else "",
            who[action.permission],
        )
        for action in fitting
    ]


def _address(page: str, action: Action, row: Any) -> str:
    return action.address(row) if action.address else reverse(page, args=[row.pk, action.name])


def _groups_with(permissions: Sequence[str]) -> dict[str, list[str]]:
    """The roles that have each of these permissions, in one query."""
    found: dict[str, list[str]] = {permission: [] for permission in permissions}
    codenames = [permission.split(".")[1] for permission in permissions]
    held = Group.objects.filter(permissions__codename__in=codenames).order_by("name")
    for app, codename, name in held.values_list(
        "permissions__content_type__app_label", "permissions__codename", "name"
    ):
        found.setdefault(f"{app}.{codename}", []).append(name)
    return found
