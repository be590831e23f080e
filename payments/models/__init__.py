from payments.models.books import BalanceLine, ClosedMonth, LineAbout, Payout, PayoutStatus
from payments.models.payment import (
    LONGEST_ID,
    EventStatus,
    Payment,
    PaymentStatus,
    PaymentTransaction,
    StripeCustomer,
    TransactionKind,
    WebhookEvent,
)

__all__ = [
    "LONGEST_ID",
    "BalanceLine",
    "ClosedMonth",
    "EventStatus",
    "LineAbout",
    "Payment",
    "PaymentStatus",
    "PaymentTransaction",
    "Payout",
    "PayoutStatus",
    "StripeCustomer",
    "TransactionKind",
    "WebhookEvent",
]
