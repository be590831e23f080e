"""One API request as the handlers see it."""

from collections.abc import Callable
from dataclasses import dataclass, field

from sandbox.request.params import Spec
from sandbox.store.shelf import Obj
from sandbox.store.state import State


@dataclass
class Call:
    method: str
    path: str
    id: str
    params: Obj
    headers: dict[str, str] = field(default_factory=dict)


Handler = Callable[[State, Call], Obj]


@dataclass(frozen=True)
class Route:
    """A handler and the parameters it knows."""

    handler: Handler
    takes: Spec
