from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from bench import report
from bench.pages import pages


class Command(BaseCommand):
    help = "The pages' part of the bench alone, on the databases that DATABASE_URL's server has."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--sizes", default="10000,1000000", help="bookings, comma-separated")
        parser.add_argument("--each", type=int, default=9)
        parser.add_argument("--only", default="", help="pages with this in their name")

    def handle(self, *args: Any, **options: Any) -> None:
        sizes = [int(size) for size in options["sizes"].split(",")]
        for figure in pages(sizes, each=options["each"], only=options["only"]):
            self.stdout.write(report.row(figure))
