"""Visa's Compelling Evidence 3.0: two older payments that nobody disputed, made by the same hand.

Visa asks that all three share the address and the device, or one of these and the account.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import combinations
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.language import exactly
from payments.models import Payment, PaymentStatus, PurchaseTrace
from refunds.dispute_response.draft import CE3
from refunds.models import Dispute

NEAREST, FARTHEST = timedelta(days=120), timedelta(days=365)
PAIR = 2
# More would only be compared for nothing.
MOST = 40
MAIN = {"ip": "customer_purchase_ip", "install_id": "customer_device_id"}
OTHER = {"account": "customer_account_id"}
SHARED = {
    "ip": gettext_lazy("the same internet address"),
    "install_id": gettext_lazy("the same device"),
    "account": gettext_lazy("the same account"),
}
UNKNOWN = gettext_lazy("It isn't known from which address or device this payment was made.")
ERASED = gettext_lazy("The customer's data was erased, and with it all that could show who paid.")
ACTIONS = {
    "missing_customer_identifiers": gettext_lazy(
        "All three payments must share an address or a device, and one more."
    ),
    "missing_disputed_transaction_description": gettext_lazy("Say what was sold with the disputed payment."),
    "missing_merchandise_or_services": gettext_lazy("Say that a service was sold."),
    "missing_prior_undisputed_transaction_description": gettext_lazy(
        "Say what was sold with the two older payments."
    ),
    "missing_prior_undisputed_transactions": gettext_lazy("Two older, undisputed payments are missing."),
}
STATUSES = {
    "requires_action": gettext_lazy("Stripe still misses something"),
    "qualified": gettext_lazy("Complete: Stripe passes it on under Visa's rule"),
    "not_qualified": gettext_lazy("Did not fulfil Visa's rule: the evidence went the usual way"),
}


@dataclass(frozen=True)
class Found:
    """The two payments with why they match; without them, `why_not`."""

    payments: Sequence[Payment] = ()
    shared: Sequence[str] = ()
    why_not: str = ""
    evidence: dict[str, Any] = field(default_factory=dict)


def is_offered(dispute: Dispute) -> bool:
    """Whether Stripe takes this kind of evidence for the dispute."""
    return CE3 in dispute.enhanced


def find(dispute: Dispute) -> Found:
    """Pick the two older payments that match best; empty where Stripe doesn't offer it."""
    if not is_offered(dispute):
        return Found()
    trace = PurchaseTrace.objects.filter(payment=dispute.payment).first()
    if trace is None or not (trace.ip or trace.install_id):
        return Found(why_not=str(UNKNOWN if dispute.booking.customer.is_active else ERASED))
    best = max(_pairs(dispute, trace), key=lambda found: len(found.shared), default=None)
    return best or Found(
        why_not=_(
            "There are no two undisputed payments by the same card, 120 to 365 days older, that "
            "share its address or device, and the account."
        )
    )


def _pairs(dispute: Dispute, trace: PurchaseTrace) -> list[Found]:
    older = [(payment, _shared(payment.trace, trace)) for payment in _older(dispute, trace)]
    pairs = []
    for (one, first), (two, second) in combinations(older, PAIR):
        shared = [name for name in SHARED if name in first and name in second]
        if _is_enough(shared):
            pairs.append(_found(dispute, trace, (one, two), shared))
    return pairs


def _older(dispute: Dispute, trace: PurchaseTrace) -> list[Payment]:
    """What the same card paid long enough ago, newest first; refunded or suspected payments prove nothing."""
    paid_at = dispute.payment.paid_at
    if paid_at is None:
        return []
    paid = Payment.objects.filter(
        booking__customer_id=dispute.booking.customer_id,
        status=PaymentStatus.SUCCEEDED,
        paid_at__range=(paid_at - FARTHEST, paid_at - NEAREST),
        trace__card_fingerprint=trace.card_fingerprint,
        disputes=None,
        fraud_warnings=None,
        refunds=None,
    )
    known = paid.exclude(stripe_charge_id="").exclude(trace__card_fingerprint="")
    return list(known.select_related("trace", "booking").order_by("-paid_at")[:MOST])


def _shared(one: PurchaseTrace, other: PurchaseTrace) -> list[str]:
    return [name for name in SHARED if getattr(one, name) and getattr(one, name) == getattr(other, name)]


def _is_enough(shared: Sequence[str]) -> bool:
    main = sum(name in MAIN for name in shared)
    return main == len(MAIN) or (main == 1 and any(name in OTHER for name in shared))


def _found(
    dispute: Dispute, trace: PurchaseTrace, pair: tuple[Payment, Payment], shared: Sequence[str]
) -> Found:
    known_by = {(MAIN | OTHER)[name]: str(getattr(trace, name)) for name in shared}
    return Found(
        payments=pair,
        shared=[str(SHARED[name]) for name in shared],
        evidence={
            "disputed_transaction": {
                **known_by,
                "merchandise_or_services": "services",
                "product_description": _sold(dispute.payment),
            },
            "prior_undisputed_transactions": [
                {**known_by, "charge": payment.stripe_charge_id, "product_description": _sold(payment)}
                for payment in pair
            ],
        },
    )


def _sold(payment: Payment) -> str:
    booking = payment.booking
    length = exactly(booking.ends_at - booking.starts_at)
    return f"{booking.service_name}, an appointment of {length} on {booking.starts_at:%-d %B %Y}"


def asked_for(dispute: Dispute) -> tuple[str, list[str]]:
    """Where Stripe has it, and what it still asks for, in plain words."""
    said = dispute.enhanced.get(CE3) or {}
    status = str(said.get("status") or "")
    actions = [str(action) for action in said.get("required_actions") or []]
    told = [str(ACTIONS.get(action, action.replace("_", " ").capitalize())) for action in actions]
    return str(STATUSES.get(status, status.replace("_", " ").capitalize())), told
