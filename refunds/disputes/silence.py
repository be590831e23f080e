"""Who answers a dispute if nobody does anything: by Stripe's `intended_submission_method`, in plain words."""

from refunds.models import Dispute

BY_ITSELF = "Stripe makes a packet of its own (Smart Disputes), if it finds something, and submits that"
NOBODY = "Nobody: no answer goes out, and the dispute is lost"
ENDS = {
    "": f"{NOBODY}. Stripe says nothing of Smart Disputes for this account",
    "manual": f"{NOBODY}. Stripe was told not to answer by itself",
    "prefer_smart_disputes": f"{BY_ITSELF}, together with what was staged",
    "smart_disputes": f"{BY_ITSELF}; what you stage is not used",
}
# What an account does unless told otherwise, for the set-up check.
DEFAULTS = {
    "manual": "disputes are answered by people only",
    "prefer_manual": "when nobody answers, Stripe submits what was staged or a packet of its own",
    "prefer_smart_disputes": "Stripe answers by itself where it can",
    "smart_disputes": "Stripe answers by itself",
}


def at_the_deadline(dispute: Dispute) -> str:
    """What Stripe will do when the time is over and nobody has done anything."""
    method = dispute.intended_submission_method
    if method == "prefer_manual":
        return "Stripe submits what is staged there" if dispute.staged_at else BY_ITSELF
    return ENDS.get(method, f"As Stripe's “{method.replace('_', ' ')}” says, which is new to us")
