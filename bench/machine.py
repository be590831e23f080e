"""Start what is measured: PostgreSQL with durable commits, Stripe's sandbox, the site and its workers."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from config.tests import postgres
from sandbox import launch

ROOT = Path(__file__).resolve().parent.parent
PATIENCE_SECONDS = 60
STOP_SECONDS = 40
PACE = 20
# A quarter of a small server's memory, as PostgreSQL's manual advises; the rest is PostgreSQL's default.
DURABLE = "-c shared_buffers=1GB -c max_wal_size=4GB"


@contextmanager
def running() -> Iterator[dict[str, str]]:
    """A database and a sandbox; the environment in which the site and the workers find them.

    BENCH_DATABASE_URL names another server (its `postgres` database gets our tables); else one is started.
    """
    database = os.environ.get("BENCH_DATABASE_URL") or postgres.start(DURABLE)
    with launch.running("--settle-after", "manual") as sandbox:
        environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "bench.settings",
            "PYTHON_DOTENV_DISABLED": "true",
            "DEBUG": "false",
            "SECRET_KEY": "only-for-the-bench-0123456789-abcdefghijklmnopqrstuvwxyz",
            "ALLOWED_HOSTS": "127.0.0.1,testserver",
            "DATABASE_URL": database,
            "STRIPE_SECRET_KEY": "sk_test_bench",
            "STRIPE_PUBLISHABLE_KEY": "pk_test_bench",
            "STRIPE_WEBHOOK_SECRET": "whsec_bench",
            "STRIPE_API_BASE": sandbox.base_url,
            "STRIPE_PACE": str(PACE),
            "STRIPE_REFUND_PACE": str(PACE),
            "RECONCILE_EVERY_MINUTES": "0",  # the sandbox knows few of the invented payments
            "THROTTLE_CHANGES": "1000000/min",
            "EMAIL_URL": "console:",
            "LOG_LEVEL": "WARNING",
        }
        yield environment


class Running(NamedTuple):
    """A process, and the port it answers on (0: none)."""

    pid: int
    port: int


@contextmanager
def site() -> Iterator[Running]:
    """The site as in production, on two processes."""
    with socket.socket() as chosen:
        chosen.bind(("127.0.0.1", 0))
        port = int(chosen.getsockname()[1])
    gunicorn = ("-m", "gunicorn", "config.wsgi", "-c", "config/gunicorn.py", "--max-requests", "0")
    with _process(*gunicorn, "--bind", f"127.0.0.1:{port}", "--log-level", "warning") as pid:
        _wait_until_open(port)
        yield Running(pid, port)


@contextmanager
def worker() -> Iterator[Running]:
    """One more worker."""
    with _process("manage.py", "worker") as pid:
        yield Running(pid, 0)


@contextmanager
def _process(*arguments: str) -> Iterator[int]:
    process = subprocess.Popen((sys.executable, *arguments), cwd=ROOT, stdout=subprocess.DEVNULL)  # noqa: S603
    try:
        yield process.pid
    finally:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()


def _wait_until_open(port: int) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
        else:
            return
