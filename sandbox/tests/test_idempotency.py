"""Idempotency keys: the first result is kept for a day."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import stripe

from sandbox.client import Sandbox
from sandbox.tests.conftest import client_of, pay

KEY: stripe.RequestOptions = {"idempotency_key": "refund:1"}


def replayed(obj: stripe.StripeObject) -> bool:
    """Did the answer come from the key?"""
    assert obj.last_response is not None
    return obj.last_response.headers.get("Idempotent-Replayed") == "true"


def test_the_same_request_gets_the_same_answer(api: stripe.StripeClient, paid: stripe.PaymentIntent) -> None:
    first = api.v1.refunds.create({"payment_intent": paid.id, "amount": 100}, KEY)
    again = api.v1.refunds.create({"amount": 100, "payment_intent": paid.id}, KEY)
    assert again.id == first.id
    assert (replayed(first), replayed(again)) == (False, True)
    assert len(api.v1.refunds.list({"payment_intent": paid.id}).data) == 1


def test_other_parameters_are_an_error(api: stripe.StripeClient, paid: stripe.PaymentIntent) -> None:
    api.v1.refunds.create({"payment_intent": paid.id, "amount": 100}, KEY)
    with pytest.raises(stripe.IdempotencyError) as caught:
        api.v1.refunds.create({"payment_intent": paid.id, "amount": 200}, KEY)
    assert caught.value.http_status == 400


def test_another_endpoint_is_an_error(api: stripe.StripeClient, paid: stripe.PaymentIntent) -> None:
    api.v1.refunds.create({"payment_intent": paid.id, "amount": 100}, KEY)
    with pytest.raises(stripe.IdempotencyError):
        api.v1.customers.create({}, KEY)


def test_another_account_has_keys_of_its_own(api: stripe.StripeClient) -> None:
    mine = api.v1.customers.create({}, KEY)
    theirs = api.v1.customers.create({}, {**KEY, "stripe_account": "acct_other"})
    assert mine.id != theirs.id


def test_a_key_is_shared_by_all_secret_keys(api: stripe.StripeClient, sandbox: Sandbox) -> None:
    first = api.v1.customers.create({}, KEY)
    assert client_of(sandbox, "sk_test_another").v1.customers.create({}, KEY).id == first.id


def test_while_the_first_runs_the_second_is_in_conflict(
    api: stripe.StripeClient, sandbox: Sandbox, paid: stripe.PaymentIntent
) -> None:
    sandbox.fault("hang", method="POST", path="/v1/refunds", seconds=1)
    with ThreadPoolExecutor() as pool:
        futures = [pool.submit(api.v1.refunds.create, {"payment_intent": paid.id}, KEY) for _ in range(2)]
        errors = [future.exception() for future in futures]
    conflict = next(error for error in errors if error)
    assert errors.count(None) == 1
    assert isinstance(conflict, stripe.APIError)
    assert (conflict.http_status, conflict.code) == (409, None)
    assert conflict.error is not None
    assert conflict.error.code == "idempotency_key_in_use"


@pytest.mark.parametrize(("kind", "done"), [("error_before", 0), ("error_after", 1)])
def test_a_500_is_kept(
    api: stripe.StripeClient, sandbox: Sandbox, paid: stripe.PaymentIntent, kind: str, done: int
) -> None:
    sandbox.fault(kind, path="/v1/refunds", count=1)
    for _ in range(2):
        with pytest.raises(stripe.APIError) as caught:
            api.v1.refunds.create({"payment_intent": paid.id}, KEY)
        assert caught.value.http_status == 500
    assert len(sandbox.refunds_of(paid.id)) == done


def test_a_declined_card_is_kept(api: stripe.StripeClient, sandbox: Sandbox) -> None:
    intent = api.v1.payment_intents.create({"amount": 4500, "currency": "gbp"})
    for _ in range(2):
        with pytest.raises(stripe.CardError):
            api.v1.payment_intents.confirm(intent.id, {"payment_method": "pm_card_visa_chargeDeclined"}, KEY)
    assert len(sandbox.all("charges")) == 1


@pytest.mark.parametrize("kind", ["rate_limit", "lock_timeout", "unauthorized", "outage"])
def test_what_never_began_is_not_kept(
    api: stripe.StripeClient, sandbox: Sandbox, paid: stripe.PaymentIntent, kind: str
) -> None:
    sandbox.fault(kind, path="/v1/refunds", count=1)
    with pytest.raises(stripe.StripeError):
        api.v1.refunds.create({"payment_intent": paid.id}, KEY)
    assert not replayed(api.v1.refunds.create({"payment_intent": paid.id}, KEY))


def test_failed_validation_is_not_kept(api: stripe.StripeClient, paid: stripe.PaymentIntent) -> None:
    with pytest.raises(stripe.InvalidRequestError):
        api.v1.refunds.create({"payment_intent": paid.id, "amount": 0}, KEY)
    assert api.v1.refunds.create({"payment_intent": paid.id}, KEY).amount == 4500


def test_a_key_is_forgotten_after_a_day(
    api: stripe.StripeClient, sandbox: Sandbox, paid: stripe.PaymentIntent
) -> None:
    first = api.v1.refunds.create({"payment_intent": paid.id, "amount": 100}, KEY)
    sandbox.advance(24 * 3600 + 1)
    assert api.v1.refunds.create({"payment_intent": paid.id, "amount": 100}, KEY).id != first.id


def test_an_answer_that_was_lost_is_found_again(
    api: stripe.StripeClient, sandbox: Sandbox, paid: stripe.PaymentIntent
) -> None:
    sandbox.fault("answer_lost", path="/v1/refunds", count=1)
    refund = client_of(sandbox, "sk_test_x", retries=2).v1.refunds.create({"payment_intent": paid.id}, KEY)
    assert replayed(refund)
    assert [r["id"] for r in sandbox.refunds_of(paid.id)] == [refund.id]


def test_twenty_at_once_make_one_refund(api: stripe.StripeClient, sandbox: Sandbox) -> None:
    intent = pay(api, "pm_card_visa")

    def ask(_: int) -> str:
        return api.v1.refunds.create({"payment_intent": intent.id, "amount": 100}, KEY).id

    with ThreadPoolExecutor(20) as pool:
        assert len(set(pool.map(ask, range(20)))) == 1
    assert len(sandbox.refunds_of(intent.id)) == 1
