"""A Saturday at reception in a real Chromium, on a desktop and on a phone, each page in light and in dark."""

from datetime import time, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from backoffice.tests.desk_browser import DESKTOP, PHONE, Desk, fits_in_width, serious, tab_to
from backoffice.tests.desk_world import person
from backoffice.tests.salon import LONDON, NAMES, Salon, fill
from bookings.models import Booking, Hours, Resource
from config.tests.world import run_workers

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]


@pytest.fixture
def saturday(salon: Salon) -> Salon:
    """Open day and night, whenever the test runs, with twenty appointments on the day."""
    Hours.objects.update(opens=time(0), closes=time(0))
    Resource.objects.create(name="Chiara").services.set([salon.cut, salon.trim])
    fill(salon)
    return salon


def block(page: Page, name: str) -> Locator:
    return page.locator(".agenda-block", has_text=name)


def card(page: Page) -> Locator:
    return page.locator(".agenda-card:popover-open")


def booking_of(name: str) -> Booking:
    return Booking.objects.get(customer__name=name)


def told(page: Page, words: str) -> None:
    expect(page.get_by_text(words).first).to_be_visible()


def to_the_day(page: Page, salon: Salon) -> None:
    page.goto(f"/admin/agenda/?day={salon.day}")


def is_usable(page: Page) -> None:
    """As it is, and as light where it is dark or dark where it is light."""
    for _scheme in ("the other", "as it was"):
        page.locator("html").evaluate("html => html.classList.toggle('dark')")
        assert serious(page) == []
        assert fits_in_width(page), page.url


@pytest.mark.parametrize(("size", "dark"), [(DESKTOP, False), (PHONE, True)], ids=["desktop", "dark phone"])
def test_a_saturday(desk: Desk, saturday: Salon, size: tuple[int, int], dark: bool) -> None:
    page = desk.sit(person("reception"), size=size, dark=dark)
    page.goto("/admin/")
    expect(page).to_have_title("Agenda | Bookings and refunds")
    looks_at_twenty(page, saturday)
    books_five_by_phone(page, saturday)
    moves_one_by_drag(page, saturday)
    moves_one_by_keyboard(page, saturday)
    marks_one_who_did_not_come(page, saturday)
    takes_a_walk_in(page)
    cancels_one_for_the_business(page, saturday)
    closes_at_noon(page, saturday)


def looks_at_twenty(page: Page, salon: Salon) -> None:
    to_the_day(page, salon)
    expect(page.locator(".agenda-block")).to_have_count(20)
    is_usable(page)
    for name in NAMES:
        block(page, name).click()
        expect(card(page)).to_contain_text(name)
        expect(card(page)).to_contain_text("£18.00, to be paid at the desk")
        page.keyboard.press("Escape")
    block(page, NAMES[0]).click()
    is_usable(page)


def books_five_by_phone(page: Page, salon: Salon) -> None:
    for number, who in enumerate(("Lise Meitner", "Emmy Noether", "Rosalind Franklin", "Mary Somerville")):
        to_the_day(page, salon)
        page.locator(f'.agenda-free[href*="time=1{number}:00&resource={chiara()}"]').click()
        page.get_by_label("Customer's name, phone or e-mail").fill(who)
        expect(page.get_by_text("somebody new.")).to_be_visible()
        page.get_by_role("button", name="Book").click()
        told(page, f"{who} is booked: Beard trim")
    to_the_day(page, salon)
    page.get_by_role("link", name="New appointment").click()
    is_usable(page)
    page.get_by_label("Customer's name, phone or e-mail").fill("020 7946 0001")
    page.get_by_label("Ada Lovelace").check()
    page.get_by_label("Service").select_option(label="Haircut (45 min, £38.00)")
    page.locator("#id_time").fill("16:00")
    is_usable(page)
    page.get_by_role("button", name="Book").click()
    told(page, "Ada Lovelace is booked: Haircut")
    assert Booking.objects.filter(customer=salon.ada).count() == 1
    assert Booking.objects.count() == 25


def chiara() -> int:
    return Resource.objects.get(name="Chiara").pk


