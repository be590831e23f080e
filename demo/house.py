"""Start the sandbox, the site and a worker as children, on SQLite in `.demo/`, and end them by their ids."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

import requests

from sandbox.client import Sandbox

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / ".demo"
WEBHOOK_SECRET = "whsec_demo"  # noqa: S105 - the sandbox's, worth nothing elsewhere
PATIENCE_SECONDS = 60


class NotAsTold(Exception):
    """A step did not come out as the story tells it."""


@dataclass(frozen=True)
class House:
    """Everything is up: the site's address, the sandbox and the database file."""

    url: str
    sandbox: Sandbox
    database: Path


@contextmanager
def running() -> Iterator[House]:
    """An empty database, migrated and seeded, with all processes around it."""
    web, stripe = f"127.0.0.1:{_free_port(8000, 'site')}", f"127.0.0.1:{_free_port(12111, 'sandbox')}"
    FOLDER.mkdir(exist_ok=True)
    database = FOLDER / f"{web.split(':')[1]}.sqlite3"
    for file in FOLDER.glob(f"{database.name}*"):
        file.unlink()
    environment = os.environ | {
        "PYTHON_DOTENV_DISABLED": "true",
        "PYTHONUNBUFFERED": "1",
        "DEBUG": "true",
        "ALLOWED_HOSTS": "",
        "DATABASE_URL": f"sqlite:///{database}",
        "STRIPE_SECRET_KEY": "sk_test_demo",
        "STRIPE_PUBLISHABLE_KEY": "pk_test_demo",
        "STRIPE_WEBHOOK_SECRET": WEBHOOK_SECRET,
        "STRIPE_API_BASE": f"http://{stripe}",
        "BIND": web,
    }
    _manage(environment, "migrate", "--verbosity", "0")
    _manage(environment, "shell", "--no-imports", "-c", (ROOT / "demo" / "seed.py").read_text())
    hook = ("--webhook", f"http://{web}/api/v1/payment/webhook/", "--webhook-secret", WEBHOOK_SECRET)
    python = sys.executable
    with ExitStack() as children:
        for name, command in {
            "sandbox": (python, "-m", "sandbox", "--port", stripe.split(":")[1], *hook),
            "site": (python, "-m", "gunicorn", "config.wsgi", "-c", "config/gunicorn.py"),
            "worker": (python, "manage.py", "worker"),
        }.items():
            children.enter_context(_child(name, command, environment))
        house = House(f"http://{web}", Sandbox(f"http://{stripe}"), database)
        wait_until("the sandbox and the site answer", lambda: _answers(house))
        yield house


def wait_until(what: str, is_so: Callable[[], object]) -> None:
    """Look again until it is so; NotAsTold when that takes too long."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not is_so():
        if time.monotonic() > deadline:
            raise NotAsTold(f"After {PATIENCE_SECONDS} seconds it is still not so that {what}.")
        time.sleep(0.1)


def _answers(house: House) -> bool:
    try:
        house.sandbox.stats()
        return requests.get(f"{house.url}/readyz", timeout=5).ok
    except OSError:  # requests' and urllib's errors alike
        return False


def _free_port(usual: int, whose: str) -> int:
    for port in (usual, 0):
        with socket.socket() as attempt:
            attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                attempt.bind(("127.0.0.1", port))
            except OSError:
                continue
            chosen = int(attempt.getsockname()[1])
        if chosen != usual:
            print(f"Port {usual} is taken; the {whose} gets port {chosen}.")
        return chosen
    raise NotAsTold("This machine has no free port.")


def _manage(environment: dict[str, str], *arguments: str) -> None:
    subprocess.run([sys.executable, "manage.py", *arguments], cwd=ROOT, env=environment, check=True)  # noqa: S603


@contextmanager
def _child(name: str, command: tuple[str, ...], environment: dict[str, str]) -> Iterator[None]:
    """A process in a session of its own, so that Ctrl-C reaches only us; its words go to `.demo/NAME.log`."""
    with (FOLDER / f"{name}.log").open("w") as log:
        process = subprocess.Popen(  # noqa: S603
            command, cwd=ROOT, env=environment, stdout=log, stderr=log, start_new_session=True
        )
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()


def stop_on_signals() -> None:
    """Let SIGTERM and a closed terminal end us as Ctrl-C does: with the children ended first."""

    def stop(number: int, _: FrameType | None) -> None:
        raise SystemExit(128 + number)

    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
