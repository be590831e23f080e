"""The control calls under `/_control/`: JSON in and out, no key."""

import json

from sandbox import bank, switches
from sandbox.errors import StripeError
from sandbox.machine import Control, Machine
from sandbox.shelf import Obj
from sandbox.wire import Request, Response

_CONTROLS: dict[str, Control] = {**switches.CONTROLS, **bank.CONTROLS}


def answer(machine: Machine, request: Request) -> Response:
    """Perform one control call. Bad input is 400, an unknown call 404."""
    try:
        found = _find(request.method, request.path.removeprefix("/_control/"))
        if found is None:
            return _json(404, {"error": {"message": f"no control call {request.path}"}})
        control, id_ = found
        body = json.loads(request.body) if request.body else {}
        if control in switches.UNLOCKED:
            return _json(200, control(machine, id_, body))
        with machine.state.lock:
            return _json(200, control(machine, id_, body))
    except StripeError as error:
        return _json(error.status, error.body)
    except KeyError as error:
        return _json(400, {"error": {"message": f"missing: {error}"}})
    except (TypeError, ValueError) as error:
        return _json(400, {"error": {"message": str(error)}})


def _find(method: str, name: str) -> tuple[Control, str] | None:
    control = _CONTROLS.get(f"{method} {name}")
    if control:
        return control, ""
    parts = name.split("/")
    if len(parts) < 2:
        return None
    id_, parts[1] = parts[1], "{id}"
    control = _CONTROLS.get(f"{method} {'/'.join(parts)}")
    return (control, id_) if control else None


def _json(status: int, obj: Obj) -> Response:
    return Response(status, json.dumps(obj).encode())
