"""Ten tasks of the desk, each in as many clicks as docs/desk.md says."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from backoffice.tests.desk_browser import Desk
from backoffice.tests.desk_world import person
from backoffice.tests.salon import LONDON, Salon, customer, open_salon
from bookings.models import Booking, Hours, Service
from config.tests.world import Customer
from refunds.models import RefundRecord

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]
DESK_PAGE = Path(__file__).resolve().parents[2] / "docs" / "desk.md"
ROW = re.compile(r"^\| (\d+) \| ([^|]+) \| [^|]+ \| (\d+) \|$", re.MULTILINE)


@dataclass
class Hand:
    """Clicks, and counts them; typing isn't counted."""

    page: Page
    salon: Salon
    clicks: int = 0

    def click(self, what: Locator) -> None:
        what.click()
        self.clicks += 1

    def link(self, words: str) -> None:
        self.click(self.page.locator("#content").get_by_role("link", name=words).first)

    def button(self, words: str) -> None:
        self.click(self.page.locator("#content").get_by_role("button", name=words).first)

    def block(self, name: str) -> Locator:
        self.click(self.page.locator(".agenda-block", has_text=name))
        return self.page.locator(".agenda-card:popover-open")

    def fill(self, label: str, text: str) -> None:
        self.page.get_by_label(label).fill(text)

    def told(self, words: str) -> None:
        expect(self.page.get_by_text(words).first).to_be_visible()


def see_the_day(hand: Hand) -> None:
    expect(hand.page.locator(".agenda-block").first).to_be_visible()


def see_whether_somebody_paid(hand: Hand) -> None:
    expect(hand.block("Ada Lovelace")).to_contain_text("£38.00, to be paid at the desk")


def note_who_arrived(hand: Hand) -> None:
    hand.click(hand.block("Ada Lovelace").get_by_role("button", name="Arrived"))
    hand.told("Ada Lovelace has arrived.")


def note_who_did_not_come(hand: Hand) -> None:
    began = timezone.now() - timedelta(minutes=5)
    late = Booking.objects.get(customer__name="Mary Jackson")
    Booking.objects.filter(pk=late.pk).update(starts_at=began, ends_at=began + timedelta(minutes=45))
    hand.page.goto(f"/admin/agenda/?day={began.astimezone(LONDON):%Y-%m-%d}")
    hand.click(hand.block("Mary Jackson").get_by_role("link", name="Did not come"))
    hand.button("Did not come")
    hand.told("Mary Jackson did not come.")


def book_a_caller(hand: Hand) -> None:
    hand.click(hand.page.locator('.agenda-free[href*="time=15:00"]').first)
    hand.fill("Customer's name, phone or e-mail", "Emmy Noether")
    hand.button("Book")
    hand.told("Emmy Noether is booked")


def take_a_walk_in(hand: Hand) -> None:
    hand.link("Walk-in")
    hand.fill("Customer's name, phone or e-mail", "Sophie Germain")
    hand.button("Book")
    hand.told("Sophie Germain is booked")


def move_an_appointment(hand: Hand) -> None:
    block = hand.page.locator(".agenda-block", has_text="Grace Hopper")
    block.scroll_into_view_if_needed()
    at = block.bounding_box()
    assert at is not None
    hand.page.mouse.move(at["x"] + 20, at["y"] + 5)
    hand.page.mouse.down()
    hand.page.mouse.move(at["x"] + 20, at["y"] + 5 + 54, steps=5)
    hand.page.mouse.up()
    hand.clicks += 1
    hand.page.wait_for_url("**/move/**")
    hand.button("Move it")
    hand.told("Grace Hopper is moved")


def cancel_for_the_customer(hand: Hand) -> None:
    hand.click(hand.block("Grace Hopper").get_by_role("link", name="Open booking"))
    hand.link("Cancel for the customer")
    hand.fill("Reason", "Has a cold")
    hand.button("Cancel for the customer")
    hand.told("It is cancelled; nothing was paid.")


def refund_a_part(hand: Hand) -> None:
    paid = Booking.objects.get(payments__status="succeeded", status="confirmed")
    hand.page.goto(f"/admin/agenda/?day={paid.starts_at.astimezone(LONDON):%Y-%m-%d}")
    hand.click(hand.block(paid.customer.email).get_by_role("link", name="Open booking"))
    hand.link("Refund a part")
    hand.fill("Amount", "5.00")
    hand.fill("Reason", "We began late")
    hand.button("Refund a part")
    hand.told("£5.00 is queued")


def send_a_returned_refund_again(hand: Hand) -> None:
    hand.page.goto("/admin/")
    hand.click(hand.page.get_by_role("link", name="Refunds returned by the bank"))
    hand.click(hand.page.locator("#result_list tbody a").first)
    hand.link("Send again")
    hand.button("Send again")
    hand.told("is queued and goes out in a moment.")


TASKS: tuple[Callable[[Hand], None], ...] = (
    see_the_day,
    see_whether_somebody_paid,
    note_who_arrived,
    note_who_did_not_come,
    book_a_caller,
    take_a_walk_in,
    move_an_appointment,
    cancel_for_the_customer,
    refund_a_part,
    send_a_returned_refund_again,
)


@pytest.fixture
def opened(failed: RefundRecord, stranger: Customer, massage: Service) -> Salon:
    """A salon that is always open, with a day of three, somebody who paid and a refund that came back."""
    stranger.book_and_pay(massage)
    salon = open_salon()
    Hours.objects.all().delete()
    salon.book("10:00", resource=salon.anna)
    for name, clock in (("Grace Hopper", "11:00"), ("Mary Jackson", "13:00")):
        salon.book(clock, who=customer(name), resource=salon.ben)
    return salon


def test_ten_tasks_take_as_many_clicks_as_the_page_says(desk: Desk, opened: Salon) -> None:
    promised = {int(number): int(clicks) for number, _, clicks in ROW.findall(DESK_PAGE.read_text())}
    assert set(promised) == set(range(1, len(TASKS) + 1))
    page = desk.sit(person("manager"))
    taken = {}
    for number, task in enumerate(TASKS, 1):
        page.goto(f"/admin/agenda/?day={opened.day}")
        hand = Hand(page, opened)
        task(hand)
        taken[number] = hand.clicks
    assert taken == promised