def moves_one_by_drag(page: Page, salon: Salon) -> None:
    to_the_day(page, salon)
    moved = block(page, "Claude Shannon")
    moved.scroll_into_view_if_needed()
    column = page.locator(f'.agenda-column[data-resource="{salon.anna.pk}"]').bounding_box()
    at = moved.bounding_box()
    assert at is not None
    assert column is not None
    page.mouse.move(at["x"] + at["width"] / 2, at["y"] + 5)
    page.mouse.down()
    page.mouse.move(column["x"] + column["width"] / 2, at["y"] + 30, steps=4)
    page.mouse.move(column["x"] + column["width"] / 2, at["y"] + 5 + 54, steps=4)  # half an hour down
    page.mouse.up()
    page.wait_for_url("**/move/**")
    expect(page.get_by_text("Everything back until, then")).to_be_visible()
    is_usable(page)
    page.get_by_role("button", name="Move it").click()
    told(page, "Claude Shannon is moved to Beard trim")
    booking = booking_of("Claude Shannon")
    assert (booking.resource, booking.starts_at) == (salon.anna, salon.at("14:00"))


def moves_one_by_keyboard(page: Page, salon: Salon) -> None:
    to_the_day(page, salon)
    block(page, "Jean Bartik").focus()
    page.keyboard.press("m")
    expect(page.get_by_role("status")).to_contain_text("Moving Jean Bartik")
    for _ in range(4):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.wait_for_url("**/move/**")
    tab_to(page, "Move it")  # it has the focus already, where the browser gives it
    page.keyboard.press("Enter")
    told(page, "Jean Bartik is moved to Beard trim")
    booking = booking_of("Jean Bartik")
    assert (booking.resource, booking.starts_at) == (salon.ben, salon.at("14:30"))


def marks_one_who_did_not_come(page: Page, salon: Salon) -> None:
    began = timezone.now() - timedelta(minutes=5)
    late = booking_of("Alan Turing")
    Booking.objects.filter(pk=late.pk).update(starts_at=began, ends_at=began + timedelta(minutes=20))
    page.goto(f"/admin/agenda/?day={began.astimezone(LONDON):%Y-%m-%d}")
    block(page, "Alan Turing").click()
    card(page).get_by_role("link", name="Did not come").click()
    page.get_by_role("button", name="Did not come").click()
    told(page, "Alan Turing did not come.")
    assert booking_of("Alan Turing").status == "no_show"


def takes_a_walk_in(page: Page) -> None:
    page.goto("/admin/agenda/")
    page.get_by_role("link", name="Walk-in").click()
    page.get_by_label("Customer's name, phone or e-mail").fill("Sophie Germain")
    page.get_by_role("button", name="Book").click()
    told(page, "Sophie Germain is booked: Beard trim")
    assert booking_of("Sophie Germain").starts_at - timezone.now() < timedelta(minutes=6)


def cancels_one_for_the_business(page: Page, salon: Salon) -> None:
    to_the_day(page, salon)
    block(page, "Mary Jackson").click()
    card(page).get_by_role("link", name="Open booking").click()
    page.get_by_role("link", name="Cancel for the business").click()
    page.get_by_label("Reason").fill("Ben is ill")
    page.get_by_role("button", name="Cancel for the business").click()
    told(page, "It is cancelled; nothing was paid.")


def closes_at_noon(page: Page, salon: Salon) -> None:
    page.goto("/admin/refunds/closure/")
    page.get_by_role("link", name="Cancel a day for the business").click()
    page.locator("#id_day").fill(salon.day.isoformat())
    page.locator("#id_opens").fill("12:00")
    page.locator("#id_closes").fill("00:00")
    page.get_by_role("button", name="Show the dry run").click()
    standing = Booking.objects.filter(status="confirmed", starts_at__gte=salon.at("00:00"))
    late = standing.filter(starts_at__gte=salon.at("12:00")).count()
    expect(page.get_by_text(f"{late} bookings")).to_be_visible()
    page.get_by_label("How many are cancelled").fill(str(late))
    page.get_by_label("Reason").fill("The heating broke")
    page.get_by_role("button", name="Cancel them").click()
    expect(page.get_by_role("status")).to_contain_text(f"0 of {late} done")
    run_workers()
    expect(page.get_by_role("status")).to_contain_text(f"{late} of {late} done")  # it looks again until then
    to_the_day(page, salon)
    expect(page.locator(".agenda-block")).to_have_count(standing.count())
    expect(page.locator('.agenda-free[href*="time=11:"]').first).to_be_attached()
    expect(page.locator('.agenda-free[href*="time=15:"]')).to_have_count(0)
    is_usable(page)
    assert Booking.objects.filter(status="cancelled").count() == late + 1
