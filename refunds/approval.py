"""Four eyes: what staff give away above a threshold needs a second person, whichever way it is given."""

from django.conf import settings
from django.db.models import Sum
from django.utils.translation import gettext as _

from bookings.audit import By
from core.errors import DomainError
from payments.models import Payment
from refunds.models import RefundRecord, RefundRule, RefundStatus

GIVEN_OR_PROMISED = (*RefundRecord.ON_ITS_WAY, RefundStatus.SUCCEEDED, RefundStatus.PAID_OTHERWISE)


def is_needed(payment: Payment, amount: int, *, besides: RefundRecord | None = None) -> bool:
    """Tell whether a second person must agree to giving `amount` minor units more.

    All goodwill of the payment counts together, approved or not, so neither slices nor detours help.
    """
    if settings.APPROVAL_THRESHOLD is None:
        return False
    given = payment.refunds.filter(rule=RefundRule.GOODWILL, status__in=GIVEN_OR_PROMISED)
    if besides is not None:
        given = given.exclude(pk=besides.pk)
    before = given.aggregate(sum=Sum("amount", default=0))["sum"]
    return bool(before + amount > settings.APPROVAL_THRESHOLD)


def is_above(amount: int) -> bool:
    """Tell whether this amount alone needs a second person."""
    return settings.APPROVAL_THRESHOLD is not None and amount > settings.APPROVAL_THRESHOLD


def approver(record: RefundRecord, by: By) -> int:
    """Who approves, as a user's id; raises DomainError own_refund for whoever has a part in it.

    People are compared by their id: the same person may have asked as a customer.
    """
    staff, number = by.actor.startswith("staff:"), by.actor.partition(":")[2]
    had_a_part = {who.partition(":")[2] for who in (record.requested_by, record.asked_by)}
    had_a_part.add(str(record.booking.customer_id))
    if not staff or number in had_a_part:
        raise DomainError("own_refund", _("Another person has to approve this refund."), status=403)
    return int(number)
