"""Customers."""

from sandbox import events, listing
from sandbox.call import Call, Route
from sandbox.errors import missing_object
from sandbox.params import EXPAND, PAGE_BY_TIME, Spec, anything, merged_metadata, metadata, text, texts
from sandbox.shelf import Obj
from sandbox.state import State, new_id, secret_text, snapshot

_TEXTS = ("description", "email", "name", "phone", "business_name", "individual_name")
_FIELDS: Spec = {
    **EXPAND,
    **dict.fromkeys(_TEXTS, text),
    "address": anything,
    "metadata": metadata,
    "preferred_locales": texts,
    "shipping": anything,
    "tax_exempt": text,
}


def find(state: State, id_: str, *, param: str = "id", status: int = 404) -> Obj:
    """The customer, or Stripe's error."""
    customer = state.customers.get(id_)
    if customer is None:
        raise missing_object("customer", id_, param=param, status=status)
    return customer


def _create(state: State, call: Call) -> Obj:
    customer: Obj = {
        "id": new_id("cus"),
        "object": "customer",
        "address": None,
        "balance": 0,
        "created": state.clock.now(),
        "currency": None,
        "default_source": None,
        "delinquent": False,
        "description": None,
        "email": None,
        "invoice_prefix": secret_text(8).upper(),
        "invoice_settings": {
            "custom_fields": None,
            "default_payment_method": None,
            "footer": None,
            "rendering_options": None,
        },
        "livemode": False,
        "metadata": {},
        "name": None,
        "next_invoice_sequence": 1,
        "phone": None,
        "preferred_locales": [],
        "shipping": None,
        "tax_exempt": "none",
        "test_clock": None,
    }
    state.customers.add(customer)
    _apply(customer, call.params)
    events.emit(state, "customer.created", customer)
    return customer


def _update(state: State, call: Call) -> Obj:
    customer = find(state, call.id)
    before = snapshot(customer)
    _apply(customer, call.params)
    if customer != before:
        events.emit(state, "customer.updated", customer, before=before)
    return customer


def _apply(customer: Obj, params: Obj) -> None:
    change = {name: value for name, value in params.items() if name != "expand"}
    change["metadata"] = merged_metadata(customer["metadata"], params.get("metadata"))
    customer.update({name: None if value == "" else value for name, value in change.items()})


def _get(state: State, call: Call) -> Obj:
    return find(state, call.id)


def _list(state: State, call: Call) -> Obj:
    rows = state.customers.where(email=call.params.get("email"))
    return listing.page(call, state.customers, rows)


ROUTES = {
    ("POST", "/v1/customers"): Route(_create, _FIELDS),
    ("GET", "/v1/customers"): Route(_list, {**PAGE_BY_TIME, "email": text}),
    ("GET", "/v1/customers/{id}"): Route(_get, EXPAND),
    ("POST", "/v1/customers/{id}"): Route(_update, _FIELDS),
}
