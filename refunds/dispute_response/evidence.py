"""The evidence pack: what a booking's own record says, in the fields that Stripe passes on to the bank.

build() is pure: it needs nothing but the facts.
"""

from collections.abc import Mapping

from refunds.dispute_response import telling
from refunds.dispute_response.facts import Facts

# Stripe's limits, in characters.
LONGEST = 20_000
LONGEST_TOGETHER = 150_000
CUT = " […]"

# Those of Stripe's text fields that an appointment has something to say in, in the order of the form.
TEXTS = {
    "customer_name": "Customer's name",
    "customer_email_address": "Customer's e-mail address",
    "billing_address": "Billing address",
    "customer_purchase_ip": "IP address of the purchase",
    "product_description": "What was sold",
    "service_date": "Date of the service",
    "cancellation_policy_disclosure": "Cancellation terms, and how they were agreed",
    "cancellation_rebuttal": "Why the cancellation doesn't matter",
    "refund_policy_disclosure": "Refund terms, and how they were agreed",
    "refund_refusal_explanation": "Why no refund is due, or how it was made",
    "access_activity_log": "What happened, step by step",
    "duplicate_charge_id": "The other charge",
    "duplicate_charge_explanation": "Why the charges aren't duplicates",
    "uncategorized_text": "Anything else",
}
# What the customer denies here is that it was them: terms are beside the point.
WHO_PAID = ("fraudulent", "unrecognized", "debit_not_authorized")
ABOUT_TERMS = ("cancellation_policy_disclosure", "cancellation_rebuttal", "refund_policy_disclosure")
# Stripe has two fields for one agreement: which of them the bank reads for a reason.
UNDER_REFUND_TERMS = ("product_unacceptable",)
ONLY_FOR = {
    "refund_policy_disclosure": UNDER_REFUND_TERMS,
    "duplicate_charge_id": ("duplicate",),
    "duplicate_charge_explanation": ("duplicate",),
}
FILES = {
    "service_documentation": "The timeline, or other proof of the service",
    "customer_communication": "Letters to and from the customer",
    "receipt": "Receipt",
    "customer_signature": "The customer's signature",
    "cancellation_policy": "Cancellation terms",
    "refund_policy": "Refund terms",
    "duplicate_charge_documentation": "Proof of the other charge",
    "uncategorized_file": "Anything else",
}


def build(facts: Facts) -> dict[str, str]:
    """Write down what speaks for the business, by Stripe's field; what isn't known is left out.

    Each thing is said once, and only what answers this reason.
    """
    texts = {field: write(facts) for field, write in telling.WRITERS.items() if _fits(field, facts.reason)}
    return fitted({field: text for field, text in texts.items() if text})


def _fits(field: str, reason: str) -> bool:
    if field in ONLY_FOR:
        return reason in ONLY_FOR[field]
    if reason in UNDER_REFUND_TERMS and field == "cancellation_policy_disclosure":
        return False
    return not (reason in WHO_PAID and field in ABOUT_TERMS)


def fitted(texts: Mapping[str, str]) -> dict[str, str]:
    """Cut texts to Stripe's limits, the longest first."""
    fitting = {field: _cut(text, LONGEST) for field, text in texts.items()}
    while (excess := sum(map(len, fitting.values())) - LONGEST_TOGETHER) > 0:
        longest = max(fitting, key=lambda field: len(fitting[field]))
        fitting[longest] = _cut(fitting[longest], len(fitting[longest]) - excess)
    return fitting


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else text[: max(length - len(CUT), 0)] + CUT


def too_long(texts: Mapping[str, str]) -> dict[str, str]:
    """What is wrong with texts that people wrote, by field; "" is for all of them together."""
    wrong = {
        field: f"At most {LONGEST:,} characters; these are {len(text):,}."
        for field, text in texts.items()
        if len(text) > LONGEST
    }
    together = sum(map(len, texts.values()))
    if together > LONGEST_TOGETHER:
        wrong[""] = f"At most {LONGEST_TOGETHER:,} characters together; these are {together:,}."
    return wrong
