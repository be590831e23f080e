import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from refunds.installation import checklist
from refunds.installation.result import Result


class Command(BaseCommand):
    help = "Proves that this installation is right, a line for each check; exit 1 if one fails."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="one JSON document instead of lines")

    def handle(self, *args: Any, **options: Any) -> None:
        results = []
        for result in checklist.run(timezone.now()):
            results.append(result)
            if not options["json"]:
                self.stdout.write(_line(result))
        well = checklist.all_well(results)
        if options["json"]:
            answer = {"ok": well, "checks": [asdict(result) for result in results]}
            self.stdout.write(json.dumps(answer, indent=2))
        if not well:
            raise SystemExit(1)


def _line(result: Result) -> str:
    advice = f" -> {result.advice}" if result.advice else ""
    return f"{result.verdict:<8}{result.name}: {result.detail}{advice}"
