"""What staff fill in to answer a dispute."""

import uuid
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import (
    UnfoldAdminFileFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldBooleanWidget,
)

from backoffice.disputes import page
from backoffice.toolkit.actions import ActionForm, NeedsReasonForm
from refunds.dispute_response import draft as evidence_draft
from refunds.dispute_response import evidence
from refunds.disputes import costs
from refunds.models import Dispute

LONG_TEXTS = ("access_activity_log", "uncategorized_text")


class DraftForm(ActionForm):
    """`draft` tells which evidence the person looked at."""

    draft = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, row: Dispute, initial: dict[str, Any], **kwargs: Any) -> None:
        self.looked_at = evidence_draft.of(row, timezone.now())
        super().__init__(*args, row=row, initial=initial | {"draft": self.looked_at.digest}, **kwargs)

    def clean_draft(self) -> str:
        digest = str(self.cleaned_data["draft"])
        if digest != self.looked_at.digest:
            self.add_error(None, _("Somebody changed the evidence meanwhile: look at it again."))
        return digest


class StageForm(DraftForm):
    """The evidence, filled in from the booking's own record."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field, label in evidence.TEXTS.items():
            text = self.looked_at.texts.get(field, "")
            rows = 10 if field in LONG_TEXTS else min(max(len(text) // 70 + 1, 1), 6)
            self.fields[field] = forms.CharField(
                label=label,
                required=False,
                initial=text,
                max_length=evidence.LONGEST,
                widget=UnfoldAdminTextareaWidget(attrs={"rows": rows}),
            )

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        texts = {field: given.get(field) or "" for field in evidence.TEXTS}
        for field, wrong in evidence.too_long(texts).items():
            self.add_error(field or None, wrong)
        return given | {"texts": texts}


class SubmitForm(DraftForm):
    sure = forms.BooleanField(
        label=gettext_lazy("I have read this evidence. It can be submitted only once."),
        widget=UnfoldBooleanWidget,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sure"].widget.attrs["autofocus"] = True
        if costs.asks_for_fee(self.row):
            label = _("I agree that Stripe takes 500 USD (or as much in our currency) beside its own fees.")
            self.fields["fee"] = forms.BooleanField(label=label, widget=UnfoldBooleanWidget)
        self.pack = page.pack_of(self.looked_at)
        self.before = page.before_answering(self.row, self.looked_at, timezone.now())


class AttachForm(ActionForm):
    field = forms.ChoiceField(
        label=gettext_lazy("What it is"),
        choices=[*evidence.FILES.items()],
        initial="customer_communication",
        widget=UnfoldAdminSelectWidget,
    )
    file = forms.FileField(
        label=gettext_lazy("PDF, JPEG or PNG; all together up to 4.5 MB"),
        max_length=100,
        widget=UnfoldAdminFileFieldWidget,
    )


class AppealForm(ActionForm):
    """One explanation and, if staff want, one document of theirs; the timeline goes along."""

    reason = forms.CharField(
        label=gettext_lazy("Why the bank was wrong"),
        max_length=evidence.LONGEST,
        help_text=gettext_lazy("Answer what the bank wrote in its decision, which Stripe's dashboard shows."),
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 8}),
    )
    file = forms.FileField(
        label=gettext_lazy("A document (PDF, JPEG or PNG)"),
        max_length=100,
        required=False,
        widget=UnfoldAdminFileFieldWidget,
    )
    sure = forms.BooleanField(
        label=gettext_lazy(
            "I know that an appeal can be filed only once, and may cost more than is disputed."
        ),
        widget=UnfoldBooleanWidget,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.before = {"costs": costs.in_sentences(self.row)}


class AcceptForm(NeedsReasonForm):
    sure = forms.BooleanField(
        label=gettext_lazy("I understand that this can't be undone."), widget=UnfoldBooleanWidget
    )


class RefundForm(NeedsReasonForm):
    """`key` becomes the refund's id: sent twice it is made once."""

    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, initial: dict[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, initial=initial | {"key": uuid.uuid4()}, **kwargs)
