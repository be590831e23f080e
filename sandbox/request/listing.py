"""Stripe's pages: newest first, cursors by id."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from sandbox.request.call import Call
from sandbox.request.errors import invalid, missing_object
from sandbox.store.shelf import Obj, Shelf


def page(call: Call, shelf: Shelf, rows: Sequence[Obj]) -> Obj:
    """One page of `rows` (oldest first, all of that shelf), as the call asks for it."""
    limit = call.params.get("limit", 10)
    if not 1 <= limit <= 100:
        message = "This value must be between 1 and 100."
        raise invalid(message, "limit", "parameter_invalid_integer")
    first, end = _within(rows, call.params.get("created", {}))
    before = call.params.get("ending_before")
    after = call.params.get("starting_after")
    if after:
        end = min(end, _place(shelf, rows, after, "starting_after"))
    if before:
        first = max(first, _place(shelf, rows, before, "ending_before") + 1)
        more, end = end - first > limit, min(end, first + limit)
    else:
        more, first = end - first > limit, max(first, end - limit)
    data = list(reversed(rows[first : max(first, end)]))
    return {"object": "list", "data": data, "has_more": more, "url": call.path}


def _within(rows: Sequence[Obj], bounds: dict[str, int]) -> tuple[int, int]:
    def created(row: Obj) -> int:
        return int(row["created"])

    first, end = 0, len(rows)
    if "gte" in bounds:
        first = max(first, bisect_left(rows, bounds["gte"], key=created))
    if "gt" in bounds:
        first = max(first, bisect_right(rows, bounds["gt"], key=created))
    if "lt" in bounds:
        end = min(end, bisect_left(rows, bounds["lt"], key=created))
    if "lte" in bounds:
        end = min(end, bisect_right(rows, bounds["lte"], key=created))
    return first, end


def _place(shelf: Shelf, rows: Sequence[Obj], id_: str, param: str) -> int:
    if shelf.get(id_) is None:
        raise missing_object(shelf.kind, id_, param=param, status=400)
    return bisect_left(rows, shelf.serials[id_], key=lambda row: shelf.serials[row["id"]])
