"""Staff: invited, given roles, signed out. Who may do it to whom: accounts/staff/giving.py."""

from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
)

from accounts.models import Staff, User
from accounts.models.sign_ins import end_sign_ins
from accounts.staff import giving, inviting, second_factor
from backoffice.people.invite_form import InviteForm
from backoffice.toolkit.actions import Action, ActionForm, ActionPages, Done
from backoffice.toolkit.show import page_url
from backoffice.toolkit.unfold import coloured, display
from bookings.models import Resource
from core.errors import DomainError


def _giver(done: Done) -> User:
    return User.objects.get(pk=int(done.by.actor.partition(":")[2]))


class RolesForm(ActionForm):
    roles = forms.ModelMultipleChoiceField(
        Group.objects.order_by("name"), required=False, widget=UnfoldAdminCheckboxSelectMultipleWidget
    )

    def __init__(self, *args: Any, row: Staff, **kwargs: Any) -> None:
        super().__init__(*args, row=row, **kwargs)
        self.fields["roles"].initial = list(row.groups.all())


class PlainForm(ActionForm):
    """Nothing to fill in."""


def _give(person: Staff, done: Done) -> str:
    giving.set_roles(_giver(done), person, done.given["roles"], now=done.now)
    return _("The roles are given.")


def _switch_off(person: Staff, done: Done) -> str:
    giving.switch(_giver(done), person, on=False, now=done.now)
    return _("They can no longer sign in, and are signed out everywhere.")


def _switch_on(person: Staff, done: Done) -> str:
    giving.switch(_giver(done), person, on=True, now=done.now)
    return _("They may sign in again.")


def _end_sessions(person: Staff, done: Done) -> str:
    with transaction.atomic():
        giving.refuse_unless_manages(_giver(done), person)
        end_sign_ins(person.pk)
        giving.record(_giver(done), person, "sessions.ended", now=done.now)
    return _("They are signed out everywhere.")


def _forget_factor(person: Staff, done: Done) -> str:
    with transaction.atomic():
        giving.refuse_unless_manages(_giver(done), person)
        second_factor.forget(person)
        end_sign_ins(person.pk)
        giving.record(_giver(done), person, "second_factor.forgotten", now=done.now)
    return _("They sign in with the password alone, and can add a new second factor.")


def _never(person: Staff) -> str:
    return _("It can't be done as it stands.")


ACTIONS = (
    Action(
        "roles",
        gettext_lazy("Change roles"),
        giving.MANAGE,
        gettext_lazy(
            "From the next click on they may do what these roles may. Give only what you may do yourself."
        ),
        _give,
        fits=bool,
        form=RolesForm,
        icon="badge",
        why_not=_never,
    ),
    Action(
        "off",
        gettext_lazy("Switch off sign-in"),
        giving.MANAGE,
        gettext_lazy("They are signed out everywhere and can't sign in until somebody switches it on again."),
        _switch_off,
        fits=lambda person: person.is_active,
        form=PlainForm,
        icon="block",
        why_not=_never,
    ),
    Action(
        "on",
        gettext_lazy("Switch on sign-in"),
        giving.MANAGE,
        gettext_lazy("They may sign in again with their password."),
        _switch_on,
        fits=lambda person: not person.is_active,
        form=PlainForm,
        icon="lock_open",
        why_not=_never,
    ),
    Action(
        "sign-out",
        gettext_lazy("Sign out everywhere"),
        giving.MANAGE,
        gettext_lazy("Every browser and phone of theirs has to sign in again."),
        _end_sessions,
        fits=lambda person: person.is_active,
        form=PlainForm,
        icon="logout",
        why_not=_never,
    ),
    Action(
        "forget-factor",
        gettext_lazy("Forget the second factor"),
        giving.MANAGE,
        gettext_lazy("For somebody whose phone or key is lost. Make sure that it is really them who ask."),
        _forget_factor,
        fits=second_factor.has_one,
        form=PlainForm,
        icon="phonelink_erase",
        why_not=_never,
    ),
)


@admin.register(Staff)
class StaffAdmin(ActionPages[Staff]):
    """Everybody who works here."""

    row_actions = ACTIONS
    list_display = ("called", "email", "roles", "state", "last_login")
    sortable_by = ()
    list_before_template = "backoffice/people/invite.html"
    fields = ("called", "email", "username", "roles", "state", "factor", "last_login")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Staff]:
        everybody: QuerySet[Staff] = super().get_queryset(request)
        works_here = Q(is_staff=True) | Q(is_superuser=True)
        return everybody.filter(works_here).prefetch_related("groups").order_by("name", "username")

    @display(description=gettext_lazy("Name"))
    def called(self, person: Staff) -> str:
        return person.name or person.username

    @display(description=gettext_lazy("Roles"))
    def roles(self, person: Staff) -> str:
        names = [group.name for group in person.groups.all()]
        return ", ".join(["superuser", *names] if person.is_superuser else names) or "none"

    @coloured(
        gettext_lazy("State"),
        {
            gettext_lazy("Works here"): "success",
            gettext_lazy("Invited"): "warning",
            gettext_lazy("Sign-in is off"): "danger",
        },
    )
    def state(self, person: Staff) -> str:
        if not person.is_active:
            return _("Sign-in is off")
        return _("Works here") if person.has_usable_password() else _("Invited")

    @display(description=gettext_lazy("Second factor"))
    def factor(self, person: Staff) -> str:
        return ", ".join(map(str, second_factor.of(person))) or "none"

    def get_urls(self) -> list[URLPattern]:
        invite = self.admin_site.admin_view(self.invite_view)
        again = self.admin_site.admin_view(self.again_view)
        return [
            path("invite/", invite, name="accounts_staff_invite"),
            path("<int:pk>/invite-again/", again, name="accounts_staff_invite_again"),
            *super().get_urls(),
        ]

    def invite_view(self, request: HttpRequest) -> HttpResponse:
        giver = cast(User, request.user)
        if not giver.has_perm(giving.MANAGE):
            raise PermissionDenied
        form = InviteForm(request.POST or None, giver=giver)
        if request.method == "POST" and form.is_valid() and (person := self._invited(request, giver, form)):
            messages.success(request, _("%(name)s is invited: a mail is on its way.") % {"name": person.name})
            return HttpResponseRedirect(page_url(Staff.objects.get(pk=person.pk)))
        context = {**self.admin_site.each_context(request), "title": _("Invite somebody"), "form": form}
        return TemplateResponse(request, "backoffice/people/invite_form.html", context)

    def _invited(self, request: HttpRequest, giver: User, form: InviteForm) -> User | None:
        given = form.cleaned_data
        try:
            with transaction.atomic():
                person = inviting.invite(
                    request,
                    giver,
                    email=given["email"],
                    name=given["name"],
                    roles=given["roles"],
                    now=timezone.now(),
                )
                if given["resource"]:
                    Resource.objects.filter(pk=given["resource"].pk, user=None).update(user=person)
        except DomainError as error:
            form.add_error(None, error.detail)
            return None
        return person

    def again_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        person = Staff.objects.filter(pk=pk, is_staff=True).first()
        if request.method != "POST" or person is None or not request.user.has_perm(giving.MANAGE):
            raise PermissionDenied
        try:
            inviting.invite_again(request, cast(User, request.user), person, now=timezone.now())
            messages.success(request, _("A new invitation is on its way."))
        except DomainError as error:
            messages.error(request, error.detail)
        return HttpResponseRedirect(page_url(person))
