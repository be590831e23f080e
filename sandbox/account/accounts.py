"""The account behind every test key."""

from sandbox.request.call import Call, Route
from sandbox.request.errors import missing_object
from sandbox.request.params import EXPAND
from sandbox.store.shelf import Obj
from sandbox.store.state import State

_ID = "acct_1Sandbox00000000"
_ACCOUNT: Obj = {
    "id": _ID,
    "object": "account",
    "business_profile": {
        "mcc": "7299",
        "minority_owned_business_designation": None,
        "name": "Sandbox",
        "specified_commercial_transactions_act_url": None,
        "support_address": None,
        "support_email": None,
        "support_phone": None,
        "support_url": None,
        "url": None,
    },
    "business_type": "company",
    "capabilities": {"card_payments": "active", "transfers": "active"},
    "charges_enabled": True,
    "country": "GB",
    "created": 1_700_000_000,
    "default_currency": "gbp",
    "details_submitted": True,
    "email": None,
    "external_accounts": {
        "object": "list",
        "data": [],
        "has_more": False,
        "url": f"/v1/accounts/{_ID}/external_accounts",
    },
    "metadata": {},
    "payouts_enabled": True,
    "settings": {
        "branding": {"icon": None, "logo": None, "primary_color": None, "secondary_color": None},
        "card_payments": {
            "statement_descriptor_prefix": None,
            "statement_descriptor_prefix_kana": None,
            "statement_descriptor_prefix_kanji": None,
        },
        "dashboard": {"display_name": "Sandbox", "timezone": "Etc/UTC"},
        "payments": {
            "statement_descriptor": "SANDBOX",
            "statement_descriptor_kana": None,
            "statement_descriptor_kanji": None,
            "statement_descriptor_prefix_kana": None,
            "statement_descriptor_prefix_kanji": None,
        },
    },
    "type": "standard",
}


def _own(state: State, call: Call) -> Obj:
    return _ACCOUNT


def _get(state: State, call: Call) -> Obj:
    if call.id != _ID:
        raise missing_object("account", call.id)
    return _ACCOUNT


ROUTES = {
    ("GET", "/v1/account"): Route(_own, EXPAND),
    ("GET", "/v1/accounts/{id}"): Route(_get, EXPAND),
}
