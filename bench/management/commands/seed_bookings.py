from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db.models import Count
from django.utils import timezone

from bench import salon, week
from bench.seed import seed
from bookings.models import Booking, Business, Service


class Command(BaseCommand):
    help = (
        "Invents a salon with a week of appointments in an empty database, paid at Stripe's stand-in where "
        "it runs; "
        "with --count so many sales over two years instead, with all that hangs on them, for measuring."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--count", type=int, help="how many sales to invent instead of the salon")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.STRIPE_LIVEMODE:
            raise CommandError("This is not for a system with a live Stripe key.")
        count = options["count"]
        if count is None:
            self._salon()
            return
        seed(count, now=timezone.now(), tell=lambda done: self._tell(done, count))

    def _salon(self) -> None:
        """An empty one only: what people have set up stays theirs."""
        if Business.current().name or Service.objects.exists() or Booking.objects.exists():
            raise CommandError("There is a business in this database already. The salon needs an empty one.")
        week.live(salon.open_salon(), now=timezone.now())
        made = Booking.objects.values_list("status").annotate(Count("pk")).order_by("status")
        self.stdout.write(
            f"Salon Marigold is open: {', '.join(f'{count} {status}' for status, count in made)}."
        )
        if not settings.STRIPE_API_BASE:
            self.stdout.write("All pay at the desk: STRIPE_API_BASE names no stand-in to pay at.")

    def _tell(self, done: int, count: int) -> None:
        if done == count or done % 50_000 == 0:
            self.stdout.write(f"{done:,} of {count:,} bookings")
