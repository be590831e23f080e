from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from operations import partitioning

AHEAD = 100_000


class Command(BaseCommand):
    help = "Splits the audit trail by booking, on PostgreSQL, while the site runs; --rehearse only says how."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--rehearse", action="store_true", help="change nothing; say the steps")
        parser.add_argument(
            "--ahead",
            type=int,
            default=AHEAD,
            help=f"bookings to come that still go into the first partition ({AHEAD}): more than do meanwhile",
        )

    def handle(self, *args: Any, rehearse: bool, ahead: int, **options: Any) -> None:
        if ahead < 1:
            raise CommandError("--ahead must be 1 or more.")
        try:
            planned = partitioning.plan(ahead=ahead)
        except partitioning.NotPossible as reason:
            raise CommandError(str(reason)) from reason
        self.stdout.write(
            f"{partitioning.TABLE}: {planned.size / 1e6:.0f} MB, to be split at booking {planned.first}"
        )
        if rehearse:
            self._say(planned)
            return
        for step, seconds in partitioning.carry_out(planned):
            self.stdout.write(f"{step.name}: {seconds:.2f} s (locked: {step.lock})")

    def _say(self, planned: partitioning.Plan) -> None:
        for step in planned.steps:
            self.stdout.write(f"\n{step.name} (locked: {step.lock})")
            for statement in step.statements:
                self.stdout.write(f"  {' '.join(statement.split())};")
        self.stdout.write(
            f"\nReading every row takes {partitioning.rehearse():.1f} s here. Nothing was changed."
        )
