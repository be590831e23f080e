"""Customers."""

from sandbox.events import events
from sandbox.request.call import Call, Route
from sandbox.request.lookup import find, many
from sandbox.request.params import EXPAND, Spec, address, merged_metadata, metadata, shipping, text, texts
from sandbox.store.shelf import Obj
from sandbox.store.state import State, new_id, secret_text, snapshot

_TEXTS = ("description", "email", "name", "phone", "business_name", "individual_name")
_FIELDS: Spec = {
    **EXPAND,
    **dict.fromkeys(_TEXTS, text),
    "address": address,
    "metadata": metadata,
    "preferred_locales": texts,
    "shipping": shipping,
    "tax_exempt": text,
}


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
    customer = find(state.customers, call.id)
    before = snapshot(customer)
    _apply(customer, call.params)
    if customer != before:
        events.emit(state, "customer.updated", customer, before=before)
    return customer


def _apply(customer: Obj, params: Obj) -> None:
    change = {name: value for name, value in params.items() if name != "expand"}
    change["metadata"] = merged_metadata(customer["metadata"], params.get("metadata"))
    customer.update({name: None if value == "" else value for name, value in change.items()})


def _delete(state: State, call: Call) -> Obj:
    """What was paid stays; the customer and their saved cards are gone."""
    customer = find(state.customers, call.id)
    state.customers.remove(call.id)
    for method in list(state.payment_methods.where(customer=call.id)):
        state.payment_methods.reindex(method, "customer", None)
    events.emit(state, "customer.deleted", customer)
    gone = {"id": call.id, "object": "customer", "deleted": True}
    state.deleted_customers[call.id] = gone
    return gone


def _get(state: State, call: Call) -> Obj:
    return state.deleted_customers.get(call.id) or find(state.customers, call.id)


ROUTES = {
    ("POST", "/v1/customers"): Route(_create, _FIELDS),
    ("GET", "/v1/customers"): many("customers", "email"),
    ("GET", "/v1/customers/{id}"): Route(_get, EXPAND),
    ("POST", "/v1/customers/{id}"): Route(_update, _FIELDS),
    ("DELETE", "/v1/customers/{id}"): Route(_delete, {}),
}
