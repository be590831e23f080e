"""Parameters, pages and expansions."""

import urllib.request

import pytest
import stripe

from sandbox.client import Sandbox
from sandbox.tests.conftest import new_intent


def test_nested_and_listed_parameters_arrive(api: stripe.StripeClient) -> None:
    intent = api.v1.payment_intents.create(
        {
            "amount": 4500,
            "currency": "gbp",
            "allowed_payment_method_types": ["card"],
            "metadata": {"booking_id": "7", "payment id": "ü&="},
            "shipping": {"name": "A", "address": {"line1": "1 High St"}},
        }
    )
    assert intent.payment_method_types == ["card"]
    assert intent.metadata.to_dict() == {"booking_id": "7", "payment id": "ü&="}
    assert intent.shipping is not None
    assert (intent.shipping.name, intent.shipping.phone) == ("A", None)
    assert intent.shipping.address is not None
    assert (intent.shipping.address.line1, intent.shipping.address.city) == ("1 High St", None)


def test_unnumbered_brackets_are_a_list_too(api: stripe.StripeClient, sandbox: Sandbox) -> None:
    new_intent(api)
    query = "types[]=payment_intent.created&types[]=charge.failed&expand[]=data.data"
    request = urllib.request.Request(
        f"{sandbox.base_url}/v1/events?{query}", headers={"Authorization": "Bearer sk_test_x"}
    )
    with urllib.request.urlopen(request) as answer:
        assert b"payment_intent.created" in answer.read()


@pytest.mark.parametrize(
    ("change", "code", "param"),
    [
        ({"amount": None}, "parameter_missing", "amount"),
        ({"currency": None}, "parameter_missing", "currency"),
        ({"amount": "4.5"}, "parameter_invalid_integer", "amount"),
        ({"amount": 0}, "parameter_invalid_integer", "amount"),
        ({"amount": 29}, "amount_too_small", "amount"),
        ({"amount": 100_000_000}, "amount_too_large", "amount"),
        ({"currency": "xxx"}, None, "currency"),
        ({"customer": "cus_unknown"}, "resource_missing", "customer"),
        ({"payment_method": "pm_unknown"}, "resource_missing", "payment_method"),
        ({"confirm": "maybe"}, None, "confirm"),
        ({"automatic_payment_methods": {"enabeld": True}}, "parameter_unknown", None),
        ({"metadata": "text"}, None, "metadata"),
        ({"allowed_payment_method_types": "card"}, None, "allowed_payment_method_types"),
    ],
)
def test_what_stripe_refuses(
    api: stripe.StripeClient, sandbox: Sandbox, change: dict[str, object], code: str | None, param: str | None
) -> None:
    params = {"amount": 4500, "currency": "gbp", **change}
    given = {name: value for name, value in params.items() if value is not None}
    with pytest.raises(stripe.InvalidRequestError) as caught:
        api.v1.payment_intents.create(given)  # type: ignore[arg-type]
    assert caught.value.code == code
    assert param is None or caught.value.param == param
    assert sandbox.all("payment_intents") == []


def test_an_unknown_address_is_404(sandbox: Sandbox, api: stripe.StripeClient) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="Unrecognized request URL") as caught:
        api.v1.coupons.list()
    assert caught.value.http_status == 404


def test_pages_run_newest_first_both_ways(api: stripe.StripeClient) -> None:
    ids = [api.v1.customers.create({}).id for _ in range(7)][::-1]
    first = api.v1.customers.list({"limit": 3})
    assert ([c.id for c in first.data], first.has_more) == (ids[:3], True)
    second = api.v1.customers.list({"limit": 3, "starting_after": ids[2]})
    assert [c.id for c in second.data] == ids[3:6]
    back = api.v1.customers.list({"limit": 2, "ending_before": ids[3]})
    assert ([c.id for c in back.data], back.has_more) == (ids[1:3], True)
    assert [c.id for c in api.v1.customers.list({"limit": 2}).auto_paging_iter()] == ids


@pytest.mark.parametrize("params", [{"limit": 0}, {"limit": 101}, {"starting_after": "cus_unknown"}])
def test_a_page_that_cannot_be(api: stripe.StripeClient, params: dict[str, object]) -> None:
    with pytest.raises(stripe.InvalidRequestError):
        api.v1.customers.list(params)  # type: ignore[arg-type]


def test_expansions_go_deep_and_through_lists(api: stripe.StripeClient, paid: stripe.PaymentIntent) -> None:
    refund = api.v1.refunds.create(
        {"payment_intent": paid.id, "expand": ["charge.balance_transaction", "payment_intent"]}
    )
    assert isinstance(refund.charge, stripe.Charge)
    assert isinstance(refund.charge.balance_transaction, stripe.BalanceTransaction)
    assert isinstance(refund.payment_intent, stripe.PaymentIntent)
    listed = api.v1.refunds.list({"expand": ["data.balance_transaction"]}).data[0]
    assert isinstance(listed.balance_transaction, stripe.BalanceTransaction)


