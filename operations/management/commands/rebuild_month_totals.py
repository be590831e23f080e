from typing import Any

from django.core.management.base import BaseCommand

from payments.books import proving


class Command(BaseCommand):
    help = "Holds the kept sums of all months against the lines of Stripe's balance and mends what differs."

    def handle(self, *args: Any, **options: Any) -> None:
        mended = proving.prove_all()
        self.stdout.write(f"{mended} months differed and were mended." if mended else "All months agree.")
