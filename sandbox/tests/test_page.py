"""The page: buttons for the phone and the bank, without scripts."""

import re
import urllib.error
import urllib.parse
import urllib.request
from html import unescape

import pytest
import stripe

from sandbox.client import Sandbox
from sandbox.tests.conftest import new_intent, pay


def page(sandbox: Sandbox) -> str:
    """The HTML."""
    with urllib.request.urlopen(sandbox.base_url) as answer:
        return str(answer.read().decode())


def press(sandbox: Sandbox, label: str) -> str:
    """Press the button with that (accessible) name; the page that follows."""
    for action, inside in re.findall(r'<form method="post" action="([^"]+)">(.*?)</form>', page(sandbox)):
        if f'aria-label="{label}"' in inside:
            fields = re.findall(r'name="(\w+)" value="([^"]*)"', inside)
            data = urllib.parse.urlencode({n: unescape(v) for n, v in fields}).encode()
            with urllib.request.urlopen(sandbox.base_url + action, data) as answer:
                return str(answer.read().decode())
    raise AssertionError(f"no button {label}")


def test_a_payment_is_declined_paid_and_disputed(api: stripe.StripeClient, sandbox: Sandbox) -> None:
    intent = new_intent(api)
    assert "pay: Your card was declined." in press(sandbox, f"Decline {intent.id}")
    assert "pay: done" in press(sandbox, f"Pay {intent.id}")
    press(sandbox, f"Dispute {intent.id}")
    (dispute,) = sandbox.disputes_of(intent.id)
    assert "won" in press(sandbox, f"Win {dispute['id']}")


def test_a_refund_fails_by_hand(api: stripe.StripeClient, sandbox: Sandbox) -> None:
    intent = pay(api, "pm_card_visa")
    press(sandbox, f"Refund in the dashboard {intent.id}")
    (refund,) = sandbox.refunds_of(intent.id)
    press(sandbox, f"Fail {refund['id']}")
    assert sandbox.refunds_of(intent.id)[0]["status"] == "failed"


def test_an_inquiry_is_told_apart_and_three_d_secure_can_fail(
    api: stripe.StripeClient, sandbox: Sandbox
) -> None:
    waiting = pay(api, "pm_card_authenticationRequired")
    assert "authentication" in press(sandbox, f"Fail 3-D Secure {waiting.id}")
    asked = pay(api, "pm_card_visa")
    press(sandbox, f"Inquire {asked.id}")
    assert sandbox.disputes_of(asked.id)[0]["status"] == "warning_needs_response"


def test_later_effects_can_be_hurried(api: stripe.StripeClient, sandbox: Sandbox) -> None:
    refund = api.v1.refunds.create({"payment_intent": pay(api, "pm_card_pendingRefund").id})
    assert "Later effects that wait: 1." in page(sandbox)
    press(sandbox, "Let them happen now")
    assert api.v1.refunds.retrieve(refund.id).status == "succeeded"


def test_what_people_wrote_is_escaped(api: stripe.StripeClient, sandbox: Sandbox) -> None:
    api.v1.payment_intents.create({"amount": 4500, "currency": "gbp", "metadata": {"a": "<script>"}})
    html = page(sandbox)
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_another_site_cannot_press_the_buttons(api: stripe.StripeClient, sandbox: Sandbox) -> None:
    data = urllib.parse.urlencode({"payment_intent": new_intent(api).id}).encode()
    headers = {"Sec-Fetch-Site": "cross-site"}
    request = urllib.request.Request(f"{sandbox.base_url}/_page/pay", data, headers)
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(request)
    caught.value.close()
    assert caught.value.code == 403
    assert sandbox.all("charges") == []
