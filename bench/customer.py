"""A customer with a phone: looks at free times, books, pays, looks again, sometimes moves or cancels."""

import http.client
import json
import random
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

from bench.load import WrongAnswer
from sandbox.client import Sandbox

DAYS_AHEAD = 60
MOVES, CANCELS = 0.15, 0.2
PATIENCE_SECONDS = 60.0
LOOK_EVERY = 0.5
TAKEN, BUSY = (409,), (503,)

Took = dict[str, list[float]]


class Customer:
    """`took` gathers how long each kind of request took, in seconds."""

    def __init__(self, port: int, token: str, services: list[int], sandbox: Sandbox, *, seed: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
        self.headers = {"Authorization": token, "Content-Type": "application/json"}
        self.services, self.sandbox = services, sandbox
        self.chance = random.Random(seed)  # noqa: S311 invented people
        self.took: Took = defaultdict(list)
        self.sold = 0

    def visit(self) -> None:
        """One appointment from the first look to the last. Raises WrongAnswer."""
        booking = self._book()
        if booking is None:
            return
        reference = booking["reference"]
        self._pay(reference)
        self.sold += 1
        self.ask("look at bookings", "GET", "booking/")
        if self.chance.random() < MOVES:
            self._move(booking)
        if self.chance.random() < CANCELS:
            self.ask("ask what cancelling gives", "GET", f"booking/{reference}/cancel/")
            self.ask("cancel", "POST", f"booking/{reference}/cancel/", {})
            self.ask("refund status", "GET", f"payment/refund-status/?booking_reference={reference}")

    def ask(
        self, kind: str, verb: str, path: str, body: Any = None, *, also: tuple[int, ...] = ()
    ) -> dict[str, Any] | None:
        """One request; None for an answer of `also`."""
        with self._timed(kind):
            content = None if body is None else json.dumps(body)
            self.connection.request(verb, f"/api/v1/{path}", content, self.headers)
            response = self.connection.getresponse()
            text = response.read()
        if response.status in also:
            return None
        if response.status not in (200, 201):
            raise WrongAnswer(f"{kind}: {response.status} {text[:300]!r}")
        answer: dict[str, Any] = json.loads(text)
        return answer

    @contextmanager
    def _timed(self, kind: str) -> Iterator[None]:
        started = time.perf_counter()
        yield
        self.took[kind].append(time.perf_counter() - started)

    def _book(self) -> dict[str, Any] | None:
        service = self.chance.choice(self.services)
        for _ in range(2):  # most look around before they choose
            start = self._free(service)
        wish = {"service": service, "starts_at": start}
        return self.ask("book", "POST", "booking/", wish, also=TAKEN)

    def _free(self, service: int) -> str:
        """A free time of some week to come."""
        first = date.today() + timedelta(days=self.chance.randrange(3, DAYS_AHEAD))  # noqa: DTZ011 any day does
        answer = self.ask("free times", "GET", f"service/{service}/slots/?from={first}")
        slots = [slot["starts_at"] for day in (answer or {})["days"] for slot in day["slots"]]
        return str(self.chance.choice(slots))

    def _pay(self, reference: str) -> None:
        wish = {"booking_reference": reference}
        while (sheet := self.ask("payment sheet", "POST", "payment/", wish, also=BUSY)) is None:
            time.sleep(LOOK_EVERY)  # as the app does: only some may wait for Stripe at a time
        self.sandbox.pay(sheet["paymentIntent"].split("_secret_")[0])
        with self._timed("paid until confirmed"):
            until = time.monotonic() + PATIENCE_SECONDS
            while (self.ask("booking", "GET", f"booking/{reference}/") or {})["status"] != "confirmed":
                if time.monotonic() > until:
                    raise WrongAnswer(f"{reference} was paid and not confirmed")
                time.sleep(LOOK_EVERY)

    def _move(self, booking: dict[str, Any]) -> None:
        reference, start = booking["reference"], self._free(booking["service"]["id"])
        self.ask("ask what moving means", "GET", f"booking/{reference}/move/?starts_at={start}")
        self.ask("move", "POST", f"booking/{reference}/move/", {"starts_at": start}, also=TAKEN)
