"""A customer who never sees the app: mail, phone, calendar file, moved, cancelled, and where the money is."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.core import mail
from django.utils.translation import gettext as _
from icalendar import Calendar
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from backoffice.tests.desk_browser import PATIENCE, PHONE, serious
from bookings import links
from bookings.models import Booking, Business, Service
from config.tests.world import Customer, Postman, run_workers
from core.language import speaking

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]


@pytest.fixture
def salon(live_server: LiveServer, settings: Settings) -> Business:
    settings.SITE_URL = live_server.url
    settings.SECURE_SSL_REDIRECT = False
    business = Business(name="Ada's Salon", address="12 High Street", time_zone="Europe/London")
    business.save()
    return business


@pytest.fixture
def on_phone(browser: Browser) -> Iterator[BrowserContext]:
    expect.set_options(timeout=PATIENCE)
    with_phone = {"width": PHONE[0], "height": PHONE[1]}
    context = browser.new_context(viewport=with_phone, java_script_enabled=False)  # type: ignore[arg-type]
    context.set_default_timeout(PATIENCE)
    yield context
    context.close()


def link_in(sent: mail.EmailMessage) -> str:
    return next(line for line in str(sent.body).splitlines() if "/b/BK-" in line)


def press(page: Page, text: str, role: str = "link") -> None:
    """With the keyboard alone."""
    page.get_by_role(role, name=text, exact=True).focus()  # type: ignore[arg-type]
    page.keyboard.press("Enter")
    page.wait_for_load_state()


def move(page: Page) -> None:
    press(page, _("Move"))
    page.get_by_role("radio").last.check()
    press(page, _("Go on"), "button")
    press(page, _("Move it"), "button")
    expect(page.get_by_role("status")).to_have_text(
        _("Your appointment is moved. A mail with the new time is on its way.")
    )


def cancel(page: Page) -> None:
    press(page, _("Cancel"))
    page.get_by_role("button").first.click()
    expect(page.get_by_role("status")).to_have_text(_("Your booking is cancelled."))


@pytest.mark.parametrize("code", ["en", "de", "fr", "es"])
def test_a_customer_never_sees_the_app(
    code: str,
    salon: Business,
    customer: Customer,
    service: Service,
    postman: Postman,
    on_phone: BrowserContext,
    tmp_path: Path,
) -> None:
    customer.user.language = code
    customer.user.save()
    booking = customer.book_and_pay(service, starts_in=timedelta(hours=60))
    run_workers()
    page = on_phone.new_page()
    page.goto(link_in(mail.outbox[-1]))
    with speaking(code):
        expect(page.locator("html")).to_have_attribute("lang", code)
        with page.expect_download() as download:
            page.get_by_role("link", name=_("Add to calendar")).click()
        download.value.save_as(tmp_path / "a.ics")
        assert Calendar.from_ical((tmp_path / "a.ics").read_bytes()).events[0].start == booking.starts_at
        move(page)
        booking.refresh_from_db()
        assert booking.moves == 1
        run_workers()
        page.goto(link_in(mail.outbox[-1]))
        cancel(page)
        run_workers()
        postman.deliver()
        page.reload()
        expect(page.locator("main")).to_contain_text(_("Refunded"))
        expect(page.locator("main")).to_contain_text(
            str(_("It usually appears on your statement within 5 to 10 business days."))
        )
    assert booking.refunds.get().status == "succeeded"


@pytest.mark.parametrize("dark", [False, True])
def test_nobody_is_kept_out(salon: Business, paid: Booking, browser: Browser, dark: bool) -> None:
    context = browser.new_context(
        viewport={"width": 320, "height": 700},
        color_scheme="dark" if dark else "light",
        bypass_csp=True,  # axe is put into the page
    )
    page = context.new_page()
    for path in ("", "cancel/", "move/", "reminders/"):
        page.goto(links.page(paid, path))
        assert serious(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
    context.close()
