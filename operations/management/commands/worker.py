import signal
import threading
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from core import jobs


class Command(BaseCommand):
    help = "Sends what is due, retries, expires holds, reconciles on schedule. Any number may run."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="stop when nothing is due")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["once"]:
            jobs.run_until_idle(timezone.now)
            return
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        self.stdout.write("worker: looking after what is due")
        jobs.run_forever(timezone.now, stop)
