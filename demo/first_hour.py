"""`make run`: the site and a worker on SQLite, with Stripe's stand-in until a key is set, until Ctrl-C.

What is set in the environment or in .env holds; a missing .env is written, with a secret key of its own.
"""

import os
import secrets
import subprocess
import sys
import threading
from contextlib import ExitStack

import requests
from dotenv import dotenv_values

from demo.house import (
    FOLDER,
    ROOT,
    WEBHOOK_SECRET,
    NotAsTold,
    Process,
    address_of,
    bound,
    child,
    commands_of,
    stop_on_signals,
    wait_until,
)

ENV = ROOT / ".env"
FIRST = """# Written by `make run` for this machine; .env.example explains every setting.
SECRET_KEY={key}
# On a server: false, with its names below.
DEBUG=true
ALLOWED_HOSTS=localhost,127.0.0.1
DATABASE_URL=sqlite:///db.sqlite3
"""
STAND_IN = {
    "STRIPE_SECRET_KEY": "sk_test_sandbox",
    "STRIPE_PUBLISHABLE_KEY": "pk_test_sandbox",
    "STRIPE_WEBHOOK_SECRET": WEBHOOK_SECRET,
}
OWNER = "owner"


def main() -> int:
    """Returns the exit status: 1 if something did not start, with a sentence that says what."""
    stop_on_signals()
    write_env()
    try:
        with ExitStack() as house:
            serve(house)
            threading.Event().wait()
    except (NotAsTold, subprocess.CalledProcessError) as error:
        print(f"{error}\nThe processes' own words are in {FOLDER}.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nEnded.")
    return 0


def write_env() -> None:
    """A .env to begin with, readable by its owner alone; one that is there stays as it is."""
    if ENV.exists():
        return
    with os.fdopen(os.open(ENV, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(FIRST.format(key=secrets.token_urlsafe(50)))
    print("Wrote .env with a secret key of its own.", flush=True)


def serve(house: ExitStack) -> None:
    """Start everything and say where it is."""
    web = house.enter_context(bound(8000, "site"))
    site = address_of(web)
    environment = {**{k: v for k, v in dotenv_values(ENV).items() if v is not None}, **os.environ}
    environment |= {"BIND": f"fd://{web.fileno()}", "PYTHONUNBUFFERED": "1"}
    environment.setdefault("SITE_URL", site)
    stripe = "" if environment.get("STRIPE_SECRET_KEY") else stand_in(environment)
    print("Setting up the database, the site and a worker ...", flush=True)
    manage("migrate", "--verbosity", "0", environment=environment)
    password = make_owner(environment)
    FOLDER.mkdir(exist_ok=True)
    processes = {
        name: house.enter_context(child(name, command, environment, web.fileno()))
        for name, command in commands_of(site, stripe).items()
        if stripe or name != "sandbox"
    }
    wait_until("the site answers", lambda: answers(site, processes))
    tell(site, stripe, password)


def stand_in(environment: dict[str, str]) -> str:
    """Where Stripe's stand-in will listen; named in the environment of all."""
    with bound(12111, "sandbox") as free:
        stripe = address_of(free)
    environment |= STAND_IN | {"STRIPE_API_BASE": stripe}
    return stripe


def make_owner(environment: dict[str, str]) -> str:
    """The first person who may sign in, with a password that is told once; "" if there is somebody."""
    count = "from accounts.models import User; print(User.objects.filter(is_superuser=True).count())"
    if manage("shell", "--no-imports", "-c", count, environment=environment).strip() != "0":
        return ""
    password = secrets.token_urlsafe(9)
    given = environment | {"DJANGO_SUPERUSER_PASSWORD": password}
    named = ("--username", OWNER, "--email", "owner@example.com")
    manage("createsuperuser", "--noinput", *named, environment=given)
    return password


def manage(*arguments: str, environment: dict[str, str]) -> str:
    command = [sys.executable, "manage.py", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise NotAsTold(f"`manage.py {arguments[0]}` failed: {done.stderr.strip()}")
    return done.stdout


def answers(site: str, processes: dict[str, Process]) -> bool:
    for name, process in processes.items():
        if process.poll() is not None:
            raise NotAsTold(f"The {name} ended at once.")
    try:
        return requests.get(f"{site}/readyz", timeout=5).ok
    except OSError:
        return False


def tell(site: str, stripe: str, password: str) -> None:
    sign_in = f"sign in as {OWNER} with the password {password} (told only now)" if password else ""
    lines = [
        f"  staff      {site}/admin/   {sign_in}".rstrip(),
        f"  customers  {site}/api/v1/docs/",
        f"  Stripe     {stripe}/   its stand-in: no key is set in .env"
        if stripe
        else "  Stripe     as .env says",
    ]
    print("\nIt runs:", *lines, "Ctrl-C ends it.", sep="\n", flush=True)


if __name__ == "__main__":
    sys.exit(main())
