"""Databases with so many bookings each, beside each other on one server."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from bench.seed import seed
from bookings.models import Booking

NAME = "bench_{}"


def prepare(sizes: Sequence[int]) -> None:
    """Fill a database for each size; those that are there from an earlier run are used again."""
    for size in sizes:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME.format(size)])
            if not cursor.fetchone():
                cursor.execute(f"CREATE DATABASE {NAME.format(size)}")
        with using(size):
            call_command("migrate", verbosity=0)
            missing = size - Booking.objects.count()
            if missing > 0:
                seed(missing, now=timezone.now(), tell=str)


@contextmanager
def using(size: int) -> Iterator[None]:
    """Let this process speak to the database of that size."""
    usual = connection.settings_dict["NAME"]
    _turn_to(NAME.format(size))
    try:
        yield
    finally:
        _turn_to(usual)


def _turn_to(name: str) -> None:
    connection.close()
    connection.settings_dict["NAME"] = name
    ContentType.objects.clear_cache()
