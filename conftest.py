"""What tests of every room may ask for; what a room adds stands in its tests/fixtures.py."""

import gc
import os
import shutil
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.conf import settings as django_settings
from django.db import connection, connections
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from playwright.sync_api import Browser, sync_playwright
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from bookings.models import Booking, Service
from config.tests import isolation
from config.tests.world import Customer, Postman, customer_named
from payments import gateway
from sandbox.client import Sandbox
from sandbox.launch import running

pytest_plugins = ("refunds.tests.fixtures", "backoffice.tests.fixtures")

CHROMIUM_FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()

# Django's tests leave much for nobody: looking for cycles less often saves a twelfth of the time.
gc.set_threshold(100_000)

# How long an example takes says something about the machine, not about the product.
hypothesis_settings.register_profile("steady", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("steady")


def pytest_xdist_auto_num_workers() -> int:
    """Three for two cores: a test waits for Stripe's stand-in, a browser or a process a third of its time."""
    return (os.cpu_count() or 1) * 3 // 2 or 1


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest, so that no process is left alone with them at the end.

    The browser comes first: one process does most of it, and the others needn't start their own.
    """
    for what in ("process_environment", "browser"):
        items.sort(key=lambda item: what not in getattr(item, "fixturenames", ()))


def lacking(what: str) -> None:
    """A part this machine doesn't have: its tests are skipped here, but in CI that's a failure."""
    (pytest.fail if os.environ.get("CI") else pytest.skip)(f"{what} is not installed")


@pytest.fixture(scope="session", autouse=True)
def _tests_kept_apart() -> Iterator[None]:
    with isolation.tests_kept_apart():
        yield


@pytest.fixture(scope="session")
def sandbox_process() -> Iterator[Sandbox]:
    """One sandbox for all tests of a process; "some time later" comes when a test says so."""
    with running("--settle-after", "manual", "--check-types") as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(sandbox_process: Sandbox, settings: Settings) -> Iterator[Sandbox]:
    """Stripe's stand-in, empty, with our gateway pointed at it."""
    sandbox_process.reset()
    settings.STRIPE_API_BASE = sandbox_process.base_url
    gateway.client.cache_clear()
    yield sandbox_process
    gateway.client.cache_clear()
    assert sandbox_process.type_slips() == [], "the sandbox answered other than Stripe's types say"


@pytest.fixture
def postman(sandbox: Sandbox) -> Postman:
    """Delivers Stripe's events, when the test says so."""
    return Postman(sandbox)


@pytest.fixture
def customer(db: None, sandbox: Sandbox, postman: Postman) -> Customer:
    return customer_named("ada", sandbox=sandbox, postman=postman)


@pytest.fixture
def stranger(db: None, sandbox: Sandbox, postman: Postman) -> Customer:
    """Another customer, whose bookings are none of the first one's business."""
    return customer_named("eve", sandbox=sandbox, postman=postman)


@pytest.fixture
def service(db: None) -> Service:
    """An appointment for one at a time: 90 minutes, 45 pounds."""
    return Service.objects.create(
        name="Deep clean", duration=timedelta(minutes=90), price=4500, currency="gbp"
    )


@pytest.fixture
def paid(customer: Customer, service: Service) -> Booking:
    """A confirmed booking, 48 hours ahead, paid through the sheet and the webhook."""
    return customer.book_and_pay(service)


@pytest.fixture
def process_environment(db: None, sandbox: Sandbox) -> dict[str, str]:
    """The environment for a process of its own (a worker, a server) on this test's database and sandbox.

    Ask for `transactional_db` too: another process sees only what was committed.
    """
    name = connection.settings_dict["NAME"]
    url = f"sqlite:///{name}"
    if connection.vendor == "postgresql":
        url = os.environ["DATABASE_URL"].replace("/postgres?", f"/{name}?")
    kept = {"PATH", "SECRET_KEY", "ALLOWED_HOSTS", "PYTHON_DOTENV_DISABLED"}
    kept |= {name for name in os.environ if name.startswith("STRIPE_")}
    return {name: os.environ[name] for name in kept} | {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATABASE_URL": url,
        "STRIPE_API_BASE": django_settings.STRIPE_API_BASE,
        "EMAIL_URL": "memory:",
        "SECURE_SSL_REDIRECT": "false",
    }


@pytest.fixture(scope="session")
def live_server(django_db_setup: None, live_server: LiveServer) -> LiveServer:
    """The server for browsers, made after the tests' database, which is a file.

    Made before, it would find the settings' in-memory database and share our connection with its threads.
    """
    return live_server


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, driven by Playwright; one for each test process.

    Playwright's loop stays in this thread between its calls, which Django takes for asynchronous code.
    """
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        lacking("Chromium")
    # For the loop Django makes another one, and SQLite keeps the lock of one that is left open.
    connections.close_all()
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()
        connections.close_all()
