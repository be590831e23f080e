"""What answering a dispute costs, in words for staff, and who has to agree to it first."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.money import in_words
from payments.models import TransactionKind
from refunds.models import Dispute

COMPLIANCE = gettext_lazy(
    "For this dispute Stripe takes 500 USD (or as much in your currency) beside its own "
    "fees, for what the card network charges to decide it. You get the 500 USD back only if "
    "you win."
)
APPEAL = gettext_lazy(
    "An appeal goes to the card network, which can charge several hundred dollars to whoever "
    "loses it. Stripe's dashboard tells more where appeals are enabled."
)
WITH_A_FEE = ("visa_compliance", "mastercard_compliance")


def with_a_fee(dispute: Dispute) -> list[str]:
    """The network programmes that ask for a fee of their own."""
    return [name for name in WITH_A_FEE if name in dispute.enhanced]


def asks_for_fee(dispute: Dispute) -> bool:
    """Whether evidence is only taken once the network's fee is acknowledged."""
    return bool(with_a_fee(dispute)) or dispute.case_type == "compliance" or dispute.reason == "noncompliant"


def in_sentences(dispute: Dispute) -> list[str]:
    """What answering costs, the surest first."""
    if dispute.status.startswith("appeal_"):
        return [str(APPEAL)]
    if dispute.is_charge_refundable:
        return [_("Answering an inquiry costs nothing.")]
    taken = [
        _("Stripe took %(fee)s when the dispute came, and keeps it whatever happens.") % {"fee": fee}
        for fee in _fees(dispute)
    ]
    countering = _(
        "Submitting evidence costs a second fee in most countries, as high as the first. Stripe "
        "returns that one if you win. Stripe's list of prices has yours."
    )
    return [*taken, countering, *([str(COMPLIANCE)] if asks_for_fee(dispute) else [])]


def _fees(dispute: Dispute) -> list[str]:
    lines = dispute.payment.transactions.filter(kind=TransactionKind.DISPUTE_FEE, amount__lt=0)
    return [in_words(-line.amount, line.currency) for line in lines.order_by("occurred_at")[:1]]
