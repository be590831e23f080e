"""All checks in order, each guarded: what can't be checked has failed."""

from collections.abc import Iterator
from datetime import datetime

from operations.setup import calendar, configuration, database, running, stripe_account, webhook
from operations.setup.result import Check, Result, Verdict, failed

CHECKS: tuple[Check, ...] = (
    database.reachable,
    database.migrations,
    database.triggers,
    database.durability,
    configuration.keys,
    configuration.webhook_secrets,
    configuration.mail,
    configuration.customers,
    stripe_account.account,
    stripe_account.permissions,
    stripe_account.disputes,
    webhook.endpoint,
    webhook.delivery,
    running.worker,
    running.replica_lag,
    running.staff_roles,
    calendar.hours,
    calendar.services,
    calendar.bookings,
    calendar.places,
    running.sign_in_addresses,
)


def run(now: datetime) -> Iterator[Result]:
    for check in CHECKS:
        try:
            yield from check(now)
        except Exception as error:
            kind = type(error).__name__
            yield failed(check.__name__, f"couldn't be checked ({kind})", "Mend what is named above first.")


def all_well(results: list[Result]) -> bool:
    return all(result.verdict != Verdict.FAILED for result in results)
