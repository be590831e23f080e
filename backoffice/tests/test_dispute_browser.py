"""From the alert to submitted evidence in a real browser, by keyboard alone and in under a minute."""

import time

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import Page

from backoffice.tests.desk_browser import AXE, PHONE, Desk, tab_to
from backoffice.tests.desk_world import person
from bookings.models import Message
from refunds.models import Dispute
from refunds.tests.dispute_world import at_stripe
from sandbox.client import Sandbox

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]
A_MINUTE = 60.0


@pytest.fixture
def page(desk: Desk) -> Page:
    """A phone's browser in which somebody who answers disputes is signed in."""
    return desk.sit(person("disputes"), size=PHONE)


def press(page: Page, words: str) -> None:
    tab_to(page, words)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_from_the_alert_to_submitted_evidence_by_keyboard(
    page: Page, disputed: Dispute, sandbox: Sandbox
) -> None:
    alert = Message.objects.get(kind="dispute_opened")
    began = time.monotonic()
    page.goto(reverse("admin:refunds_dispute_change", args=[alert.facts["dispute"]]))
    press(page, "Stage evidence")
    press(page, "Stage evidence")
    press(page, "Submit evidence")
    tab_to(page, "sure")  # it has the focus, unless the browser was too busy to give it
    page.keyboard.press("Space")
    press(page, "Submit evidence")
    page.get_by_text("Submitted and verified").wait_for()
    assert time.monotonic() - began < A_MINUTE
    assert at_stripe(sandbox)["evidence_details"]["submission_count"] == 1
    page.reload()
    disputed.refresh_from_db()
    assert (disputed.submissions, disputed.verified_at is not None) == (1, True)


@pytest.mark.parametrize("name", ["", "stage", "submit", "accept", "close"])
def test_the_pages_can_be_used_by_everybody(page: Page, staged: Dispute, name: str) -> None:
    url = reverse("admin:refunds_dispute_change", args=[staged.pk])
    page.goto(reverse("admin:refunds_dispute_do", args=[staged.pk, name]) if name else url)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), "wider than a phone"
    found = Axe().run(page, context="#content-main" if not name else "#main", options=AXE)
    serious = [v for v in found.response["violations"] if v["impact"] in ("serious", "critical")]
    assert [violation["id"] for violation in serious] == []
