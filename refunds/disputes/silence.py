"""Who answers a dispute if nobody does anything: by Stripe's `intended_submission_method`, in plain words."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from refunds.models import Dispute

BY_ITSELF = gettext_lazy(
    "Stripe makes a packet of its own (Smart Disputes), if it finds something, and submits that"
)
NOBODY = gettext_lazy("Nobody: no answer goes out, and the dispute is lost")
ENDS = {
    "": (NOBODY, gettext_lazy("%(end)s. Stripe says nothing of Smart Disputes for this account")),
    "manual": (NOBODY, gettext_lazy("%(end)s. Stripe was told not to answer by itself")),
    "prefer_smart_disputes": (BY_ITSELF, gettext_lazy("%(end)s, together with what was staged")),
    "smart_disputes": (BY_ITSELF, gettext_lazy("%(end)s; what you stage is not used")),
}
# What an account does unless told otherwise, for the set-up check.
DEFAULTS = {
    "manual": gettext_lazy("disputes are answered by people only"),
    "prefer_manual": gettext_lazy(
        "when nobody answers, Stripe submits what was staged or a packet of its own"
    ),
    "prefer_smart_disputes": gettext_lazy("Stripe answers by itself where it can"),
    "smart_disputes": gettext_lazy("Stripe answers by itself"),
}


def at_the_deadline(dispute: Dispute) -> str:
    """What Stripe will do when the time is over and nobody has done anything."""
    method = dispute.intended_submission_method
    if method == "prefer_manual":
        return _("Stripe submits what is staged there") if dispute.staged_at else str(BY_ITSELF)
    if method not in ENDS:
        return _("As Stripe's “%(method)s” says, which is new to us") % {"method": method.replace("_", " ")}
    end, sentence = ENDS[method]
    return str(sentence) % {"end": end}
