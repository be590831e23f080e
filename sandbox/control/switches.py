"""Control calls for the tester's part: clock, faults, limits, delivery, counts."""

from sandbox.events import events, webhook_endpoints
from sandbox.machine import Control, Machine
from sandbox.request.lookup import find
from sandbox.store.shelf import Obj
from sandbox.store.state import snapshot


def reset(machine: Machine, id_: str, body: Obj) -> Obj:
    """Everything back to the start."""
    machine.reset()
    return {"reset": True}


def show_state(machine: Machine, id_: str, body: Obj) -> Obj:
    """All objects by kind, oldest first."""
    state = machine.state
    objects = {name: shelf.rows for name, shelf in state.shelves.items()}
    counts = {name: len(rows) for name, rows in objects.items()}
    return {"now": state.clock.now(), "planned": state.clock.planned, "counts": counts, **objects}


def show_shelf(machine: Machine, id_: str, body: Obj) -> Obj:
    """The objects of one kind, oldest first."""
    return {id_: machine.state.shelves[id_].rows}


def show_clock(machine: Machine, id_: str, body: Obj) -> Obj:
    clock = machine.state.clock
    return {"now": clock.now(), "ahead": clock.ahead, "planned": clock.planned}


def advance(machine: Machine, id_: str, body: Obj) -> Obj:
    """Move the clock ahead and do what has become due."""
    if body["seconds"] < 0:
        raise ValueError("the clock moves ahead only")
    machine.state.clock.ahead += body["seconds"]
    done = machine.state.clock.run_due()
    return {**show_clock(machine, id_, body), "done": done}


def settle(machine: Machine, id_: str, body: Obj) -> Obj:
    """Do all that waits for 'some time later'."""
    done = machine.state.clock.settle()
    return {**show_clock(machine, id_, body), "done": done}


def show_faults(machine: Machine, id_: str, body: Obj) -> Obj:
    return {"faults": machine.faults.rules()}


def add_fault(machine: Machine, id_: str, body: Obj) -> Obj:
    return machine.faults.add(body)


def clear_faults(machine: Machine, id_: str, body: Obj) -> Obj:
    machine.faults.clear()
    return show_faults(machine, id_, body)


def set_limits(machine: Machine, id_: str, body: Obj) -> Obj:
    """Requests a second, in all and for each endpoint; null for no limit."""
    machine.limits.overall = body.get("overall")
    machine.limits.per_endpoint = body.get("per_endpoint")
    return {"overall": machine.limits.overall, "per_endpoint": machine.limits.per_endpoint}


def show_delivery(machine: Machine, id_: str, body: Obj) -> Obj:
    return {**machine.delivery.report(), "log": list(machine.delivery.log)}


def switch_delivery(machine: Machine, id_: str, body: Obj) -> Obj:
    order = body.pop("order", "in_order")
    machine.delivery.switch(body, order)
    return machine.delivery.report()


def wait_delivered(machine: Machine, id_: str, body: Obj) -> Obj:
    """Wait, without holding anything up, until all webhooks have left."""
    idle = machine.delivery.wait_idle(body.get("seconds", 10.0))
    return {"idle": idle, **machine.delivery.report()}


def take_slips(machine: Machine, id_: str, body: Obj) -> Obj:
    """Where answers and events since the last call differed from Stripe's types (`--check-types`)."""
    return {"slips": machine.state.watch.drain()}


def show_stats(machine: Machine, id_: str, body: Obj) -> Obj:
    return machine.stats.report()


def send_event(machine: Machine, id_: str, body: Obj) -> Obj:
    event = find(machine.state.events, id_)
    machine.delivery.send_again(event)
    return event


def emit_event(machine: Machine, id_: str, body: Obj) -> Obj:
    """An event of any type about any object, even one that Stripe wouldn't send."""
    return events.write(machine.state, body["type"], snapshot(body["object"]))


def register_endpoint(machine: Machine, id_: str, body: Obj) -> Obj:
    """An endpoint with a secret of the caller's choice."""
    endpoint = webhook_endpoints.register(
        machine.state, body["url"], body.get("enabled_events", ["*"]), secret=body.get("secret")
    )
    secret = webhook_endpoints.active_secrets(machine.state, endpoint["id"])[0]
    return {**endpoint, "secret": secret}


def roll_secret(machine: Machine, id_: str, body: Obj) -> Obj:
    """A new signing secret; the old one signs along for `keep_seconds`."""
    keep = body.get("keep_seconds", 24 * 3600)
    return {"secret": webhook_endpoints.roll(machine.state, id_, keep)}


# These wait, or look at nothing that the state's lock guards.
UNLOCKED = (wait_delivered,)
CONTROLS: dict[str, Control] = {
    "POST reset": reset,
    "GET state": show_state,
    "GET state/{id}": show_shelf,
    "GET clock": show_clock,
    "POST clock/advance": advance,
    "POST clock/settle": settle,
    "GET faults": show_faults,
    "POST faults": add_fault,
    "DELETE faults": clear_faults,
    "POST limits": set_limits,
    "GET delivery": show_delivery,
    "POST delivery": switch_delivery,
    "POST delivery/wait": wait_delivered,
    "POST events": emit_event,
    "POST events/{id}/send": send_event,
    "POST webhook_endpoints": register_endpoint,
    "POST webhook_endpoints/{id}/roll": roll_secret,
    "GET stats": show_stats,
    "POST types/slips": take_slips,
}
