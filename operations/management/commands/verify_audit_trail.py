from typing import Any

from django.core.management.base import BaseCommand

from bookings.verification import Verification


class Command(BaseCommand):
    help = "Checks every booking's chain; exit 1 and names the first broken entry."

    def handle(self, *args: Any, **options: Any) -> None:
        verification = Verification()
        first = next(verification.breaks(), None)
        if first is not None:
            self.stderr.write(f"The audit trail is broken: {first}")
            raise SystemExit(1)
        self.stdout.write(
            f"The audit trail holds: {verification.entries} entries of {verification.bookings} bookings."
        )
