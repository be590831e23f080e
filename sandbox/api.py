"""From an HTTP request to Stripe's answer: key, limits, faults, idempotency, then the work."""

import json
import sys
import time
import traceback
from dataclasses import dataclass, field

from sandbox import routes
from sandbox.machine import Machine
from sandbox.request import forms, keys
from sandbox.request.call import Call, Route
from sandbox.request.errors import StripeError, server_error
from sandbox.request.expand import expanded
from sandbox.request.faults import Fault
from sandbox.request.params import read
from sandbox.store.shelf import Obj
from sandbox.store.state import API_VERSION, Origin, State, new_id
from sandbox.wire import Request, Response


@dataclass
class _Job:
    """One request on its way."""

    request: Request
    fault: Fault | None
    resets: int
    request_id: str = field(default_factory=lambda: new_id("req"))
    endpoint: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    replayed: bool = False

    @property
    def account(self) -> str:
        return self.request.headers.get("stripe-account", "")

    @property
    def key(self) -> str:
        is_post = self.request.method == "POST"
        return self.request.headers.get("idempotency-key", "") if is_post else ""

    def struck_by(self, *kinds: str) -> bool:
        return self.fault is not None and self.fault.kind in kinds


def answer(machine: Machine, request: Request) -> Response | None:
    """The answer, or None where the connection is to be dropped."""
    job = _Job(request, machine.faults.pick(request.method, request.path), machine.resets)
    found = routes.find(request.method, request.path)
    job.endpoint = _endpoint_name(request, found)
    if job.struck_by("dropped"):
        machine.stats.count(job.endpoint, None)
        return None
    try:
        status, body = _serve(machine, job, found)
    except StripeError as error:
        job.headers |= error.headers
        status, body = error.status, _encode(error.body)
    return _reply(machine, job, status, body)


def _serve(machine: Machine, job: _Job, found: tuple[Route, str] | None) -> tuple[int, bytes]:
    request = job.request
    publishable = keys.check(request.headers.get("authorization", ""))
    machine.limits.admit(job.endpoint)
    refusal = job.fault.refusal(job.key) if job.fault else None
    if refusal:
        raise refusal
    if found is None:
        raise _unknown_url(request)
    route, id_ = found
    raw = _decode(request)
    if publishable:
        keys.check_publishable(job.endpoint, raw)
    call = Call(request.method, request.path, id_, read(route.takes, raw), request.headers)
    if job.key:
        kept = _begin(machine, job, json.dumps(raw, sort_keys=True, default=repr))
        if kept is not None:
            job.replayed = True
            job.headers["Idempotent-Replayed"] = "true"
            return kept
    _wait(machine, job)
    return _work(machine, job, route, call)


def _begin(machine: Machine, job: _Job, params: str) -> tuple[int, bytes] | None:
    with machine.state.lock:
        return machine.keys.begin(
            job.account,
            job.key,
            method=job.request.method,
            path=job.request.path,
            params=params,
            now=machine.state.clock.time(),
        )


def _wait(machine: Machine, job: _Job) -> None:
    seconds = machine.faults.latency(job.request.method, job.request.path)
    if job.fault and job.struck_by("hang"):
        seconds += job.fault.seconds
    if seconds:
        time.sleep(seconds)


def _work(machine: Machine, job: _Job, route: Route, call: Call) -> tuple[int, bytes]:
    state = machine.state
    with state.lock:
        if job.resets != machine.resets:
            raise StripeError("The sandbox was reset.", status=503, type_="api_error", saved=False)
        state.origin = Origin(job.request_id, job.key or None)
        try:
            status, body = 200, _perform(state, job, route, call)
        except StripeError as error:
            if not error.saved:
                machine.keys.release(job.account, job.key)
                raise
            job.headers |= error.headers
            status, body = error.status, _encode(error.body)
        finally:
            state.origin = Origin()
        if job.key:
            machine.keys.keep(job.account, job.key, (status, body))
    return status, body


def _perform(state: State, job: _Job, route: Route, call: Call) -> bytes:
    if job.struck_by("error_before"):
        raise _server_error(job)
    try:
        obj = route.handler(state, call)
    except StripeError:
        raise
    except Exception:
        traceback.print_exc(file=sys.stderr)
        raise server_error() from None
    if job.struck_by("error_after"):
        raise _server_error(job)
    shown = expanded(state, obj, call.params.get("expand", []))
    state.watch.answer(shown)
    return _encode(shown)


def _server_error(job: _Job) -> StripeError:
    error = server_error()
    # A key that keeps the error makes trying again useless, and Stripe says so.
    error.headers["Stripe-Should-Retry"] = "false"
    error.headers |= job.fault.headers() if job.fault else {}
    return error


def _reply(machine: Machine, job: _Job, status: int, body: bytes) -> Response | None:
    if job.fault and job.fault.kind == "late_answer":
        time.sleep(job.fault.seconds)
    if job.fault and job.fault.kind == "answer_after_webhooks":
        machine.delivery.wait_idle(job.fault.seconds or 10)
    lost = job.struck_by("answer_lost")
    machine.stats.count(job.endpoint, None if lost else status, replayed=job.replayed)
    if lost:
        return None
    if job.struck_by("broken_body"):
        body = body[: len(body) // 2]
    return Response(status, body, headers=_headers(machine, job))


def _headers(machine: Machine, job: _Job) -> dict[str, str]:
    moment = time.gmtime(machine.state.clock.time())
    headers = {
        "Date": time.strftime("%a, %d %b %Y %H:%M:%S GMT", moment),
        "Request-Id": job.request_id,
        "Stripe-Version": job.request.headers.get("stripe-version", API_VERSION),
        **job.headers,
    }
    if job.key:
        headers["Idempotency-Key"] = job.key
    return headers


def _endpoint_name(request: Request, found: tuple[Route, str] | None) -> str:
    path = request.path.replace(found[1], "{id}") if found and found[1] else request.path
    return f"{request.method} {path}"


def _decode(request: Request) -> Obj:
    content_type = request.headers.get("content-type", "")
    if content_type.startswith("multipart/form-data"):
        return forms.decode_multipart(request.body, content_type)
    text = request.query if request.method == "GET" else request.body.decode("utf-8", "replace")
    return forms.decode(text)


def _unknown_url(request: Request) -> StripeError:
    message = f"Unrecognized request URL ({request.method}: {request.path})."
    return StripeError(message, status=404, saved=False)


def _encode(obj: Obj) -> bytes:
    return json.dumps(obj, separators=(",", ":")).encode()
