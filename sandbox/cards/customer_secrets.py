"""What the phone gets to act for a customer: ephemeral keys and customer sessions."""

from sandbox.request.call import Call, Route
from sandbox.request.errors import StripeError, missing_param
from sandbox.request.lookup import find
from sandbox.request.params import EXPAND, anything, text
from sandbox.store.shelf import Obj
from sandbox.store.state import State, new_id, secret_text

_KEY_SECONDS = 3600
_SESSION_SECONDS = 1800
_COMPONENTS = (
    "active_entitlements",
    "buy_button",
    "customer_portal",
    "customer_sheet",
    "mobile_payment_element",
    "payment_element",
    "pricing_table",
)
_SHEET: Obj = dict.fromkeys(("payment_method_allow_redisplay_filters", "payment_method_remove"))
_MOBILE: Obj = dict.fromkeys(
    ("payment_method_redisplay", "payment_method_save", "payment_method_save_allow_redisplay_override"), None
)
# What each component can do, and what it does unless asked otherwise.
_FEATURES: dict[str, Obj] = {
    "customer_sheet": _SHEET,
    "mobile_payment_element": {**_SHEET, **_MOBILE},
    "payment_element": {
        "payment_method_allow_redisplay_filters": ["always"],
        "payment_method_redisplay": "disabled",
        "payment_method_redisplay_limit": 3,
        "payment_method_remove": "disabled",
        "payment_method_save": "disabled",
        "payment_method_save_usage": None,
    },
}


def _create_key(state: State, call: Call) -> Obj:
    if "stripe-version" not in call.headers:
        message = "Missing `Stripe-Version` header: an ephemeral key is made at the app's version."
        raise StripeError(message, saved=False)
    _customer(state, call)
    now = state.clock.now()
    return {
        "id": new_id("ephkey"),
        "object": "ephemeral_key",
        "created": now,
        "expires": now + _KEY_SECONDS,
        "livemode": False,
        "secret": f"ek_test_{secret_text(48)}",
    }


def _create_session(state: State, call: Call) -> Obj:
    customer = _customer(state, call)
    asked = call.params.get("components")
    if not asked:
        raise missing_param("components")
    now = state.clock.now()
    return {
        "object": "customer_session",
        "client_secret": f"cuss_secret_{secret_text(48)}",
        "components": {name: _component(name, asked.get(name)) for name in _COMPONENTS},
        "created": now,
        "customer": customer["id"],
        "customer_account": None,
        "expires_at": now + _SESSION_SECONDS,
        "livemode": False,
    }


def _component(name: str, asked: Obj | None) -> Obj:
    given = asked or {}
    component: Obj = {"enabled": given.get("enabled") == "true"}
    if name in _FEATURES:
        wanted = given.get("features")
        component["features"] = {**_FEATURES[name], **wanted} if wanted else None
    return component


def _customer(state: State, call: Call) -> Obj:
    if not call.params.get("customer"):
        raise missing_param("customer")
    return find(state.customers, call.params["customer"], param="customer", status=400)


ROUTES = {
    ("POST", "/v1/ephemeral_keys"): Route(_create_key, {**EXPAND, "customer": text}),
    ("POST", "/v1/customer_sessions"): Route(
        _create_session,
        {**EXPAND, "customer": text, "components": dict.fromkeys(_COMPONENTS, anything)},
    ),
}
