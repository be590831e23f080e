"""Finding objects: one by its id, or pages of them by their fields."""

from sandbox.request import listing
from sandbox.request.call import Call, Route
from sandbox.request.errors import missing_object
from sandbox.request.params import EXPAND, PAGE_BY_TIME, text
from sandbox.store.shelf import Obj, Shelf
from sandbox.store.state import State


def find(shelf: Shelf, id_: str, *, param: str = "id", status: int = 404) -> Obj:
    """The object, or Stripe's error."""
    obj = shelf.get(id_)
    if obj is None:
        raise missing_object(shelf.kind, id_, param=param, status=status)
    return obj


def _check_known(state: State, field: str, id_: str | None) -> None:
    """A list by something that isn't there is an error, not an empty page."""
    shelf = {
        "charge": state.charges,
        "customer": state.customers,
        "payment_intent": state.payment_intents,
    }.get(field)
    if shelf and id_ is not None and id_ not in state.deleted_customers:
        find(shelf, id_, param=field, status=400)


def one(name: str) -> Route:
    """The route that gets one object of that shelf."""

    def get(state: State, call: Call) -> Obj:
        return find(state.shelves[name], call.id)

    return Route(get, EXPAND)


def many(name: str, *fields: str) -> Route:
    """The route that lists a shelf by these fields and by time."""

    def list_(state: State, call: Call) -> Obj:
        shelf = state.shelves[name]
        wanted = {field: call.params.get(field) for field in fields}
        for field in fields:
            _check_known(state, field, wanted[field])
        return listing.page(call, shelf, shelf.where(**wanted))

    return Route(list_, {**PAGE_BY_TIME, **dict.fromkeys(fields, text)})
