"""Money at the desk in a real Chromium: a snow day, a second person's agreement, and the books."""

import csv
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect
from pytest_django import Settings

from backoffice.tests.desk_browser import PHONE, Desk, fits_in_width, list_of, serious, url_of
from backoffice.tests.desk_world import person
from bookings.models import Booking, Service
from config.tests.world import TOO_LATE, Customer, run_workers
from refunds.models import Dispute, Finding, RefundRecord
from refunds.models.closures import Closure, ClosureItem, Outcome
from sandbox.client import Sandbox

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]


@pytest.fixture
def snow_day(customer: Customer, stranger: Customer, service: Service) -> list[Booking]:
    """Two customers' bookings of one day, too late for them to get anything back."""
    Service.objects.update(capacity=2)
    return [who.book_and_pay(service, starts_in=TOO_LATE) for who in (customer, stranger)]


def dry_run(page: Page, day: list[Booking]) -> None:
    """From the list of closures to what cancelling the day would do."""
    page.goto(list_of("refunds_closure"))
    page.get_by_role("link", name="Cancel a day for the business").click()
    page.get_by_label("Day").fill(f"{timezone.localtime(day[0].starts_at):%Y-%m-%d}")
    page.get_by_role("button", name="Show the dry run").click()


def confirm(page: Page, count: int) -> None:
    page.get_by_label("How many are cancelled").fill(str(count))
    page.get_by_label("Reason").fill("Snow")
    page.get_by_role("button", name="Cancel them").click()


def act(page: Page, label: str, reason: str = "") -> None:
    """Choose an action on a row's page, say why, and do it."""
    page.get_by_role("link", name=label).click()
    if reason:
        page.get_by_label("Reason").fill(reason)
    page.get_by_role("button", name=label).click()


def is_usable(page: Page) -> None:
    assert serious(page) == []
    assert fits_in_width(page), page.url


def told(page: Page, words: str) -> Locator:
    return page.get_by_text(words).first


def test_on_a_snow_day_everybody_gets_everything_back(desk: Desk, snow_day: list[Booking]) -> None:
    page = desk.sit(person("refunds"), size=PHONE, dark=True)
    dry_run(page, snow_day)
    expect(page.get_by_text("2 bookings, £90.00 would go back.")).to_be_visible()
    expect(page.get_by_text("Stripe's balance")).to_be_visible()
    for booking in snow_day:
        expect(page.get_by_label(booking.reference)).to_be_checked()
    is_usable(page)
    confirm(page, 3)
    expect(page.get_by_role("alert")).to_contain_text("There are 2 bookings now")
    assert not Closure.objects.exists()
    confirm(page, 2)
    expect(page.get_by_role("status")).to_contain_text("0 of 2 done")
    run_workers()
    expect(page.get_by_role("status")).to_contain_text("2 of 2 done")  # the page looks again by itself
    outcomes = page.get_by_role("region", name="Outcomes")
    for booking in snow_day:
        expect(outcomes.get_by_text(booking.reference)).to_be_visible()
    expect(outcomes.get_by_text("£45.00")).to_have_count(2)
    is_usable(page)
    assert set(RefundRecord.objects.values_list("status", "amount")) == {("succeeded", 4500)}


def test_the_chosen_are_cancelled_and_what_failed_is_resumed(desk: Desk, snow_day: list[Booking]) -> None:
    page = desk.sit(person("refunds"))
    dry_run(page, snow_day)
    page.get_by_label(snow_day[1].reference).uncheck()
    page.get_by_role("button", name="Look again with this choice").click()
    expect(page.get_by_text("1 booking, £45.00 would go back.")).to_be_visible()
    confirm(page, 1)
    expect(page.get_by_role("status")).to_contain_text("0 of 1 done")
    ClosureItem.objects.update(outcome=Outcome.FAILED)
    page.reload()
    page.get_by_role("button", name="Try the 1 failed again").click()
    run_workers()
    page.reload()
    expect(page.get_by_role("status")).to_contain_text("1 of 1 done")
    assert [booking.status for booking in Booking.objects.order_by("pk")] == ["cancelled", "confirmed"]


def test_one_booking_is_cancelled_for_the_business(desk: Desk, paid: Booking) -> None:
    page = desk.sit(person("refunds"))
    page.goto(url_of(paid))
    act(page, "Cancel for the business", "Ill")
    expect(told(page, "It is cancelled and £45.00 goes back.")).to_be_visible()


def test_above_the_set_amount_another_manager_has_to_agree(
    desk: Desk, paid: Booking, settings: Settings
) -> None:
    settings.APPROVAL_THRESHOLD = 2000
    page = desk.sit(person("manager", "grace"))
    page.goto(url_of(paid.payments.get()))
    page.get_by_role("link", name="Refund a part").click()
    page.get_by_label("Amount").fill("20.01")
    page.get_by_label("Reason").fill("We were late")
    page.get_by_role("button", name="Refund a part").click()
    expect(told(page, "waits for a second person to approve it")).to_be_visible()
    run_workers()
    record = paid.refunds.get()
    page.goto(url_of(record))
    act(page, "Approve")
    expect(page.get_by_role("alert")).to_contain_text("Another person has to approve this refund.")
    other = desk.sit(person("manager", "boss"))
    other.goto("/admin/")
    other.get_by_role("link", name="1 Refunds that wait for approval").click()
    other.locator("#result_list tbody a").first.click()
    expect(told(other, "grace")).to_be_visible()
    act(other, "Approve", "Fair")
    expect(told(other, "It is approved and goes out in a moment.")).to_be_visible()
    run_workers()
    other.reload()
    expect(told(other, "£20.01 was sent back to your card")).to_be_visible()


