"""The control calls under `/_control/`: JSON in and out, no key."""

import json

from sandbox.control import bank, switches, treasury
from sandbox.machine import Control, Machine
from sandbox.request.errors import StripeError
from sandbox.store.shelf import Obj
from sandbox.wire import Request, Response

_CONTROLS: dict[str, Control] = {**switches.CONTROLS, **bank.CONTROLS, **treasury.CONTROLS}


def answer(machine: Machine, request: Request) -> Response:
    """Perform one control call. Bad input is 400, an unknown call 404."""
    name = request.path.removeprefix("/_control/")
    try:
        body = json.loads(request.body) if request.body else {}
    except ValueError:
        body = None
    if not isinstance(body, dict):
        return Response(400, _refused("the body must be a JSON object"))
    status, answer = perform(machine, f"{request.method} {name}", body)
    return Response(status, answer)


def perform(machine: Machine, call: str, body: Obj) -> tuple[int, bytes]:
    """Perform a call such as `POST pay`; the status and the answer as JSON."""
    found = _find(call)
    if found is None:
        return 404, _refused(f"no control call {call}")
    control, id_ = found
    try:
        if control in switches.UNLOCKED:
            return 200, json.dumps(control(machine, id_, body)).encode()
        with machine.state.lock:
            return 200, json.dumps(control(machine, id_, body)).encode()
    except StripeError as error:
        return error.status, json.dumps(error.body).encode()
    except KeyError as error:
        return 400, _refused(f"missing or unknown: {error}")
    except (TypeError, ValueError) as error:
        return 400, _refused(str(error))


def _find(call: str) -> tuple[Control, str] | None:
    if call in _CONTROLS:
        return _CONTROLS[call], ""
    parts = call.split("/")
    if len(parts) < 2:
        return None
    id_, parts[1] = parts[1], "{id}"
    control = _CONTROLS.get("/".join(parts))
    return (control, id_) if control else None


def _refused(message: str) -> bytes:
    return json.dumps({"error": {"message": message}}).encode()
