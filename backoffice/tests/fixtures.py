"""What tests of every room may ask for about the back office: a browser before its pages."""

from collections.abc import Iterator

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from backoffice.tests.desk_browser import PATIENCE, Desk
from backoffice.tests.salon import Salon, open_salon
from core.models import Mark


@pytest.fixture(scope="session")
def familiar(browser: Browser, live_server: LiveServer) -> BrowserContext:
    """A browser that keeps our styles and scripts: each new one fetches and compiles them anew."""
    return browser.new_context(base_url=live_server.url)


@pytest.fixture
def salon(db: None) -> Salon:
    return open_salon()


@pytest.fixture
def desk(
    browser: Browser, familiar: BrowserContext, live_server: LiveServer, settings: Settings
) -> Iterator[Desk]:
    """A browser before our pages, while a worker was just seen."""
    expect.set_options(timeout=PATIENCE)
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = False
    Mark.objects.create(name="worker", at=timezone.now())
    yield Desk(browser, live_server.url, familiar)
    for context in browser.contexts:
        if context is not familiar:
            context.close()
    familiar.clear_cookies()
    for page in familiar.pages:
        page.close()
