"""Finding objects: one by its id, or pages of them by their fields."""

from sandbox import listing
from sandbox.call import Call, Route
from sandbox.errors import missing_object
from sandbox.params import EXPAND, PAGE_BY_TIME, text
from sandbox.shelf import Obj, Shelf
from sandbox.state import State


def find(shelf: Shelf, id_: str, *, param: str = "id", status: int = 404) -> Obj:
    """The object, or Stripe's error."""
    obj = shelf.get(id_)
    if obj is None:
        raise missing_object(shelf.kind, id_, param=param, status=status)
    return obj


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
        return listing.page(call, shelf, shelf.where(**wanted))

    return Route(list_, {**PAGE_BY_TIME, **dict.fromkeys(fields, text)})
