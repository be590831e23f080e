import signal
import threading
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection

from core import clock
from core.work import jobs, stopping, worker

SIGNALS = (signal.SIGTERM, signal.SIGINT)


class Command(BaseCommand):
    help = "Sends what is due, retries, expires holds, reconciles on schedule. Any number may run."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="stop when nothing is due")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["once"]:
            jobs.run_until_idle(clock.now)
            return
        # Waited for here and handled nowhere: a handler might interrupt what it then waits for.
        signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
        at_work = threading.Thread(target=_work, name="watch")
        at_work.start()
        self.stdout.write("worker: looking after what is due")
        while at_work.is_alive() and signal.sigtimedwait(SIGNALS, 1.0) is None:
            pass
        stopping.told.set()
        at_work.join()


def _work() -> None:
    try:
        worker.run_forever(clock.now, stopping.told)
    finally:
        connection.close()
