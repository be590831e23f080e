"""Events: written with every change, listed for 30 days."""

from collections.abc import Sequence
from fnmatch import fnmatchcase

from sandbox.request import listing
from sandbox.request.call import Call, Route
from sandbox.request.errors import invalid, missing_object
from sandbox.request.params import EXPAND, PAGE_BY_TIME, boolean, text, texts
from sandbox.store.shelf import Obj
from sandbox.store.state import API_VERSION, State, new_id, snapshot

RETENTION_SECONDS = 30 * 24 * 3600
_MOST_TYPES = 20


def emit(state: State, type_: str, obj: Obj, *, before: Obj | None = None) -> Obj:
    """Write an event about `obj` as it is now; `before` gives `previous_attributes`."""
    event = write(state, type_, obj, before=before)
    state.watch.event(event)
    return event


def write(state: State, type_: str, obj: Obj, *, before: Obj | None = None) -> Obj:
    """Write any event, also one that Stripe wouldn't send."""
    data: Obj = {"object": snapshot(obj)}
    if before is not None:
        names = [*before, *(name for name in obj if name not in before)]
        data["previous_attributes"] = {n: before.get(n) for n in names if obj.get(n) != before.get(n)}
    event = {
        "id": new_id("evt"),
        "object": "event",
        "api_version": API_VERSION,
        "created": state.clock.now(),
        "data": data,
        "livemode": False,
        "pending_webhooks": 0,
        "request": {
            "id": state.origin.request_id,
            "idempotency_key": state.origin.idempotency_key,
        },
        "type": type_,
    }
    state.events.add(event)
    state.on_event(event)
    return event


def _get(state: State, call: Call) -> Obj:
    event = state.events.get(call.id)
    if event is None or event["created"] < _oldest(state):
        raise missing_object("event", call.id)
    return event


def _list(state: State, call: Call) -> Obj:
    rows = _of_type(state, call.params.get("type"))
    types = call.params.get("types")
    if types is not None:
        rows = _of_types(rows, types, call)
    if "delivery_success" in call.params:
        wanted = call.params["delivery_success"]
        rows = [row for row in rows if (row["pending_webhooks"] == 0) is wanted]
    bounds = call.params.setdefault("created", {})
    bounds["gte"] = max(bounds.get("gte", 0), _oldest(state))
    return listing.page(call, state.events, rows)


def _of_type(state: State, type_: str | None) -> Sequence[Obj]:
    """All of that type, or of a group such as `charge.*`."""
    if type_ is None or "*" not in type_:
        return state.events.where(type=type_)
    return [row for row in state.events.rows if fnmatchcase(row["type"], type_)]


def _of_types(rows: Sequence[Obj], types: list[str], call: Call) -> Sequence[Obj]:
    if "type" in call.params:
        raise invalid("You may pass only one of type or types.", "types")
    if len(types) > _MOST_TYPES:
        raise invalid("You may pass at most 20 types.", "types")
    return [row for row in rows if row["type"] in types]


def _oldest(state: State) -> int:
    return state.clock.now() - RETENTION_SECONDS


ROUTES = {
    ("GET", "/v1/events"): Route(
        _list, {**PAGE_BY_TIME, "type": text, "types": texts, "delivery_success": boolean}
    ),
    ("GET", "/v1/events/{id}"): Route(_get, EXPAND),
}
