"""What a dispute's page says first: what happened, and what to do now."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.toolkit.show import money
from backoffice.toolkit.sold import called
from payments.models import Payment
from refunds.dispute_response import appeal
from refunds.models import Dispute, EarlyFraudWarning

ASKED = gettext_lazy(
    "The bank of %(name)s asks about %(money)s; no money was taken yet. Answer with evidence, or refund it, "
    "before the time below is over."
)
TAKEN = gettext_lazy(
    "%(name)s asked their bank for %(money)s back. Submit evidence or accept it before the time below is "
    "over."
)
NO_ANSWER = gettext_lazy(
    "%(name)s asked their bank for %(money)s back, and the bank takes no answer. There is nothing to do."
)
LEFT = gettext_lazy("Somebody closed this with a note. The bank still decides about %(money)s of %(name)s.")
ANSWERED = gettext_lazy(
    "The evidence about %(money)s of %(name)s is with the bank, which decides. There is nothing to do."
)
APPEAL = gettext_lazy(
    "The bank decided for %(name)s. Until the time below you can ask the card network once more about "
    "%(money)s."
)
ENDS = {
    "won": gettext_lazy(
        "The bank decided for you: %(money)s of %(name)s stays here. There is nothing to do."
    ),
    "lost": gettext_lazy("The bank decided for %(name)s, who has %(money)s. There is nothing to do."),
    "warning_closed": gettext_lazy(
        "The bank of %(name)s asks no more about %(money)s. There is nothing to do."
    ),
}
OVER = gettext_lazy("This about %(money)s of %(name)s is over. There is nothing to do.")


def is_waiting(dispute: Dispute) -> bool:
    """Whether the next word is ours."""
    return dispute.is_open and dispute.submitted_at is None and not dispute.status.startswith("appeal_")


def is_urgent(dispute: Dispute) -> bool:
    """Whether a person has to do something before a time is over."""
    return is_waiting(dispute) and dispute.resolved_at is None and dispute.evidence_due_by is not None


def advice(dispute: Dispute) -> str:
    """What happened and what to do now."""
    facts = {"name": called(dispute.booking.customer), "money": money(dispute)}
    return str(_sentence(dispute)) % facts


def _sentence(dispute: Dispute) -> object:
    if dispute.status == appeal.WAITS and not dispute.appealed_at:
        return APPEAL
    if not dispute.is_open:
        return ENDS.get(dispute.status, OVER)
    if not is_waiting(dispute):
        return ANSWERED
    if dispute.resolved_at:
        return LEFT
    if dispute.evidence_due_by is None:
        return NO_ANSWER
    return TAKEN if dispute.is_chargeback else ASKED


def name_of(row: Dispute | Payment) -> str:
    """What its page is called."""
    return _("%(money)s of %(name)s") % {"money": money(row), "name": called(row.booking.customer)}


def about_warning(warning: EarlyFraudWarning) -> str:
    """What a suspicion means, and what to do now."""
    facts = {"name": called(warning.booking.customer), "money": money(warning.payment)}
    if warning.status != "open":
        return _("The card network suspected the %(money)s of %(name)s. There is nothing to do.") % facts
    return (
        _(
            "The card network thinks that somebody else may have paid the %(money)s of %(name)s. Refund it "
            "first unless you know the customer: a chargeback takes the same money, and a fee."
        )
        % facts
    )
