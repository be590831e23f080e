"""Faults strike the requests they are meant for, as the SDK sees them."""

import pytest
import stripe

from sandbox.client import ControlError, Sandbox
from sandbox.tests.conftest import client_of, new_intent


@pytest.mark.parametrize(
    ("kind", "error", "status", "code"),
    [
        ("rate_limit", stripe.RateLimitError, 429, "rate_limit"),
        ("lock_timeout", stripe.RateLimitError, 429, "lock_timeout"),
        ("key_in_use", stripe.APIError, 409, "idempotency_key_in_use"),
        ("unauthorized", stripe.AuthenticationError, 401, None),
        ("forbidden", stripe.PermissionError, 403, None),
        ("error_before", stripe.APIError, 500, None),
        ("error_after", stripe.APIError, 500, None),
        ("outage", stripe.APIError, 503, None),
    ],
)
def test_an_error_on_demand(
    api: stripe.StripeClient,
    sandbox: Sandbox,
    kind: str,
    error: type[stripe.StripeError],
    status: int,
    code: str | None,
) -> None:
    sandbox.fault(kind, count=1)
    with pytest.raises(error) as caught:
        new_intent(api)
    assert type(caught.value) is error
    assert (caught.value.http_status, caught.value.code) == (status, None)
    assert caught.value.error is not None
    assert getattr(caught.value.error, "code", None) == code
    assert len(sandbox.all("payment_intents")) == (1 if kind == "error_after" else 0)
    new_intent(api)


@pytest.mark.parametrize(
    ("kind", "error", "done"),
    [
        ("dropped", stripe.APIConnectionError, 0),
        ("answer_lost", stripe.APIConnectionError, 1),
        ("broken_body", stripe.APIError, 1),
    ],
)
def test_an_answer_that_never_comes_whole(
    api: stripe.StripeClient, sandbox: Sandbox, kind: str, error: type[stripe.StripeError], done: int
) -> None:
    sandbox.fault(kind, count=1)
    with pytest.raises(error):
        new_intent(api)
    assert len(sandbox.all("payment_intents")) == done


@pytest.mark.parametrize(("kind", "done"), [("hang", 0), ("late_answer", 1)])
def test_a_client_that_gives_up_waiting(sandbox: Sandbox, kind: str, done: int) -> None:
    sandbox.fault(kind, seconds=3, count=1)
    impatient = stripe.StripeClient(
        "sk_test_x",
        base_addresses={"api": sandbox.base_url},
        http_client=stripe.RequestsClient(timeout=0.3),
    )
    with pytest.raises(stripe.APIConnectionError):
        new_intent(impatient)
    assert len(sandbox.all("payment_intents")) == done


def test_latency_comes_on_top(api: stripe.StripeClient, sandbox: Sandbox) -> None:
    sandbox.fault("latency", seconds=0.01)
    sandbox.fault("rate_limit", method="POST", path="/v1/refunds*")
    new_intent(api)
    assert [rule["hits"] for rule in sandbox.faults()] == [1, 0]


def test_a_fault_has_its_path_its_turn_and_its_count(api: stripe.StripeClient, sandbox: Sandbox) -> None:
    sandbox.fault("outage", path="/v1/payment_intents", skip=1, count=2)
    api.v1.customers.create({})
    outcomes = []
    for _ in range(4):
        try:
            outcomes.append(new_intent(api).status)
        except stripe.APIError:
            outcomes.append("outage")
    assert outcomes == ["requires_payment_method", "outage", "outage", "requires_payment_method"]


def test_chance_is_seeded(api: stripe.StripeClient, sandbox: Sandbox) -> None:
    def strikes() -> list[int]:
        sandbox.reset()
        sandbox.fault("rate_limit", probability=0.5)
        found = []
        for turn in range(20):
            try:
                new_intent(api)
            except stripe.RateLimitError:
                found.append(turn)
        return found

    first = strikes()
    assert 0 < len(first) < 20
    assert strikes() == first


def test_a_refusal_says_when_to_come_back(api: stripe.StripeClient, sandbox: Sandbox) -> None:
    sandbox.fault("rate_limit", retry_after=7, should_retry=False, count=1)
    with pytest.raises(stripe.RateLimitError) as caught:
        new_intent(api)
    headers = caught.value.headers or {}
    assert headers["Retry-After"] == "7"
    assert headers["Stripe-Should-Retry"] == "false"
    assert headers["Stripe-Rate-Limited-Reason"] == "global-rate"


def test_any_refusal_can_be_had(api: stripe.StripeClient, sandbox: Sandbox) -> None:
    sandbox.fault("refuse", code="refund_disputed_payment", message="Disputed.", count=1)
    with pytest.raises(stripe.InvalidRequestError, match="Disputed") as caught:
        new_intent(api)
    assert caught.value.code == "refund_disputed_payment"


def test_the_sdk_tries_a_lock_timeout_again_when_told(sandbox: Sandbox) -> None:
    sandbox.fault("lock_timeout", should_retry=True, count=1)
    assert new_intent(client_of(sandbox, "sk_test_x", retries=1)).status == "requires_payment_method"
    assert sandbox.stats()["too_many"] == 1


@pytest.mark.parametrize(
    ("limits", "reason"),
    [({"overall": 3}, "global-rate"), ({"per_endpoint": 3}, "endpoint-rate")],
)
def test_a_real_rate_limit(
    api: stripe.StripeClient, sandbox: Sandbox, limits: dict[str, int], reason: str
) -> None:
    sandbox.limits(**limits)
    with pytest.raises(stripe.RateLimitError) as caught:
        make_many(api)
    assert (caught.value.headers or {})["Stripe-Rate-Limited-Reason"] == reason
    stats = sandbox.stats()
    assert stats["too_many"] == 1
    assert stats["by_endpoint"] == {"POST /v1/payment_intents": stats["requests"]}


def make_many(api: stripe.StripeClient) -> None:
    """More in a second than any limit here allows."""
    for _ in range(100):
        new_intent(api)


def test_cleared_faults_strike_no_more(api: stripe.StripeClient, sandbox: Sandbox) -> None:
    sandbox.fault("outage")
    sandbox.clear_faults()
    assert new_intent(api).status == "requires_payment_method"
    assert sandbox.faults() == []


def test_an_unknown_fault_is_refused(sandbox: Sandbox) -> None:
    with pytest.raises(ControlError, match="kind must be one of"):
        sandbox.fault("earthquake")
    with pytest.raises(ControlError, match="colour"):
        sandbox.fault("outage", colour="red")
