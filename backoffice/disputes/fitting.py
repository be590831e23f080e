"""When an action of a dispute fits, and why it doesn't."""

from collections.abc import Callable

from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import DomainError
from refunds.dispute_response import appeal, resolution
from refunds.disputes import gate
from refunds.models import Dispute, EarlyFraudWarning


def is_answerable(dispute: Dispute) -> bool:
    return gate.is_answerable(dispute, timezone.now())


def why_not_answerable(dispute: Dispute) -> str:
    return _refusal(lambda: gate.refuse_unless_answerable(dispute, timezone.now()))


def why_not_submitted(dispute: Dispute) -> str:
    return why_not_answerable(dispute) or _("Stage the evidence first, so that it can be looked at.")


def why_not_appealed(dispute: Dispute) -> str:
    return _refusal(lambda: appeal.refuse_unless_appealable(dispute, timezone.now()))


def why_not_refunded(dispute: Dispute) -> str:
    return _refusal(lambda: resolution.refuse_unless_inquiry(dispute))


def why_not_closed(dispute: Dispute) -> str:
    return _("Somebody has closed it with a note already.")


def why_not_first(warning: EarlyFraudWarning) -> str:
    return _("The payment is refunded or disputed already.")


def _refusal(check: Callable[[], None]) -> str:
    try:
        check()
    except DomainError as error:
        return error.detail
    return ""
