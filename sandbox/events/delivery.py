"""Webhook delivery: in order and once, or as unruly as Stripe's, by switches."""

import fnmatch
import heapq
import itertools
import json
import random
import threading
import time
from collections import deque
from dataclasses import asdict, dataclass, field, replace
from http.client import HTTPException

from sandbox.events.posting import Poster, within_reach
from sandbox.events.webhook_endpoints import active_secrets, wants
from sandbox.signing import signature
from sandbox.store.shelf import Obj
from sandbox.store.state import State, new_id

_LONGEST_WAIT = 60.0


@dataclass
class Switches:
    """Probabilities are 0 to 1, `dropped` holds type patterns, seconds are real ones."""

    paused: bool = False
    dropped: list[str] = field(default_factory=list)
    duplicates: float = 0.0
    twins: float = 0.0
    delay: float = 0.0
    disorder: float = 0.0
    attempts: int = 6
    backoff: float = 0.2
    timeout: float = 20.0


@dataclass(frozen=True)
class Parcel:
    """One event for one endpoint; a copy doesn't count as the delivery."""

    event_id: str
    endpoint_id: str
    attempt: int = 1
    copy: bool = False


class Delivery:
    """Whoever calls in holds no lock, or the state's; never the other way round."""

    def __init__(self, state: State, *, seed: int, workers: int) -> None:
        self._state = state
        self._seed = seed
        self._poster = Poster()
        self._changed = threading.Condition()
        self._closing = False
        self._busy = 0
        self._numbers = itertools.count()
        self.reset()
        for _ in range(workers):
            threading.Thread(target=self._run, daemon=True).start()

    def reset(self) -> None:
        """Forget what waits and put every switch back."""
        with self._changed:
            self.switches = Switches()
            self._random = random.Random(self._seed)  # noqa: S311 to be repeated, not to be secret
            self._waiting: list[tuple[float, int, Parcel]] = []
            self._held: list[Parcel] = []
            self.log: deque[Obj] = deque(maxlen=10_000)

    def close(self) -> None:
        """Let the workers end."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()

    def switch(self, change: Obj, order: str = "in_order") -> None:
        """Set switches; leaving the pause releases what was held, in that order.

        `ValueError` for an unknown switch or order.
        """
        try:
            switches = replace(self.switches, **change)
        except TypeError as error:
            raise ValueError(str(error)) from None
        with self._changed:
            self.switches = switches
            if not switches.paused:
                self._release(order)

    def _release(self, order: str) -> None:
        held, self._held = self._held, []
        if order == "reversed":
            held.reverse()
        elif order == "shuffled":
            self._random.shuffle(held)
        elif order != "in_order":
            raise ValueError("order must be in_order, reversed or shuffled")
        for parcel in held:
            self._put(parcel, 0.0)

    def enqueue(self, event: Obj) -> None:
        """Take a new event; the caller holds the state's lock."""
        self._send_wanted(event)
        if self.switches.twins and self._random.random() < self.switches.twins:
            self._send_wanted(self._state.events.add({**event, "id": new_id("evt")}))

    def _send_wanted(self, event: Obj) -> None:
        switches = self.switches
        dropped = any(fnmatch.fnmatchcase(event["type"], wild) for wild in switches.dropped)
        for endpoint in self._state.webhook_endpoints.rows:
            if not wants(endpoint, event["type"]):
                continue
            event["pending_webhooks"] += 1
            if not dropped and within_reach(endpoint["url"]):
                self._send(Parcel(event["id"], endpoint["id"]))

    def _send(self, parcel: Parcel) -> None:
        with self._changed:
            chance = self._random.random() if self.switches.duplicates else 1.0
            copies = [replace(parcel, copy=True)] if chance < self.switches.duplicates else []
            for each in [parcel, *copies]:
                if self.switches.paused:
                    self._held.append(each)
                else:
                    disorder = self.switches.disorder * self._random.random()
                    self._put(each, self.switches.delay + disorder)

    def send_again(self, event: Obj) -> None:
        """Send at once to every endpoint that wants it, whatever the switches say."""
        with self._changed:
            for endpoint in self._state.webhook_endpoints.rows:
                if wants(endpoint, event["type"]):
                    self._put(Parcel(event["id"], endpoint["id"]), 0.0)

    def _put(self, parcel: Parcel, delay: float) -> None:
        heapq.heappush(self._waiting, (time.monotonic() + delay, next(self._numbers), parcel))
        self._changed.notify_all()

    def wait_idle(self, seconds: float) -> bool:
        """Wait until nothing is left to send but what a pause holds."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._waiting and not self._busy, seconds)

    def report(self) -> Obj:
        """The switches and what waits."""
        with self._changed:
            waiting, held = len(self._waiting) + self._busy, len(self._held)
        return {**asdict(self.switches), "waiting": waiting, "held": held}

    def _run(self) -> None:
        while parcel := self._next():
            try:
                self._deliver(parcel)
            finally:
                with self._changed:
                    self._busy -= 1
                    self._changed.notify_all()

    def _next(self) -> Parcel | None:
        with self._changed:
            while not self._closing:
                wait = self._waiting[0][0] - time.monotonic() if self._waiting else None
                if wait is not None and wait <= 0:
                    self._busy += 1
                    return heapq.heappop(self._waiting)[2]
                self._changed.wait(wait)
        return None

    def _deliver(self, parcel: Parcel) -> None:
        with self._state.lock:
            letter = self._letter(parcel)
        if letter is None:
            return
        url, body, secrets = letter
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "Stripe-Signature": signature(body, secrets, int(time.time())),
            "User-Agent": "Stripe/1.0 (sandbox)",
        }
        try:
            status = self._poster.post(url, body, headers, self.switches.timeout)
            words = str(status)
        except (OSError, HTTPException) as error:
            status, words = 0, str(error) or type(error).__name__
        self._record(parcel, 200 <= status < 300, words)

    def _letter(self, parcel: Parcel) -> tuple[str, bytes, list[str]] | None:
        event = self._state.events.get(parcel.event_id)
        endpoint = self._state.webhook_endpoints.get(parcel.endpoint_id)
        if event is None or endpoint is None:
            return None
        # The payload is rendered at the endpoint's version.
        version = endpoint["api_version"] or event["api_version"]
        body = json.dumps({**event, "api_version": version}, separators=(",", ":")).encode()
        return endpoint["url"], body, active_secrets(self._state, endpoint["id"])

    def _record(self, parcel: Parcel, arrived: bool, words: str) -> None:
        with self._state.lock:
            event = self._state.events.get(parcel.event_id)
            if event and arrived and not parcel.copy:
                event["pending_webhooks"] = max(0, event["pending_webhooks"] - 1)
            type_ = event["type"] if event else None
            self.log.append({**asdict(parcel), "type": type_, "arrived": arrived, "answer": words})
        if not arrived and not parcel.copy and parcel.attempt < self.switches.attempts:
            wait = min(_LONGEST_WAIT, self.switches.backoff * 2 ** (parcel.attempt - 1))
            with self._changed:
                self._put(replace(parcel, attempt=parcel.attempt + 1), wait)
