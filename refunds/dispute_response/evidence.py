"""The evidence pack: what a booking's own record says, in the fields that Stripe passes on to the bank.

build() is pure: it needs nothing but the facts.
"""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from refunds.dispute_response import telling
from refunds.dispute_response.facts import Facts

# Stripe's limits, in characters.
LONGEST = 20_000
LONGEST_TOGETHER = 150_000
CUT = gettext_lazy(" […]")

# Those of Stripe's text fields that an appointment has something to say in, in the order of the form.
TEXTS = {
    "customer_name": gettext_lazy("Customer's name"),
    "customer_email_address": gettext_lazy("Customer's e-mail address"),
    "billing_address": gettext_lazy("Billing address"),
    "customer_purchase_ip": gettext_lazy("IP address of the purchase"),
    "product_description": gettext_lazy("What was sold"),
    "service_date": gettext_lazy("Date of the service"),
    "cancellation_policy_disclosure": gettext_lazy("Cancellation terms, and how they were agreed"),
    "cancellation_rebuttal": gettext_lazy("Why the cancellation doesn't matter"),
    "refund_policy_disclosure": gettext_lazy("Refund terms, and how they were agreed"),
    "refund_refusal_explanation": gettext_lazy("Why no refund is due, or how it was made"),
    "access_activity_log": gettext_lazy("What happened, step by step"),
    "duplicate_charge_id": gettext_lazy("The other charge"),
    "duplicate_charge_explanation": gettext_lazy("Why the charges aren't duplicates"),
    "uncategorized_text": gettext_lazy("Anything else"),
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
    "service_documentation": gettext_lazy("The timeline, or other proof of the service"),
    "customer_communication": gettext_lazy("Letters to and from the customer"),
    "receipt": gettext_lazy("Receipt"),
    "customer_signature": gettext_lazy("The customer's signature"),
    "cancellation_policy": gettext_lazy("Cancellation terms"),
    "refund_policy": gettext_lazy("Refund terms"),
    "duplicate_charge_documentation": gettext_lazy("Proof of the other charge"),
    "uncategorized_file": gettext_lazy("Anything else"),
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
        field: _("At most %(most)s characters; these are %(number)s.")
        % {"most": f"{LONGEST:,}", "number": f"{len(text):,}"}
        for field, text in texts.items()
        if len(text) > LONGEST
    }
    together = sum(map(len, texts.values()))
    if together > LONGEST_TOGETHER:
        wrong[""] = _("At most %(most)s characters together; these are %(number)s.") % {
            "most": f"{LONGEST_TOGETHER:,}",
            "number": f"{together:,}",
        }
    return wrong
