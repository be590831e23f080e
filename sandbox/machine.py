"""The whole sandbox: what it knows and the switches around it."""

from collections.abc import Callable
from dataclasses import dataclass

from sandbox.events import webhook_endpoints
from sandbox.events.delivery import Delivery
from sandbox.request.faults import Faults
from sandbox.request.idempotency import Keys
from sandbox.request.limits import Limits
from sandbox.request.stats import Stats
from sandbox.store.shelf import Obj
from sandbox.store.state import State


@dataclass(frozen=True)
class FixedEndpoint:
    """An endpoint from the command line; it outlives a reset."""

    url: str
    secret: str
    events: list[str]


class Machine:
    """`settle_after` None leaves later effects to the control calls."""

    def __init__(
        self, *, settle_after: float | None = None, seed: int = 0, delivery_workers: int = 1
    ) -> None:
        self.state = State(settle_after)
        self.keys = Keys()
        self.limits = Limits()
        self.faults = Faults(seed)
        self.stats = Stats()
        self.delivery = Delivery(self.state, seed=seed, workers=delivery_workers)
        self.state.on_event = self.delivery.enqueue
        self.fixed_endpoints: list[FixedEndpoint] = []
        # Requests that began before a reset must not work after it.
        self.resets = 0

    def reset(self) -> None:
        """Everything back to the start; the caller holds the state's lock."""
        self.resets += 1
        self.state.reset()
        self.keys.clear()
        self.faults.clear()
        self.stats.clear()
        self.delivery.reset()
        self.limits.overall = self.limits.per_endpoint = None
        self.register_fixed_endpoints()

    def register_fixed_endpoints(self) -> None:
        """Put the endpoints of the command line in place."""
        for fixed in self.fixed_endpoints:
            webhook_endpoints.register(self.state, fixed.url, fixed.events, secret=fixed.secret)


# A control call: the machine, the id in the path, the body.
Control = Callable[[Machine, str, Obj], Obj]
