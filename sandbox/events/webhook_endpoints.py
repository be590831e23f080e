"""Webhook endpoints: who is told of which events, signed with which secrets."""

import re
from pathlib import Path

from sandbox.request import listing
from sandbox.request.call import Call, Route
from sandbox.request.errors import StripeError, invalid, missing_param
from sandbox.request.lookup import find, one
from sandbox.request.params import EXPAND, PAGE, Spec, boolean, merged_metadata, metadata, text, texts
from sandbox.store.shelf import Obj
from sandbox.store.state import API_VERSION, State, new_id, secret_text

EVENT_TYPES = frozenset(Path(__file__).with_name("event_types.txt").read_text().split())
_MOST = 16
_VERSION = re.compile(r"\d{4}-\d{2}-\d{2}(\.[a-z]+)?")
_UPDATE: Spec = {
    **EXPAND,
    "description": text,
    "disabled": boolean,
    "enabled_events": texts,
    "metadata": metadata,
    "url": text,
}
_CREATE: Spec = {
    **{name: reader for name, reader in _UPDATE.items() if name != "disabled"},
    "api_version": text,
    "connect": boolean,
}


def register(
    state: State,
    url: str,
    enabled_events: list[str],
    *,
    secret: str | None = None,
    api_version: str | None = None,
) -> Obj:
    """A new endpoint; its signing secret is in `state.endpoint_secrets`."""
    endpoint: Obj = {
        "id": new_id("we"),
        "object": "webhook_endpoint",
        "api_version": api_version,
        "application": None,
        "created": state.clock.now(),
        "description": None,
        "enabled_events": enabled_events,
        "livemode": False,
        "metadata": {},
        "status": "enabled",
        "url": url,
    }
    signing = secret or f"whsec_{secret_text(32)}"
    state.endpoint_secrets[endpoint["id"]] = [(signing, float("inf"))]
    return state.webhook_endpoints.add(endpoint)


def active_secrets(state: State, id_: str) -> list[str]:
    """The newest first; a rolled one until its time is over."""
    now = state.clock.time()
    return [secret for secret, until in state.endpoint_secrets[id_] if until > now]


def roll(state: State, id_: str, keep_seconds: float) -> str:
    """A new secret; the old one signs along for that long."""
    until = state.clock.time() + keep_seconds
    old = [(secret, min(until, ends)) for secret, ends in state.endpoint_secrets[id_]]
    new = f"whsec_{secret_text(32)}"
    state.endpoint_secrets[id_] = [(new, float("inf")), *old]
    return new


def wants(endpoint: Obj, type_: str) -> bool:
    """Is the endpoint to be told of events of that type?"""
    chosen = endpoint["enabled_events"]
    return endpoint["status"] == "enabled" and (type_ in chosen or "*" in chosen)


def _create(state: State, call: Call) -> Obj:
    for name in ("url", "enabled_events"):
        if not call.params.get(name):
            raise missing_param(name)
    _check(call.params)
    if len(state.webhook_endpoints.rows) >= _MOST:
        raise StripeError(f"You have reached the maximum of {_MOST} test webhook endpoints.")
    version = call.params.get("api_version")
    if version is not None and not _VERSION.fullmatch(version):
        raise invalid(f"Invalid API version: {version}", "api_version")
    url, chosen = call.params["url"], call.params["enabled_events"]
    endpoint = register(state, url, chosen, api_version=version or API_VERSION)
    _apply(endpoint, call.params)
    return {**endpoint, "secret": active_secrets(state, endpoint["id"])[0]}


def _check(params: Obj) -> None:
    url = params.get("url")
    if url is not None and not url.startswith(("http://", "https://")):
        raise invalid("Invalid URL: An explicit scheme (such as https) must be provided.", "url")
    for place, type_ in enumerate(params.get("enabled_events", [])):
        if type_ != "*" and type_ not in EVENT_TYPES:
            name = f"enabled_events[{place}]"
            raise invalid(f"Invalid {name}: {type_} is not an event type", name)


def _update(state: State, call: Call) -> Obj:
    _check(call.params)
    endpoint = find(state.webhook_endpoints, call.id)
    _apply(endpoint, call.params)
    return endpoint


def _apply(endpoint: Obj, params: Obj) -> None:
    for name in ("url", "enabled_events", "description"):
        if name in params:
            endpoint[name] = params[name]
    endpoint["metadata"] = merged_metadata(endpoint["metadata"], params.get("metadata"))
    if "disabled" in params:
        endpoint["status"] = "disabled" if params["disabled"] else "enabled"


def _list(state: State, call: Call) -> Obj:
    return listing.page(call, state.webhook_endpoints, state.webhook_endpoints.rows)


def _delete(state: State, call: Call) -> Obj:
    find(state.webhook_endpoints, call.id)
    state.webhook_endpoints.remove(call.id)
    return {"id": call.id, "object": "webhook_endpoint", "deleted": True}


ROUTES = {
    ("POST", "/v1/webhook_endpoints"): Route(_create, _CREATE),
    ("GET", "/v1/webhook_endpoints"): Route(_list, PAGE),
    ("GET", "/v1/webhook_endpoints/{id}"): one("webhook_endpoints"),
    ("POST", "/v1/webhook_endpoints/{id}"): Route(_update, _UPDATE),
    ("DELETE", "/v1/webhook_endpoints/{id}"): Route(_delete, {}),
}
