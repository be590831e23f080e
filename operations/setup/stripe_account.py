"""Stripe: the key is valid and may do what is needed, and our clocks agree."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from operations.setup.result import Result, failed, ok, warning
from payments import gateway
from refunds.disputes import silence
from refunds.models import Dispute

# A signature is good for 300 s; a clock this far off is already worth mending.
MOST_SKEW = timedelta(seconds=60)


def account(now: datetime) -> Iterator[Result]:
    """Ask Stripe whose key this is."""
    try:
        found, stripe_time = gateway.retrieve_account()
    except gateway.Misconfigured as error:
        yield failed("stripe", f"refuses the key ({error.code})", "Set STRIPE_SECRET_KEY to a valid key.")
        return
    except gateway.StripeFailure as error:
        yield failed("stripe", f"can't be reached ({error.code})", "Check the way out to api.stripe.com.")
        return
    if found.get("charges_enabled") is False:
        yield failed("stripe", "the account can't take payments", "Finish the account in Stripe's dashboard.")
    else:
        yield ok("stripe", f"account {found['id']}")
    if stripe_time is not None:
        yield _clock(stripe_time)


def _clock(stripe_time: datetime) -> Result:
    # Not the command's `now`: the checks before this one took their time.
    skew = abs((timezone.now() - stripe_time).total_seconds())
    if skew > MOST_SKEW.total_seconds():
        advice = "Set this machine's clock (NTP): signatures are only good for five minutes."
        return failed("clock", f"{skew:.0f} s away from Stripe's", advice)
    return ok("clock", "agrees with Stripe's")


def disputes(now: datetime) -> Iterator[Result]:
    """Who answers a dispute unless somebody says otherwise: known once one came, as no setting tells it."""
    newest = Dispute.objects.exclude(default_submission_method="").order_by("-opened_at").first()
    if newest is None:
        yield ok("disputes", "no dispute has shown yet whether Stripe answers by itself (Smart Disputes)")
        return
    method = newest.default_submission_method
    told = str(silence.DEFAULTS.get(method, f"“{method}”, which is new to us"))
    if method == "manual":
        yield ok("disputes", told)
    else:
        advice = "Staging or leaving a dispute keeps Stripe from it; Stripe's dashboard sets it for all."
        yield warning("disputes", told, advice)


def permissions(now: datetime) -> Iterator[Result]:
    """A restricted key must be allowed all that the system does; nothing is changed to find out."""
    try:
        missing = gateway.missing_permissions()
    except gateway.StripeFailure as error:
        yield failed("permissions", f"couldn't be tried ({error.code})", "Mend the key first.")
        return
    if missing:
        advice = "Give the key these permissions in Stripe's dashboard."
        yield failed("permissions", f"the key may not {', '.join(missing)}", advice)
    elif settings.STRIPE_API_BASE:
        yield warning("permissions", "Stripe is a stand-in", "Unset STRIPE_API_BASE for the real one.")
    else:
        yield ok("permissions", "the key may do all that is needed")