def test_a_movement_shows_what_caused_it(api: stripe.StripeClient, paid: stripe.PaymentIntent) -> None:
    refund = api.v1.refunds.create({"payment_intent": paid.id})
    back, came = api.v1.balance_transactions.list({"expand": ["data.source"]}).data
    assert (getattr(back.source, "id", None), getattr(came.source, "id", None)) == (
        refund.id,
        paid.latest_charge,
    )


def test_a_customer_who_was_deleted_says_so_and_what_they_paid_stays(api: stripe.StripeClient) -> None:
    customer = api.v1.customers.create({})
    intent = api.v1.payment_intents.create({"amount": 4500, "currency": "gbp", "customer": customer.id})
    assert api.v1.customers.delete(customer.id).deleted
    gone = api.v1.customers.retrieve(customer.id)
    assert gone.to_dict() == {"id": customer.id, "object": "customer", "deleted": True}
    with pytest.raises(stripe.InvalidRequestError, match="No such customer"):
        api.v1.customers.update(customer.id, {"name": "Ada"})
    assert api.v1.customers.list().data == []
    kept = api.v1.payment_intents.retrieve(intent.id, {"expand": ["customer"]})
    assert isinstance(kept.customer, stripe.Customer)
    assert (kept.customer.id, kept.customer.deleted) == (customer.id, True)


def test_a_charge_shows_its_refunds_only_when_asked(
    api: stripe.StripeClient, paid: stripe.PaymentIntent
) -> None:
    refund = api.v1.refunds.create({"payment_intent": paid.id})
    charge = str(paid.latest_charge)
    assert "refunds" not in api.v1.charges.retrieve(charge)
    expanded = api.v1.charges.retrieve(charge, {"expand": ["refunds"]})
    assert expanded.refunds is not None
    assert [r.id for r in expanded.refunds.data] == [refund.id]


def test_what_cannot_be_expanded_is_refused(api: stripe.StripeClient, paid: stripe.PaymentIntent) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="cannot be expanded"):
        api.v1.payment_intents.retrieve(paid.id, {"expand": ["amount.currency"]})


def test_metadata_is_merged_and_emptied(api: stripe.StripeClient) -> None:
    customer = api.v1.customers.create({"metadata": {"a": "1", "b": "2"}})
    merged = api.v1.customers.update(customer.id, {"metadata": {"a": "", "c": "3"}})
    assert merged.metadata is not None
    assert merged.metadata.to_dict() == {"b": "2", "c": "3"}
    emptied = api.v1.customers.update(customer.id, {"metadata": ""})
    assert emptied.metadata is not None
    assert emptied.metadata.to_dict() == {}


@pytest.mark.parametrize("by", ["refunds", "charges", "disputes"])
def test_a_list_by_what_is_not_there_is_an_error(api: stripe.StripeClient, by: str) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="No such payment_intent") as caught:
        getattr(api.v1, by).list({"payment_intent": "pi_unknown"})
    assert (caught.value.code, caught.value.param) == ("resource_missing", "payment_intent")


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"capture_method": "manual"}, "capture_method=manual"),
        ({"on_behalf_of": "acct_1"}, "on_behalf_of"),
        ({"payment_method_data": {"type": "card"}}, "payment_method_data"),
    ],
)
def test_what_stripe_knows_and_the_sandbox_does_not_play_is_refused_by_name(
    api: stripe.StripeClient, change: dict[str, object], named: str
) -> None:
    with pytest.raises(stripe.InvalidRequestError, match=f"The sandbox doesn't play {named}"):
        api.v1.payment_intents.create({"amount": 4500, "currency": "gbp", **change})  # type: ignore[typeddict-item]


def test_refunds_of_a_customer_balance_are_refused_by_name(
    api: stripe.StripeClient, paid: stripe.PaymentIntent
) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="The sandbox doesn't play origin"):
        api.v1.refunds.create({"payment_intent": paid.id, "origin": "customer_balance"})


@pytest.mark.parametrize(
    ("metadata", "words"),
    [
        ({f"key{number}": "x" for number in range(51)}, "at most 50 keys"),
        ({"k" * 41: "x"}, "40 characters"),
        ({"key": "x" * 501}, "500 characters"),
    ],
)
def test_metadata_has_limits(api: stripe.StripeClient, metadata: dict[str, str], words: str) -> None:
    with pytest.raises(stripe.InvalidRequestError, match=words):
        api.v1.customers.create({"metadata": metadata})
    assert api.v1.customers.create({"metadata": {"k" * 40: "x" * 500}}).metadata is not None


def test_options_of_the_payment_method_are_kept_beside_the_others(api: stripe.StripeClient) -> None:
    intent = api.v1.payment_intents.create(
        {
            "amount": 4500,
            "currency": "gbp",
            "payment_method_options": {"card": {"request_three_d_secure": "any"}},
        }
    )
    assert intent.payment_method_options is not None
    assert intent.payment_method_options.card is not None
    assert intent.payment_method_options.card.request_three_d_secure == "any"
    assert intent.payment_method_options.card.network is None
