"""What is asked for when somebody is booked at the desk or on the phone."""

import uuid
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import (
    UnfoldAdminEmailInputWidget,
    UnfoldAdminRadioSelectWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from accounts.models import User
from backoffice.agenda import customers
from backoffice.toolkit.plain_texts import PlainTexts
from backoffice.toolkit.sold import called
from bookings.calendar import clocks
from bookings.models import Business, PayAt, Resource, Service
from core.money import in_words

NEW = "new"
FIVE_MINUTES = 5


class ServiceField(forms.ModelChoiceField):  # type: ignore[type-arg]  # not generic when it runs
    """Services with what they take: time and money."""

    def label_from_instance(self, obj: Any) -> str:
        minutes = int(obj.duration.total_seconds() // 60)
        return _("%(name)s (%(minutes)s min, %(money)s)") % {
            "name": obj.name,
            "minutes": minutes,
            "money": in_words(obj.price, obj.currency),
        }


class WhenForm(forms.Form):
    """A day and a time of the business's clock, and with whom."""

    day = forms.DateField(widget=UnfoldAdminTextInputWidget(attrs={"type": "date"}))
    time = forms.TimeField(widget=UnfoldAdminTextInputWidget(attrs={"type": "time"}))
    resource = forms.ModelChoiceField(
        Resource.objects.filter(is_active=True).order_by("kind", "name"),
        required=False,
        label=gettext_lazy("With"),
        empty_label=gettext_lazy("Whoever is free"),
        widget=UnfoldAdminSelectWidget,
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if "day" in given and "time" in given:
            wall = datetime.combine(given["day"], given["time"])
            zone = Business.current().zone
            if not clocks.comes(wall, zone):
                self.add_error("time", _("The clocks skip this time on that day."))
            given["starts_at"] = clocks.moment(wall, zone)
        return given


class BookForm(PlainTexts, WhenForm):
    """Who, what, when, how it is paid; `key` is the form's own, so that sent twice it books once."""

    find = forms.CharField(
        max_length=150,
        label=gettext_lazy("Customer's name, phone or e-mail"),
        widget=UnfoldAdminTextInputWidget,
    )
    customer = forms.CharField(max_length=20, required=False, widget=forms.HiddenInput)
    phone = forms.CharField(max_length=32, required=False, widget=UnfoldAdminTextInputWidget)
    email = forms.EmailField(required=False, label="E-mail", widget=UnfoldAdminEmailInputWidget)
    service = ServiceField(
        Service.objects.filter(is_active=True).order_by("name"),
        empty_label=None,
        widget=UnfoldAdminSelectWidget,
    )
    pay_at = forms.ChoiceField(
        choices=[
            (PayAt.DESK, gettext_lazy("At the desk, when they come")),
            (PayAt.APP, gettext_lazy("In the app: the time is held for it")),
        ],
        label=gettext_lazy("They pay"),
        widget=UnfoldAdminRadioSelectWidget,
    )
    note = forms.CharField(
        max_length=1000,
        required=False,
        label=gettext_lazy("Note for the day"),
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 2}),
    )
    key = forms.UUIDField(widget=forms.HiddenInput)
    field_order = (
        "find",
        "customer",
        "phone",
        "email",
        "service",
        "resource",
        "day",
        "time",
        "pay_at",
        "note",
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        find = given.get("find", "")
        known = customers.matching(find)
        chosen = given.get("customer", "")
        if chosen and chosen != NEW:
            given["known"] = customers.chosen(chosen)
            if given["known"] is None:
                self.add_error("find", _("This person is not known any more. Look for them again."))
        elif known and chosen != NEW:
            self.add_error("find", _("Choose one of those who are known, or somebody new."))
        self._refuse_without_address(given)
        return given

    def _refuse_without_address(self, given: dict[str, Any]) -> None:
        known = given.get("known")
        address = known.email if known else given.get("email") or ("@" in given.get("find", ""))
        if given.get("pay_at") == PayAt.APP and not address:
            self.add_error("email", _("To pay in the app they need an e-mail address."))

    def buyer(self) -> User:
        """Who books; somebody new is made now."""
        given = self.cleaned_data
        if isinstance(known := given.get("known"), User):
            return known
        find, phone, email = given["find"].strip(), given["phone"], given["email"]
        if customers.is_phone(find):
            return customers.make(name="", phone=phone or find, email=email)
        if "@" in find:
            return customers.make(name="", phone=phone, email=email or find)
        return customers.make(name=find, phone=phone, email=email)


def first_guess(given: Any, now: datetime) -> dict[str, Any]:
    """What the form begins with: what was clicked or, for a walk-in, now."""
    wall = now.astimezone(Business.current().zone)
    begin: dict[str, Any] = {
        name: given[name] for name in ("day", "time", "resource", "service") if name in given
    }
    begin |= {"key": uuid.uuid4(), "pay_at": PayAt.DESK}
    begin.setdefault("day", wall.date().isoformat())
    if "walk_in" in given:
        begin["time"] = f"{_next_minutes(wall):%H:%M}"
    return begin


def _next_minutes(wall: datetime) -> datetime:
    """The next full five minutes on the wall."""
    left = FIVE_MINUTES - wall.minute % FIVE_MINUTES
    return wall.replace(second=0, microsecond=0) + timedelta(minutes=left)


def choices_of(found: list[User]) -> list[dict[str, str]]:
    """Those who are known, as they are chosen from."""
    seen = customers.last_here(found)
    return [
        {
            "value": str(one.pk),
            "words": ", ".join(filter(None, (called(one), one.phone, one.email if one.name else ""))),
            "seen": f"{timezone.localtime(seen[one.pk]):%-d %b %Y}" if one.pk in seen else "",
        }
        for one in found
    ]
