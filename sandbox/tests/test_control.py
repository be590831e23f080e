"""The control calls that belong to nobody else's test."""

import json
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import pytest
import stripe

from sandbox.client import ControlError, Sandbox
from sandbox.tests.conftest import new_intent, pay


def test_a_reset_forgets_everything(api: stripe.StripeClient, sandbox: Sandbox) -> None:
    pay(api, "pm_card_visa")
    sandbox.fault("outage", count=0)
    sandbox.delivery(paused=True)
    sandbox.advance(1000)
    sandbox.reset()
    state = sandbox.state()
    assert set(state["counts"].values()) == {0}
    assert (state["planned"], sandbox.faults()) == (0, [])
    assert sandbox.call("clock", verb="GET")["ahead"] == 0
    assert not sandbox.delivery()["paused"]
    assert sandbox.stats()["requests"] == 0


def test_a_request_that_began_before_a_reset_does_nothing_after_it(
    api: stripe.StripeClient, sandbox: Sandbox
) -> None:
    sandbox.fault("hang", seconds=1, count=1)
    with ThreadPoolExecutor() as pool:
        late = pool.submit(new_intent, api)
        while not sandbox.faults()[0]["hits"]:
            pass
        sandbox.reset()
        with pytest.raises(stripe.APIError, match="reset"):
            late.result()
    assert sandbox.all("payment_intents") == []


def test_the_clock_is_stripes_clock(api: stripe.StripeClient, sandbox: Sandbox) -> None:
    before = new_intent(api)
    sandbox.advance(3600)
    after = new_intent(api)
    assert 3600 <= after.created - before.created <= 3660
    with pytest.raises(ControlError, match="ahead only"):
        sandbox.advance(-1)


def test_requests_are_counted(api: stripe.StripeClient, sandbox: Sandbox) -> None:
    intent = new_intent(api)
    api.v1.payment_intents.retrieve(intent.id)
    stats = sandbox.stats()
    assert stats["by_endpoint"] == {
        "POST /v1/payment_intents": 1,
        "GET /v1/payment_intents/{id}": 1,
    }
    assert sum(stats["per_second"].values()) == stats["requests"] == 2


@pytest.mark.parametrize(
    ("call", "body", "status"),
    [
        ("nothing", b"{}", 404),
        ("pay", b"{}", 400),
        ("pay", b"[]", 400),
        ("pay", b"{", 400),
        ("pay", b'{"payment_intent": "pi_unknown"}', 404),
        ("clock/advance", b'{"seconds": "soon"}', 400),
        ("delivery", b'{"speed": 1}', 400),
        ("delivery", b'{"order": "sideways"}', 400),
        ("seed", b'{"number": 3}', 400),
    ],
)
def test_bad_input_is_refused(sandbox: Sandbox, call: str, body: bytes, status: int) -> None:
    request = urllib.request.Request(f"{sandbox.base_url}/_control/{call}", body)
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(request)
    assert caught.value.code == status
    assert json.load(caught.value)["error"]["message"]


def test_a_dashboard_refund_needs_a_real_amount(sandbox: Sandbox, paid: stripe.PaymentIntent) -> None:
    with pytest.raises(ControlError):
        sandbox.dashboard_refund(paid.id, -5)
    assert sandbox.refunds_of(paid.id) == []
