from refunds.models.closures import Closure, ClosureItem
from refunds.models.disputes import Dispute, EarlyFraudWarning
from refunds.models.reconciliation import Finding, ReconciliationRun
from refunds.models.records import RefundRecord, RefundRule, RefundStatus
from refunds.models.sealed import SealedPerson

__all__ = [
    "Closure",
    "ClosureItem",
    "Dispute",
    "EarlyFraudWarning",
    "Finding",
    "ReconciliationRun",
    "RefundRecord",
    "RefundRule",
    "RefundStatus",
    "SealedPerson",
]