def test_what_is_on_hold_stays_until_its_release(desk: Desk, queued: RefundRecord, sandbox: Sandbox) -> None:
    page = desk.sit(person("refunds"))
    page.goto(url_of(queued))
    act(page, "Put on hold", "They may come after all")
    expect(told(page, "It is on hold until somebody releases it.")).to_be_visible()
    run_workers()
    assert sandbox.all("refunds") == []
    act(page, "Release", "They won't")
    expect(told(page, "It is queued and goes out in a moment.")).to_be_visible()
    run_workers()
    page.reload()
    expect(told(page, "£45.00 was sent back to your card")).to_be_visible()


def test_what_is_withdrawn_never_goes_out(desk: Desk, queued: RefundRecord, sandbox: Sandbox) -> None:
    page = desk.sit(person("refunds"))
    page.goto(url_of(queued))
    act(page, "Withdraw", "They came after all")
    expect(
        told(page, "It is withdrawn. What is owed all the same goes out by another refund.")
    ).to_be_visible()
    run_workers()
    assert sandbox.all("refunds") == []


def test_stripe_is_asked_what_no_webhook_told(desk: Desk, queued: RefundRecord, sandbox: Sandbox) -> None:
    run_workers()
    queued.refresh_from_db()
    sandbox.fail_refund(queued.stripe_refund_id or "")
    page = desk.sit(person("refunds"))
    page.goto(url_of(queued))
    expect(page.get_by_role("heading", level=1)).to_contain_text("£45.00 to ada@example.com")
    act(page, "Ask Stripe now")
    expect(told(page, "Your bank returned the £45.00 to us.")).to_be_visible()


def exported(page: Page, words: str = "Export as CSV") -> list[dict[str, str]]:
    with page.expect_download() as download:
        page.get_by_role("link", name=words).click()
    return list(csv.DictReader(Path(download.value.path()).read_text("utf-8-sig").splitlines()))


def test_a_filtered_list_is_downloaded_and_harmless_in_a_spreadsheet(
    desk: Desk, failed: RefundRecord, stranger: Customer, massage: Service
) -> None:
    stranger.cancel(stranger.book_and_pay(massage))
    RefundRecord.objects.update(reason="=1+1")
    page = desk.sit(person("viewer"))
    page.goto(list_of("refunds_refundrecord"))
    assert len(exported(page)) == 2
    page.get_by_role("button", name="Filters").click()
    page.locator("#changelist-filter").get_by_text("Returned by the bank", exact=True).click()
    expect(page.get_by_text("Page 1 · 1 refund record", exact=True)).to_be_visible()
    (line,) = exported(page)
    assert (line["id"], line["status"]) == (str(failed.pk), "failed")
    assert (line["amount"], line["reason"]) == ("4500", "'=1+1")


def test_the_accountant_takes_the_period_and_all_that_moved(desk: Desk, disputed: Dispute) -> None:
    page = desk.sit(person("viewer"))
    page.goto(list_of("refunds_dispute"))
    assert [line["stripe_dispute_id"] for line in exported(page)] == [disputed.stripe_dispute_id]
    page.goto(list_of("payments_paymenttransaction"))
    assert {line["kind"] for line in exported(page)} == {"payment", "chargeback", "dispute_fee"}
    page.get_by_role("link", name="Statement of a period").click()
    today = f"{timezone.localdate():%Y-%m-%d}"
    page.get_by_label("From").fill(today)
    page.get_by_label("To").fill(today)
    page.get_by_role("button", name="Show", exact=True).click()
    row = page.get_by_role("row", name="GBP")
    expect(row).to_contain_text("£45.00")
    (sums,) = exported(page, "As CSV")
    assert (sums["payments"], sums["chargebacks"]) == ("4500", "-4500")
    is_usable(page)


def test_the_books_are_compared_and_a_finding_closed(desk: Desk, paid: Booking, sandbox: Sandbox) -> None:
    sandbox.reset()  # Stripe has never heard of what we know as paid
    page = desk.sit(person("manager"))
    page.goto("/admin/")
    page.get_by_role("link", name="Reconciliation runs").click()
    page.get_by_role("link", name="Compare now").click()
    page.get_by_role("button", name="Compare now").click()
    expect(told(page, "The worker compares the books in a moment")).to_be_visible()
    run_workers()
    page.reload()
    page.locator("#result_list tbody a").first.click()
    expect(page.locator("#content").get_by_text("£45.00", exact=True)).to_be_visible()  # the drift
    page.goto("/admin/")
    page.get_by_role("link", name="1 Differences from Stripe's books").click()
    page.locator("#result_list tbody a").first.click()
    expect(told(page, paid.reference)).to_be_visible()
    act(page, "Close with a note", "Refunded by hand")
    assert Finding.objects.get().resolution == "Refunded by hand"


def test_who_may_only_look_is_offered_nothing_that_acts(desk: Desk, queued: RefundRecord) -> None:
    page = desk.sit(person("viewer"))
    for model, offer in (
        ("refunds_closure", "Cancel a day for the business"),
        ("refunds_reconciliationrun", "Compare now"),
        ("payments_webhookevent", "Apply all failed events again"),
    ):
        page.goto(list_of(model))
        expect(page.locator("#content")).to_be_visible()
        expect(page.get_by_role("link", name=offer)).to_have_count(0)
    page.goto(url_of(queued))
    expect(page.get_by_text("Put on hold: manager, owner, refunds only")).to_be_visible()
    expect(page.get_by_role("link", name="Put on hold")).to_have_count(0)
    for address in ("closure/begin/", "reconciliationrun/compare/", f"refundrecord/{queued.pk}/do/withdraw/"):
        assert (answer := page.goto(f"/admin/refunds/{address}")) is not None
        assert answer.status == 403
