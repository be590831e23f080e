"""Customers as staff see them: who they are, what they booked and paid, notes and mails."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminEmailInputWidget, UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from accounts import erasure, search
from accounts.address import change_address
from accounts.models import Customer, Note, User
from accounts.models.sign_ins import end_sign_ins
from accounts.profile import PHONE
from backoffice.people import customer_page
from backoffice.toolkit.actions import Action, ActionForm, ActionPages, Done
from backoffice.toolkit.lists import BigPaginator
from backoffice.toolkit.plain_texts import PlainTexts
from backoffice.toolkit.unfold import display
from core.errors import DomainError
from payments.gateway import StripeFailure


class EditForm(PlainTexts, ActionForm):
    name = forms.CharField(max_length=150, required=False, widget=UnfoldAdminTextInputWidget)
    phone = forms.RegexField(PHONE, max_length=32, required=False, widget=UnfoldAdminTextInputWidget)
    email = forms.EmailField(
        max_length=254,
        required=False,
        label=gettext_lazy("E-mail address"),
        widget=UnfoldAdminEmailInputWidget,
    )

    def __init__(self, *args: Any, row: Customer, **kwargs: Any) -> None:
        super().__init__(*args, row=row, **kwargs)
        for name in ("name", "phone", "email"):
            self.fields[name].initial = getattr(row, name)


class NoteForm(PlainTexts, ActionForm):
    text = forms.CharField(max_length=2000, widget=UnfoldAdminTextareaWidget(attrs={"rows": 4}))


class EraseForm(ActionForm):
    sure = forms.CharField(
        label=gettext_lazy("Type “erase” to go on"), max_length=10, widget=UnfoldAdminTextInputWidget
    )

    def clean_sure(self) -> str:
        if self.cleaned_data["sure"].strip().lower() != "erase":
            raise forms.ValidationError(_("Type the word “erase”: it can't be undone."))
        return "erase"


def _edit(customer: Customer, done: Done) -> str:
    with transaction.atomic():
        user = User.objects.select_for_update().get(pk=customer.pk)
        user.name, user.phone = done.given["name"], done.given["phone"]
        user.save(update_fields=["name", "phone"])
        change_address(user, done.given["email"])
    return _("It is changed.")


def _note(customer: Customer, done: Done) -> str:
    writer = int(done.by.actor.partition(":")[2])
    Note.objects.create(
        customer_id=customer.pk, text=done.given["text"], written_by_id=writer, written_at=done.now
    )
    return _("The note is kept.")


def _sign_out(customer: Customer, done: Done) -> str:
    end_sign_ins(customer.pk)
    return _("They are signed out on every phone and browser.")


def _erase(customer: Customer, done: Done) -> str:
    try:
        erasure.erase(User.objects.get(pk=customer.pk), by=done.by, now=done.now)
    except erasure.StillOpen as error:
        raise DomainError("still_open", str(error)) from error
    except StripeFailure as error:
        raise DomainError("stripe_unavailable", _("Stripe can't be asked now. Try again later.")) from error
    return _("The customer is erased. What was paid stays, without them.")


def _is_known(customer: Customer) -> bool:
    return not customer.username.startswith("erased-")


def _why_not(customer: Customer) -> str:
    return _("They are erased.")


ACTIONS = (
    Action(
        "edit",
        gettext_lazy("Change name or address"),
        "accounts.change_customer",
        gettext_lazy("As they told you. They sign in with the new address from then on."),
        _edit,
        fits=_is_known,
        form=EditForm,
        icon="edit",
        why_not=_why_not,
    ),
    Action(
        "note",
        gettext_lazy("Write a note"),
        "accounts.note_customer",
        gettext_lazy(
            "For staff. It goes along when the customer takes their data along, so write it as they "
            "may read it."
        ),
        _note,
        fits=_is_known,
        form=NoteForm,
        icon="edit_note",
        why_not=_why_not,
    ),
    Action(
        "sign-out",
        gettext_lazy("Sign out everywhere"),
        "accounts.change_customer",
        gettext_lazy("For a lost phone: every device of theirs has to sign in again."),
        _sign_out,
        fits=_is_known,
        form=ActionForm,
        icon="logout",
        why_not=_why_not,
    ),
    Action(
        "erase",
        gettext_lazy("Erase"),
        "accounts.erase_customer",
        gettext_lazy(
            "Name, address, phone, notes and reasons are emptied for good, also at Stripe. What was "
            "paid stays."
        ),
        _erase,
        fits=_is_known,
        form=EraseForm,
        icon="person_remove",
        why_not=_why_not,
    ),
)


@admin.register(Customer)
class CustomerAdmin(ActionPages[Customer]):
    """Everybody who books."""

    row_actions = ACTIONS
    change_form_template = "backoffice/people/customer.html"
    list_display = ("called", "email", "phone", "date_joined")
    sortable_by = ()
    ordering = ("-pk",)
    paginator = BigPaginator
    fields = ("username",)
    readonly_fields = fields
    search_fields = ("pk",)  # shows the box; get_search_results decides
    search_help_text = gettext_lazy(
        "Part of a name, an e-mail address or a phone number: three letters or more"
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Customer]:
        everybody: QuerySet[Customer] = super().get_queryset(request)
        return everybody.filter(is_staff=False, is_superuser=False)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Customer], search_term: str
    ) -> tuple[QuerySet[Customer], bool]:
        if not search_term.strip():
            return queryset, False
        return search.find(queryset, search_term), False

    @display(description=gettext_lazy("Name"))
    def called(self, customer: Customer) -> str:
        return customer.name or customer.username

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        customer = self.get_object(request, object_id)
        more = {"page": customer_page.of(customer, request)} if customer else {}
        return super().change_view(request, object_id, form_url, more)
