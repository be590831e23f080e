import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection
from django.utils import timezone

from bench import cancels, day, drain, floor, intake, machine, reads, report
from bench.figures import Figure
from bench.load import Site
from bench.mint import Mint
from bench.pages import pages
from bench.scale import scale
from bench.stock import Stock
from sandbox.client import Sandbox


class Command(BaseCommand):
    help = "What `python -m bench` runs once the database and the sandbox are up."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--short", action="store_true", help="only see that everything works")
        parser.add_argument("--sizes", default="10000,100000,1000000", help="bookings, comma-separated")
        parser.add_argument(
            "--minutes", type=float, default=10.0, help="how long customers come and go; 0: none do"
        )
        parser.add_argument("--write", type=Path, help="the page that gets the table, with a chart beside it")

    def handle(self, *args: Any, **options: Any) -> None:
        short, started, load = options["short"], timezone.now(), os.getloadavg()[0]
        call_command("migrate", verbosity=0)
        sandbox = Sandbox(settings.STRIPE_API_BASE)
        mint = Mint(sandbox)
        with connection.cursor() as cursor:
            cursor.execute(floor.TABLE)
        # First, while no worker has anything else to do.
        seconds = options["minutes"] * 60
        figures = self._tell(day.replay(sandbox, seconds=seconds)) if seconds else []
        with machine.site() as site:
            figures += self._tell(_served(Site(site.port, site.pid), mint, sandbox, short=short))
        sizes = [int(size) for size in options["sizes"].split(",")]
        turns, each = (1, 1) if short else (4, 10)
        figures += self._tell(scale(sizes, mint, sandbox, turns=turns, each=each))
        if not short:  # some pages need more rows than the short form has
            figures += self._tell(list(pages((sizes[0], sizes[-1]), each=9)))
        if options["write"]:
            report.write(options["write"], figures, now=started, load=load)

    def _tell(self, figures: list[Figure]) -> list[Figure]:
        for figure in figures:
            self.stdout.write(report.row(figure))
        return figures


def _served(site: Site, mint: Mint, sandbox: Sandbox, *, short: bool) -> list[Figure]:
    now, stock = timezone.now(), Stock()
    rounds, size = (2, 10) if short else (10, 100)
    few, queue = (3, 10) if short else (31, 200)
    figures, payments = intake.payments_received(site, stock, mint, rounds=rounds, size=size, now=now)
    figures += [cancels.cancellations(site, stock, payments)]
    half = len(payments) // 2
    figures += intake.refunds_settled(site, mint, payments[:half], size=size)
    figures += intake.mixed(site, stock, mint, payments[half:], size=size, now=now)
    figures += reads.reads(site, stock, payments, size=size)
    figures += [cancels.accepted(site, stock, mint, sandbox, count=few, now=now)]
    figures += drain.drain(site, stock, mint, sandbox, count=queue, now=now)
    return figures
