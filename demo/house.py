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
Process = subprocess.Popen[bytes]


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
    with bound(8000, "site") as web, bound(12111, "sandbox") as stripe:
        site, sandbox = address_of(web), address_of(stripe)
        # The site inherits its socket, so that nobody can take the port in between; the sandbox binds anew.
        stripe.close()
        FOLDER.mkdir(exist_ok=True)
        database = FOLDER / f"{web.getsockname()[1]}.sqlite3"
        environment = _environment(database, stripe=sandbox, bind=f"fd://{web.fileno()}")
        _prepare(database, environment)
        with ExitStack() as children:
            processes = {
                name: children.enter_context(child(name, command, environment, web.fileno()))
                for name, command in commands_of(site, sandbox).items()
            }
            house = House(site, Sandbox(sandbox), database)
            wait_until("the sandbox and the site answer", lambda: _answers(house, processes))
            yield house


def _environment(database: Path, *, stripe: str, bind: str) -> dict[str, str]:
    return os.environ | {
        "PYTHON_DOTENV_DISABLED": "true",
        "PYTHONUNBUFFERED": "1",
        "DEBUG": "true",
        "ALLOWED_HOSTS": "",
        "DATABASE_URL": f"sqlite:///{database}",
        "STRIPE_SECRET_KEY": "sk_test_demo",
        "STRIPE_PUBLISHABLE_KEY": "pk_test_demo",
        "STRIPE_WEBHOOK_SECRET": WEBHOOK_SECRET,
        "STRIPE_API_BASE": stripe,
        "BIND": bind,
    }


def _prepare(database: Path, environment: dict[str, str]) -> None:
    for file in FOLDER.glob(f"{database.name}*"):
        file.unlink()
    seed = (ROOT / "demo" / "seed.py").read_text()
    for command in (["migrate", "--verbosity", "0"], ["shell", "--no-imports", "-c", seed]):
        subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, env=environment, check=True)  # noqa: S603


def commands_of(site: str, sandbox: str) -> dict[str, list[str]]:
    hook = ["--webhook", f"{site}/api/v1/payment/webhook/", "--webhook-secret", WEBHOOK_SECRET]
    return {
        "sandbox": ["-m", "sandbox", "--port", sandbox.rpartition(":")[2], *hook],
        "site": ["-m", "gunicorn", "config.wsgi", "-c", "config/gunicorn.py"],
        "worker": ["manage.py", "worker"],
    }


def wait_until(what: str, is_so: Callable[[], object]) -> None:
    """Look again until it is so; NotAsTold when that takes too long."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not is_so():
        if time.monotonic() > deadline:
            raise NotAsTold(f"After {PATIENCE_SECONDS} seconds it is still not so that {what}.")
        time.sleep(0.1)


def _answers(house: House, processes: dict[str, Process]) -> bool:
    for name, process in processes.items():
        if process.poll() is not None:
            raise NotAsTold(f"The {name} ended at once.")
    try:
        house.sandbox.stats()
        return requests.get(f"{house.url}/readyz", timeout=5).ok
    except OSError:  # requests' and urllib's errors alike
        return False


def bound(usual: int, whose: str) -> socket.socket:
    """A socket on the usual port or, where that is taken, on a free one."""
    for port in (usual, 0):
        bound = socket.socket()
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            bound.bind(("127.0.0.1", port))
            bound.listen()  # nobody else may share it now
        except OSError:
            bound.close()
            continue
        if not port:
            print(f"Port {usual} is taken; the {whose} gets port {bound.getsockname()[1]}.")
        return bound
    raise NotAsTold("This machine has no free port.")


def address_of(bound: socket.socket) -> str:
    return "http://{}:{}".format(*bound.getsockname())


@contextmanager
def child(name: str, command: list[str], environment: dict[str, str], inherited: int) -> Iterator[Process]:
    """A process in a session of its own, so that Ctrl-C reaches only us; its words go to `.demo/NAME.log`."""
    with (FOLDER / f"{name}.log").open("w") as log:
        process = subprocess.Popen(  # noqa: S603
            [sys.executable, *command],
            cwd=ROOT,
            env=environment,
            stdout=log,
            stderr=log,
            start_new_session=True,
            pass_fds=[inherited],
        )
    try:
        yield process
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
