from payments.models.books import BalanceLine, ClosedMonth, LineAbout, MonthTotal, Payout, PayoutStatus
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
from payments.models.receipts import Receipt, ReceiptCounter
from payments.models.trace import PurchaseTrace

__all__ = [
    "LONGEST_ID",
    "BalanceLine",
    "ClosedMonth",
    "EventStatus",
    "LineAbout",
    "MonthTotal",
    "Payment",
    "PaymentStatus",
    "PaymentTransaction",
    "Payout",
    "PayoutStatus",
    "PurchaseTrace",
    "Receipt",
    "ReceiptCounter",
    "StripeCustomer",
    "TransactionKind",
    "WebhookEvent",
]
