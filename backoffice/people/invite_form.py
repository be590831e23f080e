"""The form that invites somebody to work here."""

from typing import Any, cast

from django import forms
from django.contrib.auth.models import Group
from django.utils.translation import gettext_lazy
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminEmailInputWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
)

from accounts.models import User
from accounts.staff import giving
from backoffice.toolkit.plain_texts import PlainTexts
from bookings.models import Resource


class InviteForm(PlainTexts, forms.Form):
    name = forms.CharField(max_length=150, widget=UnfoldAdminTextInputWidget)
    email = forms.EmailField(
        max_length=150, label=gettext_lazy("E-mail address"), widget=UnfoldAdminEmailInputWidget
    )
    roles = forms.ModelMultipleChoiceField(
        Group.objects.none(), widget=UnfoldAdminCheckboxSelectMultipleWidget
    )
    resource = forms.ModelChoiceField(
        Resource.objects.filter(user=None, is_active=True),
        required=False,
        label=gettext_lazy("In the calendar they are"),
        widget=UnfoldAdminSelectWidget,
    )

    def __init__(self, *args: Any, giver: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = [group.pk for group in giving.givable(giver)]
        cast(Any, self.fields["roles"]).queryset = Group.objects.filter(pk__in=mine).order_by("name")
