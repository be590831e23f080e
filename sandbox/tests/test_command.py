"""The command itself: loopback only, a clean end, time that passes by itself."""

import subprocess
import sys
import time

import pytest

from sandbox.client import Sandbox
from sandbox.launch import running
from sandbox.tests.conftest import WEBHOOK_SECRET, client_of, new_intent, pay
from sandbox.tests.listener import listening


@pytest.mark.parametrize(
    "arguments", [["--host", "0.0.0.0"], ["--webhook", "http://127.0.0.1:1/"], ["--settle-after", "x"]]
)
def test_a_wrong_option_ends_with_2(arguments: list[str]) -> None:
    command = [sys.executable, "-m", "sandbox", "--port", "0", *arguments]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 2


def test_it_says_where_it_listens_and_stops_when_told() -> None:
    command = [sys.executable, "-m", "sandbox", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("sandbox listening on http://127.0.0.1:")
        process.terminate()
        assert process.wait(60) == 0


def test_webhooks_of_the_command_line_outlive_a_reset() -> None:
    with (
        listening() as listener,
        running(
            "--webhook",
            listener.url,
            "--webhook-secret",
            WEBHOOK_SECRET,
            "--webhook-events",
            "payment_intent.succeeded,refund.created",
        ) as sandbox,
    ):
        sandbox.reset()
        api = client_of(sandbox, "sk_test_x")
        api.v1.refunds.create({"payment_intent": pay(api, "pm_card_visa").id})
        assert sandbox.wait_delivered()
        types = [event.type for event in listener.events(WEBHOOK_SECRET)]
        assert types == ["payment_intent.succeeded", "refund.created"]


def test_later_effects_come_by_themselves() -> None:
    with running("--settle-after", "0.2") as sandbox:
        api = client_of(sandbox, "sk_test_x")
        refund = api.v1.refunds.create({"payment_intent": pay(api, "pm_card_pendingRefund").id})
        assert refund.status == "pending"
        assert eventually_succeeds(sandbox, refund.id)
        assert new_intent(api).status == "requires_payment_method"


def eventually_succeeds(sandbox: Sandbox, refund: str) -> bool:
    """Within a minute."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        if sandbox.all("refunds", id=refund)[0]["status"] == "succeeded":
            return True
    return False
