"""`setup_refund_system` proves an installation, and says what to do where it fails."""

import json
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from bookings.models import Booking
from config.tests.flushing import without_triggers
from core.models import Mark
from operations.setup import checklist, database
from payments.events.event_handlers import SUBSCRIBED
from refunds.models import Dispute
from sandbox.client import Sandbox

HERE = "http://testserver/api/v1/payment/webhook/"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _not_asked_for_durability(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests' own SQLite is quick instead; see the test of that check."""
    others = [check for check in checklist.CHECKS if check is not database.durability]
    monkeypatch.setattr(checklist, "CHECKS", others)


@pytest.fixture
def at_work(paid: Booking, sandbox: Sandbox, settings: Settings) -> None:
    """All that the checks look for: an endpoint, a delivered event, a worker."""
    sandbox.listen(HERE, settings.STRIPE_WEBHOOK_SECRETS[0], list(SUBSCRIBED))
    Mark.objects.create(name="worker", at=timezone.now())


def checks(capsys: pytest.CaptureFixture[str], *, fails: bool) -> dict[str, Any]:
    """Run the command; its answer by name."""
    status = 0
    try:
        call_command("setup_refund_system", "--json")
    except SystemExit as stop:
        status = int(str(stop.code))
    answer = json.loads(capsys.readouterr().out)
    assert (status, answer["ok"]) == ((1, False) if fails else (0, True)), answer
    return {check["name"]: check for check in answer["checks"]}


@pytest.mark.usefixtures("at_work")
def test_a_right_installation_passes_every_check(capsys: pytest.CaptureFixture[str]) -> None:
    found = checks(capsys, fails=False)
    assert {check["verdict"] for check in found.values()} <= {"ok", "warning"}
    assert "refund.succeeded doesn't exist" in found["events"]["detail"]


@pytest.mark.usefixtures("sandbox")
def test_an_empty_installation_fails_and_each_line_says_what_to_do(
    capsys: pytest.CaptureFixture[str],
) -> None:
    found = checks(capsys, fails=True)
    bad = {name for name, check in found.items() if check["verdict"] == "failed"}
    assert bad == {"webhook endpoint", "worker"}
    assert all(check["advice"] for check in found.values() if check["verdict"] != "ok")


@pytest.mark.usefixtures("paid")
def test_a_developers_machine_hears_by_stripe_listen(capsys: pytest.CaptureFixture[str]) -> None:
    assert checks(capsys, fails=True)["webhook endpoint"]["verdict"] == "warning"


@pytest.mark.usefixtures("at_work")
def test_triggers_that_somebody_removed_are_missed(capsys: pytest.CaptureFixture[str]) -> None:
    with without_triggers():
        assert checks(capsys, fails=True)["triggers"]["verdict"] == "failed"


@pytest.mark.usefixtures("at_work")
def test_a_key_of_the_other_mode_fails(capsys: pytest.CaptureFixture[str], settings: Settings) -> None:
    settings.STRIPE_PUBLISHABLE_KEY = "pk_live_sandbox"
    assert checks(capsys, fails=True)["stripe keys"]["verdict"] == "failed"


@pytest.mark.usefixtures("at_work")
def test_a_clock_that_differs_from_stripes_fails(
    capsys: pytest.CaptureFixture[str], sandbox: Sandbox
) -> None:
    sandbox.advance(120)
    assert checks(capsys, fails=True)["clock"]["verdict"] == "failed"


@pytest.mark.usefixtures("at_work")
def test_a_worker_that_stopped_fails(capsys: pytest.CaptureFixture[str]) -> None:
    Mark.objects.filter(name="worker").update(at=timezone.now().replace(year=2020))
    assert checks(capsys, fails=True)["worker"]["verdict"] == "failed"


@pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite's own settings")
def test_a_database_that_may_forget_a_commit_fails() -> None:
    (result,) = database.durability(timezone.now())
    assert (result.verdict, result.detail) == ("failed", "synchronous is 0, not FULL")


NEEDED = {
    "write ephemeral keys": ("POST", "/v1/ephemeral_keys"),
    "write files": ("POST", "/v1/files"),
    "read the balance": ("GET", "/v1/balance"),
    "read balance transactions": ("GET", "/v1/balance_transactions"),
    "write webhook endpoints": ("POST", "/v1/webhook_endpoints/*"),
    "write disputes": ("POST", "/v1/disputes/*"),
}


@pytest.mark.usefixtures("at_work")
@pytest.mark.parametrize("permission", NEEDED)
def test_a_permission_that_the_key_lacks_is_named(
    capsys: pytest.CaptureFixture[str], sandbox: Sandbox, permission: str
) -> None:
    method, path = NEEDED[permission]
    sandbox.fault("forbidden", method=method, path=path)
    found = checks(capsys, fails=True)["permissions"]
    assert found["verdict"] == "failed"
    assert permission in found["detail"]


@pytest.mark.usefixtures("at_work")
def test_trying_the_permissions_changes_nothing_at_stripe(
    capsys: pytest.CaptureFixture[str], sandbox: Sandbox
) -> None:
    before = sandbox.state()["counts"]
    checks(capsys, fails=False)
    after = sandbox.state()["counts"]
    kinds = ("files", "customers", "refunds", "disputes", "webhook_endpoints")
    assert {kind: after[kind] for kind in kinds} == {kind: before[kind] for kind in kinds}


@pytest.mark.usefixtures("at_work")
@pytest.mark.parametrize(
    ("method", "verdict", "told"),
    [
        ("", "ok", "no dispute has shown yet"),
        ("manual", "ok", "answered by people only"),
        ("prefer_manual", "warning", "a packet of its own"),
        ("of_tomorrow", "warning", "new to us"),
    ],
)
def test_who_answers_disputes_by_default_is_named(
    capsys: pytest.CaptureFixture[str], paid: Booking, method: str, verdict: str, told: str
) -> None:
    Dispute.objects.create(
        booking=paid,
        payment=paid.payments.get(),
        stripe_dispute_id="du_1",
        amount=4500,
        currency="gbp",
        reason="general",
        status="won",
        is_open=False,
        default_submission_method=method,
    )
    found = checks(capsys, fails=False)["disputes"]
    assert (found["verdict"], told in found["detail"]) == (verdict, True)


@pytest.mark.usefixtures("at_work")
def test_a_business_without_a_name_and_an_odd_language_are_told(
    capsys: pytest.CaptureFixture[str], settings: Settings
) -> None:
    settings.CUSTOMERS_LANGUAGE = "xx"
    found = checks(capsys, fails=True)
    assert found["business"]["verdict"] == "warning"
    assert "no name" in found["business"]["detail"]
    assert found["language"]["verdict"] == "failed"
