"""The only package that talks to Stripe. Never call it inside a transaction.

Answers are plain dicts, as in a webhook's payload, so that one handler serves both. Creating calls take
our own committed key; what a failure means is told by the exception's class.
"""

from payments.gateway.account import (
    available_balance,
    held_balance,
    missing_permissions,
    provoke_event,
    retrieve_account,
    retrieve_movement,
    retrieve_payout,
)
from payments.gateway.connection import API_VERSION, Answer, client, id_of
from payments.gateway.customers import (
    create_customer,
    create_customer_session,
    create_ephemeral_key,
    delete_customer,
)
from payments.gateway.deadline import CUSTOMER_SECONDS, STAFF_SECONDS, somebody_waits
from payments.gateway.disputes import (
    accept_dispute,
    answer_by_hand,
    disputes_of,
    disputes_since,
    retrieve_dispute,
    stage_evidence,
    submit_evidence,
    upload_evidence,
)
from payments.gateway.endpoints import create_endpoint, endpoints, repair_endpoint
from payments.gateway.events import retrieve_event
from payments.gateway.failures import Busy, Misconfigured, Refused, StripeFailure, Unclear
from payments.gateway.intents import (
    cancel_intent,
    create_intent,
    intents_of,
    retrieve_charge,
    retrieve_intent,
)
from payments.gateway.pages import (
    Page,
    Pages,
    dispute_pages,
    event_pages,
    intent_pages,
    movement_pages,
    payout_line_pages,
    payout_pages,
    refund_pages,
)
from payments.gateway.refunds import create_refund, refunds_of, retrieve_refund
from payments.gateway.signatures import signature_fits

__all__ = [
    "API_VERSION",
    "CUSTOMER_SECONDS",
    "STAFF_SECONDS",
    "Answer",
    "Busy",
    "Misconfigured",
    "Page",
    "Pages",
    "Refused",
    "StripeFailure",
    "Unclear",
    "accept_dispute",
    "answer_by_hand",
    "available_balance",
    "cancel_intent",
    "client",
    "create_customer",
    "create_customer_session",
    "create_endpoint",
    "create_ephemeral_key",
    "create_intent",
    "create_refund",
    "delete_customer",
    "dispute_pages",
    "disputes_of",
    "disputes_since",
    "endpoints",
    "event_pages",
    "held_balance",
    "id_of",
    "intent_pages",
    "intents_of",
    "missing_permissions",
    "movement_pages",
    "payout_line_pages",
    "payout_pages",
    "provoke_event",
    "refund_pages",
    "refunds_of",
    "repair_endpoint",
    "retrieve_account",
    "retrieve_charge",
    "retrieve_dispute",
    "retrieve_event",
    "retrieve_intent",
    "retrieve_movement",
    "retrieve_payout",
    "retrieve_refund",
    "signature_fits",
    "somebody_waits",
    "stage_evidence",
    "submit_evidence",
    "upload_evidence",
]
