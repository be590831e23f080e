"""Where an object differs from Stripe's types: fields missing, unknown, null where Stripe leaves them out.

`stripe_types.json` has a type by its name: a field with `?` may be left out. A value's shape is a primitive,
a `'literal'`, `@Type`, a list of alternatives, or `{"list": …}`, `{"map": …}`, `{"page": …}`. `other` beside
literals means that Stripe may add more; for us it is still a slip, unless a test made the value up.
"""

import json
from collections.abc import Callable, Container, Iterator
from functools import cache
from pathlib import Path
from typing import Any, cast

from sandbox.store.shelf import Obj

Shape = str | list[Any] | dict[str, Any]


@cache
def known() -> Obj:
    """The distilled types: `api_version`, `events`, `roots`, `types`."""
    return cast(Obj, json.loads(Path(__file__).with_name("stripe_types.json").read_text()))


def slips(obj: Obj, made_up: Container[str] = ()) -> list[str]:
    """What is wrong with an answer of the API, a line each; empty when it conforms."""
    kind = obj.get("object")
    if kind == "list":
        return [line for row in obj.get("data", []) for line in slips(row, made_up)]
    candidates = [f"@{name}" for name in known()["roots"] if known()["types"][name]["object"] == f"'{kind}'"]
    if not candidates:
        return [f"{kind}: no object of Stripe's that the types tell of"]
    return [f"{kind}{line}" for line in _against(candidates, obj, made_up)]


def event_slips(event: Obj, made_up: Container[str] = ()) -> list[str]:
    """What is wrong with an event and the object that it carries."""
    lines = slips(event, made_up)
    type_, data = event["type"], event["data"]
    expected = known()["events"].get(type_)
    if expected is None:
        return [*lines, f"event.type: Stripe sends no {type_} that carries an object of ours"]
    lines += [f"{type_}{line}" for line in _against(f"@{expected}", data["object"], made_up)]
    unknown = data.get("previous_attributes", {}).keys() - _names(expected)
    return [*lines, *(f"{type_}.previous_attributes.{name}: unknown" for name in sorted(unknown))]


def _names(type_: str) -> set[str]:
    return {name.removesuffix("?") for name in known()["types"][type_]}


def _against(shape: Shape, value: Any, made_up: Container[str]) -> list[str]:
    if isinstance(shape, list):
        return _against_one_of(shape, value, made_up)
    if isinstance(shape, dict):
        return list(_against_many(shape, value, made_up))
    if shape.startswith("@"):
        return list(_against_type(shape[1:], value, made_up))
    return [] if _PRIMITIVES.get(shape, shape[1:-1].__eq__)(value) is True else [_differs(shape, value)]


_PRIMITIVES: dict[str, Callable[[Any], bool]] = {
    "any": lambda _: True,
    "boolean": lambda value: isinstance(value, bool),
    "null": lambda value: value is None,
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "object": lambda value: isinstance(value, dict),
    "other": lambda _: False,
    "string": lambda value: isinstance(value, str),
    "true": lambda value: value is True,
    "void": lambda _: False,
}


def _differs(shape: Shape, value: Any) -> str:
    shown = value if value is None or isinstance(value, bool | int | float) else type(value).__name__
    return f": {shown} instead of {json.dumps(shape)[:120]}"


def _against_one_of(shapes: list[Shape], value: Any, made_up: Container[str]) -> list[str]:
    if isinstance(value, str) and value in made_up and "other" in shapes:
        return []
    likely = [shape for shape in shapes if _looks_like(shape, value)] if isinstance(value, dict) else shapes
    found = [_against(shape, value, made_up) for shape in likely]
    if [] in found:
        return []
    return found[0] if len(found) == 1 else [_differs(shapes, value)]


def _looks_like(shape: Shape, value: Obj) -> bool:
    """Is that the alternative that an object with this `object` and `deleted` is meant to be?"""
    if isinstance(shape, list) or not (isinstance(shape, dict) or shape.startswith("@")):
        return False
    fields = known()["types"].get(shape[1:], {}) if isinstance(shape, str) else {}
    same_kind = "object" not in fields or fields["object"] == f"'{value.get('object')}'"
    return same_kind and (fields.get("deleted") == "true") == ("deleted" in value)


def _against_many(shape: dict[str, Any], value: Any, made_up: Container[str]) -> Iterator[str]:
    (how, inner) = next(iter(shape.items()))
    if how == "map" and isinstance(value, dict):
        rows = value.items()
    elif how == "page" and isinstance(value, dict) and {"object", "data", "has_more", "url"} <= value.keys():
        rows = dict(enumerate(value["data"])).items()
    elif how == "list" and isinstance(value, list):
        rows = dict(enumerate(value)).items()
    else:
        yield _differs(shape, value)
        return
    for key, row in rows:
        yield from (f"[{key}]{line}" for line in _against(inner, row, made_up))


def _against_type(name: str, value: Any, made_up: Container[str]) -> Iterator[str]:
    fields: dict[str, Shape] = known()["types"][name]
    if not isinstance(value, dict):
        yield _differs(f"@{name}", value)
        return
    if "map" in fields:
        yield from _against_many(fields, value, made_up)
        return
    if "*" not in fields:
        yield from (f".{key}: unknown" for key in sorted(value.keys() - _names(name)))
    for field, shape in fields.items():
        key = field.removesuffix("?")
        if key in value:
            yield from (f".{key}{line}" for line in _against(shape, value[key], made_up))
        elif field == key and key != "*":
            yield f".{key}: missing"
