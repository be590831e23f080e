"""The desk in a real Chromium, as staff use it: by mouse and keyboard, on a phone, in the dark."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from backoffice.tests.desk_browser import DESKTOP, PHONE, Desk, fits_in_width, list_of, serious, url_of
from backoffice.tests.desk_world import person
from bookings.models import Booking, Service
from config.tests.world import Customer, run_workers
from payments.models import EventStatus, WebhookEvent
from refunds.models import Dispute, RefundRecord
from sandbox.client import Sandbox

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]
TALL = (1280, 1400)
PICTURES = Path(__file__).resolve().parents[2] / "docs" / "screenshots"


def test_from_the_home_page_to_a_refund_that_is_sent_again(desk: Desk, failed: RefundRecord) -> None:
    person("refunds", "clerk")
    page = desk.browser.new_context(base_url=desk.address).new_page()
    page.goto("/admin/")
    page.get_by_label("Username").fill("clerk")
    page.get_by_label("Password").fill("secret")
    page.get_by_role("button", name="Log in").click()
    page.get_by_role("link", name="1 Refunds returned by the bank").click()
    page.locator("#result_list tbody a").first.click()
    page.get_by_role("link", name="Send again").click()
    page.get_by_label("Reason").fill("The customer has a new card")
    page.get_by_role("button", name="Send again").click()
    expect(page.get_by_text("£45.00 is queued and goes out in a moment.")).to_be_visible()
    run_workers()
    page.reload()
    expect(page.get_by_text("was sent back to your card")).to_be_visible()


def test_a_double_click_gives_goodwill_once(desk: Desk, paid: Booking) -> None:
    page = desk.sit(person("refunds"))
    page.goto(url_of(paid))
    page.get_by_role("link", name="Refund a part").click()
    page.get_by_label("Amount").fill("12.50")
    page.get_by_label("Reason").fill("We were late")
    page.get_by_role("button", name="Refund a part").dblclick()
    expect(page.get_by_text("£12.50 is queued and goes out in a moment.").first).to_be_visible()
    assert list(paid.refunds.values_list("amount", flat=True)) == [1250]


def test_a_service_is_read_back_before_it_is_saved(desk: Desk, service: Service) -> None:
    page = desk.sit(person("manager"))
    page.goto(url_of(service))
    read = page.get_by_role("status").filter(has_text="Reads as")
    expect(read).to_have_text("Reads as: 1 h 30 min, £45.00")
    page.get_by_label("Duration (minutes)").fill("45")
    page.get_by_label("Price").fill("9899")
    expect(read).to_have_text("Reads as: 45 min, £9,899.00")
    page.get_by_label("Currency").fill("jpy")
    expect(read).to_have_text("Reads as: 45 min, JP¥9,899")
    page.get_by_label("Price").fill("98,99")
    expect(page.get_by_text("Reads as")).to_have_count(0)


def test_what_is_refused_is_said_where_the_form_is(desk: Desk, paid: Booking) -> None:
    page = desk.sit(person("refunds"))
    page.goto(f"/admin/bookings/booking/{paid.pk}/do/goodwill/")
    page.get_by_label("Amount").fill("99")
    page.get_by_label("Reason").fill("Too much")
    page.get_by_role("button", name="Refund a part").click()
    expect(page.get_by_role("alert")).to_contain_text("At most £45.00 can be given back")
    assert not paid.refunds.exists()


def test_an_action_is_reached_and_done_by_keyboard_alone(desk: Desk, failed: RefundRecord) -> None:
    page = desk.sit(person("refunds"))
    page.goto(url_of(failed))
    tab_to(page, "Paid by other means")
    page.keyboard.press("Enter")
    page.wait_for_url("**/do/paid-otherwise/")
    page.get_by_label("Reason").focus()
    page.keyboard.type("Bank transfer of today")
    tab_to(page, "Paid by other means")
    page.keyboard.press("Enter")
    expect(page.get_by_text("It is marked as paid by other means.")).to_be_visible()
    failed.refresh_from_db()
    assert failed.status == "paid_otherwise"


def test_filters_are_opened_by_keyboard(desk: Desk, failed: RefundRecord) -> None:
    page = desk.sit(person("viewer"))
    page.goto(list_of("refunds_refundrecord"))
    tab_to(page, "Filters")
    page.keyboard.press("Enter")
    page.locator("#changelist-filter").get_by_text("Queued", exact=True).click()
    expect(page.get_by_text("Page 1 · 0 refund records")).to_be_visible()


def test_the_menu_is_opened_by_keyboard_on_a_phone(desk: Desk) -> None:
    page = desk.sit(person("viewer"), size=PHONE)
    page.goto("/admin/")
    statement = page.get_by_role("link", name="Statement")
    expect(statement).not_to_be_visible()
    page.get_by_role("button", name="Show or hide the menu").focus()
    page.keyboard.press("Enter")
    statement.click()
    page.wait_for_url(f"**{list_of('payments_paymenttransaction')}")


def tab_to(page: Page, words: str) -> None:
    for _ in range(80):
        page.keyboard.press("Tab")
        if words in (page.evaluate("document.activeElement.innerText") or ""):
            return
    raise AssertionError(f"{words} can't be reached by keyboard")


def test_a_booking_tells_its_story_to_who_may_only_look(desk: Desk, failed: RefundRecord) -> None:
    page = desk.sit(person("viewer"), size=PHONE, dark=True)
    page.goto(url_of(failed.booking))
    for words in ("Statement", "Refund returned", "The refund failed: the money is with us again"):
        expect(page.locator("#content").get_by_text(words, exact=True).first).to_be_visible()
    expect(page.get_by_text("Refund a part: manager, owner, refunds only")).to_be_visible()
    expect(page.get_by_text("A mail went out to the customer: refund sent")).to_be_visible()
    at_stripe = page.get_by_role("link", name=str(failed.stripe_refund_id)).first
    expect(at_stripe).to_have_attribute(
        "href", f"https://dashboard.stripe.com/test/refunds/{failed.stripe_refund_id}"
    )
    assert fits_in_width(page)


def test_a_figure_leads_to_its_rows_and_a_chart_has_its_table(desk: Desk, paid: Booking) -> None:
    page = desk.sit(person("viewer"))
    page.goto("/admin/")
    page.get_by_text("The same as a table").click()
    expect(page.get_by_role("table").last).to_contain_text("£45.00")
    page.get_by_role("link", name="£45.00").first.click()
    expect(page.get_by_text("Page 1 · 1 payment transaction", exact=True)).to_be_visible()
    expect(page.locator("#result_list")).to_contain_text(paid.reference)


def test_nothing_of_money_is_edited_not_even_by_a_superuser(desk: Desk, failed: RefundRecord) -> None:
    page = desk.sit(User.objects.create_superuser("root"))
    for row in (failed, failed.payment, failed.booking, failed.payment.transactions.all()[0]):
        page.goto(url_of(row))
        expect(page.locator("body")).to_contain_text(failed.booking.reference)
        expect(page.locator("#content form :is(input, select, textarea):visible")).to_have_count(0)
        expect(page.get_by_role("link", name=re.compile("^(Add|Delete)"))).to_have_count(0)


def test_failed_events_are_applied_again_all_at_once(desk: Desk, paid: Booking) -> None:
    WebhookEvent.objects.update(status=EventStatus.FAILED, next_attempt_at=None, attempts=60, error="Boom")
    page = desk.sit(person("manager"))
    page.goto(list_of("payments_webhookevent"))
    page.get_by_role("link", name="Apply all failed events again").click()
    page.get_by_role("button", name="Apply all again").click()
    run_workers()
    assert not WebhookEvent.objects.filter(status=EventStatus.FAILED).exists()


def test_one_event_is_applied_again_from_its_page(desk: Desk, paid: Booking) -> None:
    event = WebhookEvent.objects.get(type="payment_intent.succeeded")
    page = desk.sit(person("manager"))
    page.goto(url_of(event))
    page.get_by_role("link", name="Apply again").click()
    page.get_by_role("button", name="Apply again").click()
    expect(page.get_by_text("Processed:").first).to_be_visible()
    assert paid.transactions.count() == 1


@pytest.mark.parametrize(("size", "dark"), [(DESKTOP, False), (PHONE, True)], ids=["desktop", "dark phone"])
def test_axe_finds_nothing_serious(
    desk: Desk, failed: RefundRecord, size: tuple[int, int], dark: bool
) -> None:
    page = desk.browser.new_context(base_url=desk.address).new_page()
    page.goto("/admin/login/")
    found = serious(page)
    page = desk.sit(person("manager", "boss"), size=size, dark=dark)
    pages = ["/admin/", url_of(failed.booking), url_of(failed), url_of(failed.payment)]
    pages += [f"/admin/refunds/refundrecord/{failed.pk}/do/retry/"]
    pages += [
        list_of(model) for model in ("bookings_booking", "refunds_refundrecord", "payments_webhookevent")
    ]
    for address in pages:
        page.goto(address)
        found += serious(page)
        assert fits_in_width(page), address
    assert found == []


@pytest.fixture
def disputed(customer: Customer, service: Service, sandbox: Sandbox) -> Dispute:
    """A chargeback of an appointment that is still to come."""
    sandbox.dispute(customer.pay(customer.book(service, starts_in=timedelta(days=9))))
    customer.postman.deliver()
    run_workers()
    return Dispute.objects.get()
