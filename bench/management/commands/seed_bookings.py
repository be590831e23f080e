from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from bench.seed import seed


class Command(BaseCommand):
    help = "Fills a test database with invented bookings, payments, refunds, disputes and audit trails."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--count", type=int, default=1_000_000, help="how many bookings to add")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.STRIPE_LIVEMODE:
            raise CommandError("This is not for a system with a live Stripe key.")
        count = options["count"]
        seed(count, now=timezone.now(), tell=lambda done: self._tell(done, count))

    def _tell(self, done: int, count: int) -> None:
        if done == count or done % 50_000 == 0:
            self.stdout.write(f"{done:,} of {count:,} bookings")
