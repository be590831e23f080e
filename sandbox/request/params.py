"""Reading parameters: unknown ones are refused, text becomes numbers and booleans."""

from collections.abc import Callable, Mapping
from typing import Any, cast

from sandbox.request.errors import invalid
from sandbox.store.shelf import Obj

_MOST_KEYS, _LONGEST_KEY, _LONGEST_VALUE = 50, 40, 500

Reader = Callable[[str, Any], Any]
Spec = Mapping[str, "Reader | Spec"]


def read(spec: Spec, raw: Obj, inside: str = "") -> Obj:
    """The parameters with their types. Errors are Stripe's."""
    found: Obj = {}
    for name, value in raw.items():
        full = f"{inside}[{name}]" if inside else name
        if name not in spec:
            raise invalid(f"Received unknown parameter: {full}", full, "parameter_unknown")
        found[name] = _read_one(spec[name], full, value)
    return found


def _read_one(reader: "Reader | Spec", name: str, value: Any) -> Any:
    if callable(reader):
        return reader(name, value)
    if value == "":
        return {}
    if not isinstance(value, dict):
        raise invalid("Invalid object", name)
    return read(reader, value, name)


def text(name: str, value: Any) -> str:
    """A string."""
    if not isinstance(value, str):
        raise invalid("Invalid string", name)
    return value


def integer(name: str, value: Any) -> int:
    """A whole number."""
    try:
        return int(value)
    except (TypeError, ValueError):
        raise invalid(f"Invalid integer: {value}", name, "parameter_invalid_integer") from None


def positive(name: str, value: Any) -> int:
    """A whole number from 1."""
    number = integer(name, value)
    if number < 1:
        message = "This value must be greater than or equal to 1."
        raise invalid(message, name, "parameter_invalid_integer")
    return number


def boolean(name: str, value: Any) -> bool:
    """`true` or `false`."""
    if value not in ("true", "false"):
        raise invalid(f"Invalid boolean: {value}", name)
    return cast(str, value) == "true"


def texts(name: str, value: Any) -> list[str]:
    """A list of strings."""
    if value == "":
        return []
    if not isinstance(value, list):
        raise invalid("Invalid array", name)
    return [text(name, item) for item in value]


def metadata(name: str, value: Any) -> dict[str, str]:
    """Keys and values; empty text clears all, an empty value removes its key."""
    if value == "":
        return {}
    if not isinstance(value, dict):
        raise invalid("Invalid object", name)
    for key, item in value.items():
        if len(key) > _LONGEST_KEY:
            raise invalid(f"Metadata keys can be up to 40 characters long. Invalid key: {key}", name)
        if len(text(f"{name}[{key}]", item)) > _LONGEST_VALUE:
            raise invalid("Metadata values can be up to 500 characters long.", f"{name}[{key}]")
    return dict(value)


def one_of(*allowed: str) -> Reader:
    """A string out of a closed list."""

    def reader(name: str, value: Any) -> str:
        if value not in allowed:
            words = ", ".join(allowed)
            raise invalid(f"Invalid {name}: must be one of {words}", name)
        return cast(str, value)

    return reader


def anything(name: str, value: Any) -> Any:
    """Known to Stripe, kept as it comes."""
    return value


def each(spec: Spec) -> Reader:
    """A list of objects."""

    def reader(name: str, value: Any) -> list[Obj]:
        if value == "":
            return []
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise invalid("Invalid array", name)
        return [read(spec, item, name) for item in value]

    return reader


def unplayed(name: str, value: Any) -> Any:
    """Known to Stripe, but not to the sandbox, which says so instead of doing something else."""
    raise invalid(f"The sandbox doesn't play {name}.", name)


def moment_range(name: str, value: Any) -> dict[str, int]:
    """A moment, or a range with gt, gte, lt, lte; seconds since the epoch."""
    if not isinstance(value, dict):
        moment = integer(name, value)
        return {"gte": moment, "lte": moment}
    bounds: Spec = dict.fromkeys(("gt", "gte", "lt", "lte"), integer)
    return read(bounds, value, name)


_ADDRESS: Spec = dict.fromkeys(("city", "country", "line1", "line2", "postal_code", "state"), text)
_PARCEL: Spec = dict.fromkeys(("carrier", "name", "phone", "tracking_number"), text)


def address(name: str, value: Any) -> Obj | None:
    """A postal address; what isn't given is null."""
    return {**dict.fromkeys(_ADDRESS), **read(_ADDRESS, value, name)} if value else None


def shipping(name: str, value: Any) -> Obj | None:
    """Where goods go; what isn't given is null."""
    if not value:
        return None
    given = read({**_PARCEL, "address": _ADDRESS}, value, name)
    where = {**dict.fromkeys(_ADDRESS), **given.get("address", {})}
    return {**dict.fromkeys(_PARCEL), **given, "address": where}


EXPAND: Spec = {"expand": texts}
PAGE: Spec = {
    **EXPAND,
    "limit": integer,
    "starting_after": text,
    "ending_before": text,
}
PAGE_BY_TIME: Spec = {**PAGE, "created": moment_range}


def merged_metadata(present: dict[str, str], change: dict[str, str] | None) -> dict[str, str]:
    """What an update with `metadata` leaves."""
    if change is None:
        return present
    if not change:
        return {}
    merged = {key: value for key, value in {**present, **change}.items() if value != ""}
    if len(merged) > _MOST_KEYS:
        message = (
            f"Metadata can have at most 50 keys; this request would cause there to be {len(merged)} keys."
        )
        raise invalid(message, "metadata")
    return merged
