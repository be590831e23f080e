"""Events and the endpoints that want them."""

import pytest
import stripe

from sandbox.client import Sandbox
from sandbox.events.webhook_endpoints import EVENT_TYPES
from sandbox.tests.conftest import new_intent, pay


def test_an_event_tells_which_request_made_it(api: stripe.StripeClient) -> None:
    intent = api.v1.payment_intents.create({"amount": 4500, "currency": "gbp"}, {"idempotency_key": "pi:1"})
    event = api.v1.events.list({"type": "payment_intent.created"}).data[0]
    assert event.request is not None
    assert intent.last_response is not None
    assert event.request.idempotency_key == "pi:1"
    assert event.request.id == intent.last_response.headers["Request-Id"]


def test_an_event_keeps_the_object_as_it_was(api: stripe.StripeClient, sandbox: Sandbox) -> None:
    customer = api.v1.customers.create({"name": "Anna"})
    api.v1.customers.update(customer.id, {"name": "Berta"})
    created, updated = sandbox.events_of(customer.id)
    assert created["data"]["object"]["name"] == "Anna"
    assert updated["data"]["previous_attributes"] == {"name": "Anna"}


def test_events_are_found_by_type_and_time(api: stripe.StripeClient, sandbox: Sandbox) -> None:
    pay(api, "pm_card_visa")
    sandbox.advance(100)
    last = new_intent(api)
    types = api.v1.events.list({"types": ["payment_intent.created", "charge.succeeded"]}).data
    assert [event.type for event in types] == [
        "payment_intent.created",
        "charge.succeeded",
        "payment_intent.created",
    ]
    recent = api.v1.events.list({"created": {"gte": last.created}}).data
    assert [event.data.object["id"] for event in recent] == [last.id]
    with pytest.raises(stripe.InvalidRequestError):
        api.v1.events.list({"types": ["charge.succeeded"] * 21})


def test_events_are_gone_after_thirty_days(api: stripe.StripeClient, sandbox: Sandbox) -> None:
    new_intent(api)
    (event,) = api.v1.events.list().data
    sandbox.advance(30 * 24 * 3600 + 1)
    assert api.v1.events.list().data == []
    with pytest.raises(stripe.InvalidRequestError) as caught:
        api.v1.events.retrieve(event.id)
    assert caught.value.code == "resource_missing"


def test_an_endpoint_can_be_made_changed_and_deleted(api: stripe.StripeClient) -> None:
    endpoint = api.v1.webhook_endpoints.create(
        {
            "url": "https://example.com/webhook/",
            "enabled_events": ["refund.created"],
            "api_version": "2026-10-28.endive",
            "metadata": {"app": "ours"},
        }
    )
    assert endpoint.secret is not None
    assert endpoint.secret.startswith("whsec_")
    changed = api.v1.webhook_endpoints.update(
        endpoint.id, {"enabled_events": ["refund.created", "refund.failed"], "disabled": True}
    )
    assert (changed.status, changed.enabled_events) == ("disabled", ["refund.created", "refund.failed"])
    assert "secret" not in api.v1.webhook_endpoints.retrieve(endpoint.id)
    assert [e.id for e in api.v1.webhook_endpoints.list().data] == [endpoint.id]
    assert api.v1.webhook_endpoints.delete(endpoint.id).deleted
    assert api.v1.webhook_endpoints.list().data == []


@pytest.mark.parametrize(
    ("change", "param"),
    [
        ({"enabled_events": ["refund.created", "refund.succeeded"]}, "enabled_events[1]"),
        ({"url": "example.com/webhook/"}, "url"),
        ({"api_version": "newest"}, "api_version"),
        ({"enabled_events": []}, "enabled_events"),
    ],
)
def test_an_endpoint_that_stripe_refuses(
    api: stripe.StripeClient, change: dict[str, object], param: str
) -> None:
    params = {"url": "https://example.com/", "enabled_events": ["*"], **change}
    with pytest.raises(stripe.InvalidRequestError) as caught:
        api.v1.webhook_endpoints.create(params)  # type: ignore[arg-type]
    assert caught.value.param == param


def test_the_types_are_those_of_the_sdk(sandbox: Sandbox) -> None:
    params = stripe.params.WebhookEndpointCreateParams.__annotations__["enabled_events"]
    named = str(getattr(params, "__forward_arg__", params))
    assert all(f"'{type_}'" in named or f'"{type_}"' in named for type_ in EVENT_TYPES)
    assert "refund.succeeded" not in EVENT_TYPES


def test_a_group_of_types_is_a_pattern(api: stripe.StripeClient, paid: stripe.PaymentIntent) -> None:
    types = {event.type for event in api.v1.events.list({"type": "charge.*"}).data}
    assert types == {"charge.succeeded", "charge.updated"}


def test_sixteen_endpoints_and_no_more(api: stripe.StripeClient) -> None:
    def create() -> str:
        return api.v1.webhook_endpoints.create({"url": "http://127.0.0.1:1/", "enabled_events": ["*"]}).id

    ids = [create() for _ in range(16)]
    with pytest.raises(stripe.InvalidRequestError, match="maximum of 16"):
        create()
    api.v1.webhook_endpoints.delete(ids[0])
    create()
