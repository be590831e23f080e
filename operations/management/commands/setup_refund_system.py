import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from operations.setup import checklist, endpoint
from operations.setup.endpoint import Endpoint
from operations.setup.result import Result
from payments import gateway


class Command(BaseCommand):
    help = "Proves that this installation is right, a line for each check; exit 1 if one fails."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="one JSON document instead of lines")
        parser.add_argument(
            "--create-webhook", metavar="URL", help="first make or repair Stripe's endpoint at this address"
        )
        parser.add_argument(
            "--send-test-event",
            action="store_true",
            help="first have Stripe send an event (of a payment that nobody makes) and wait for it",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        as_lines = not options["json"]
        answer: dict[str, Any] = {}
        if options["create_webhook"]:
            made = _make_or_repair(options["create_webhook"])
            answer["webhook"] = asdict(made)
            if as_lines:
                self.stdout.write(_about(made))
        if options["send_test_event"]:
            _prove()
        results = []
        for result in checklist.run(timezone.now()):
            results.append(result)
            if as_lines:
                self.stdout.write(_line(result))
        well = checklist.all_well(results)
        if not as_lines:
            answer |= {"ok": well, "checks": [asdict(result) for result in results]}
            self.stdout.write(json.dumps(answer, indent=2))
        if not well:
            raise SystemExit(1)


def _make_or_repair(url: str) -> Endpoint:
    try:
        return endpoint.make_or_repair(url)
    except endpoint.BadAddress as error:
        raise CommandError(f"{url}: {error}") from error
    except gateway.StripeFailure as error:
        raise CommandError(f"Stripe didn't do it ({error.code}). Is the key right, and may it?") from error


def _prove() -> None:
    try:
        arrived = endpoint.prove()
    except gateway.StripeFailure as error:
        raise CommandError(f"Stripe didn't do it ({error.code}). Is the key right, and may it?") from error
    if not arrived:
        raise CommandError(
            "The event didn't arrive. Does the server run, is it reached at the endpoint's address, and is "
            "STRIPE_WEBHOOK_SECRET that endpoint's?"
        )


def _about(made: Endpoint) -> str:
    if made.secret is None:
        words = f"{made.id} was repaired; its secret is the one you have."
    else:
        words = (
            f"{made.id} was made. Stripe tells its secret only now: add it to STRIPE_WEBHOOK_SECRET\n"
            f"{made.secret}"
        )
    if made.others:
        words += f"\nDelete {', '.join(made.others)} in the dashboard once events arrive by {made.id}."
    return words


def _line(result: Result) -> str:
    advice = f" -> {result.advice}" if result.advice else ""
    return f"{result.verdict:<8}{result.name}: {result.detail}{advice}"
