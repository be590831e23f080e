"""Gunicorn's threads, spared all waiting: a request gets a thread when all of it has arrived.

Slow and silent clients cost no thread, one client never has all of them or all connections, and an
operator's probes have a thread of their own. TLS, and floods from many addresses, are the proxy's.
"""

import errno
import os
import selectors
import time
from collections import Counter, deque
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from typing import Any

from gunicorn.workers.gthread import ThreadWorker

from config.serving.arrivals import Arrival, Refusal
from config.serving.connections import Connection

AT_ONCE = 64 * 1024
# All requests that are still arriving at a process: the memory that clients can have us use.
LARGEST_BACKLOG = 64 * 1024 * 1024
# Connections above those of one address, until we know whether an operator's probe is among them.
AT_THE_DOOR = 20
# Younger ones don't make room for a request that is complete: they had no time to say what they want.
JUST_CAME_SECONDS = 2.0
GO_ON = b"HTTP/1.1 100 Continue\r\n\r\n"


def connections_of_one() -> int:
    """How many connections one address may have in a process; 0 (no bound) behind a proxy, which is all."""
    given = os.environ.get("CLIENT_CONNECTIONS", "")
    is_behind_proxy = os.environ.get("TRUSTED_PROXIES", "0") not in ("", "0")
    return int(given) if given.isdigit() else 0 if is_behind_proxy else 100


class PatientWorker(ThreadWorker):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.arriving: dict[Connection, Arrival] = {}
        self.waiting: deque[Connection] = deque()
        self.connected: Counter[str] = Counter()
        self.running: Counter[str] = Counter()
        self.most_connections = connections_of_one()
        self.most_threads = max(self.cfg.threads - 1, 1) if self.most_connections else self.cfg.threads

    def init_process(self) -> None:
        self.probes = ThreadPoolExecutor(1, thread_name_prefix="probe")
        super().init_process()

    def accept(self, listener: Any) -> None:
        try:
            sock, client = listener.accept()
        except OSError as error:
            if error.errno in (errno.EAGAIN, errno.ECONNABORTED, errno.EWOULDBLOCK):
                return
            raise
        conn = Connection(self.cfg, sock, client, listener.getsockname())
        if not self.has_room(conn.host):
            conn.close()
            return
        self.nr_conns += 1
        self.connected[conn.host] += 1
        conn.on_close = partial(_count_down, self.connected, conn.host)
        self.gather(conn)

    def has_room(self, host: str) -> bool:
        """Whether one more may connect; whoever has waited longest without ending a request makes room."""
        if self.most_connections and self.connected[host] >= self.most_connections + AT_THE_DOOR:
            return self.hang_up_on_oldest([conn for conn in self.arriving if conn.host == host])
        if self.nr_conns >= self.worker_connections - 1:
            return self.hang_up_on_oldest(list(self.arriving))
        return True

    def may_stay(self, conn: Connection) -> bool:
        """Whether a complete request, which no longer arrives, is one of those its address may have."""
        if not self.most_connections or self.connected[conn.host] <= self.most_connections:
            return True
        before = time.monotonic() - JUST_CAME_SECONDS
        oldest = next((other for other in self.arriving if other.host == conn.host), None)
        return (
            oldest is not None and self.arriving[oldest].began < before and self.hang_up_on_oldest([oldest])
        )

    def hang_up_on_oldest(self, idle: list[Connection]) -> bool:
        if idle:
            self.drop(idle[0])
        return bool(idle)

    def gather(self, conn: Connection, already: bytes = b"") -> None:
        """Wait for a request without a thread."""
        conn.sock.setblocking(False)
        self.arriving[conn] = Arrival(time.monotonic())
        self.poller.register(conn.sock, selectors.EVENT_READ, partial(self.on_bytes, conn))
        if already:
            self.take(conn, already)

    def on_bytes(self, conn: Connection, _sock: Any) -> None:
        if conn not in self.arriving:
            return  # somebody who came at the same moment took its place
        try:
            received = conn.sock.recv(AT_ONCE)
        except BlockingIOError:
            return
        except OSError:
            received = b""
        if received:
            self.take(conn, received)
        else:
            self.drop(conn)

    def take(self, conn: Connection, received: bytes) -> None:
        """Add bytes to a request; once it is complete it gets a thread."""
        arrival = self.arriving[conn]
        was_head = arrival.needs is None
        try:
            is_complete = arrival.add(received, now=time.monotonic())
        except Refusal as refusal:
            self.drop(conn, refusal.answer)
            return
        if is_complete:
            self.begin_request(conn, arrival)
        elif was_head and arrival.waits_for_word:
            with suppress(OSError):
                conn.sock.send(GO_ON)
        elif sum(len(other.data) for other in self.arriving.values()) > LARGEST_BACKLOG:
            self.drop(conn)

    def begin_request(self, conn: Connection, arrival: Arrival) -> None:
        self.forget(conn)
        if arrival.is_probe or self.may_stay(conn):
            conn.received = bytes(arrival.data)
            self.enqueue_req(conn, is_probe=arrival.is_probe)
        else:
            self.hang_up(conn)

    def forget(self, conn: Connection) -> None:
        del self.arriving[conn]
        with suppress(OSError, KeyError, ValueError):
            self.poller.unregister(conn.sock)

    def drop(self, conn: Connection, answer: bytes = b"") -> None:
        """Hang up on somebody who didn't end their request."""
        self.forget(conn)
        if answer:
            with suppress(OSError):
                conn.sock.send(answer)
        self.hang_up(conn)

    def hang_up(self, conn: Connection) -> None:
        self.nr_conns -= 1
        conn.close()

    def on_client_socket_readable(self, conn: Connection, client: Any) -> None:
        """Somebody who is connected still sends the next request."""
        self.poller.unregister(client)
        self.keepalived_conns.remove(conn)
        self.gather(conn)

    def enqueue_req(self, conn: Connection, *, is_probe: bool = False) -> None:
        if is_probe:
            self.begin(conn, self.probes)
        elif self.running[conn.host] < self.most_threads:
            self.running[conn.host] += 1
            self.begin(conn, self.tpool, conn.host)
        else:
            self.waiting.append(conn)

    def begin(self, conn: Connection, pool: Any, host: str | None = None) -> None:
        done = pool.submit(self.handle, conn)
        done.add_done_callback(lambda future: self.method_queue.defer(self.ended, conn, future, host))

    def ended(self, conn: Connection, future: "Future[Any]", host: str | None) -> None:
        """A thread is free: next comes whoever waits and hasn't all others."""
        if host is not None:
            _count_down(self.running, host)
            for other in self.waiting:
                if self.running[other.host] < self.most_threads:
                    self.waiting.remove(other)
                    self.enqueue_req(other)
                    break
        goes_on = not future.cancelled() and future.exception() is None and future.result() is True
        leftover = conn.leftover() if goes_on else b""
        if leftover:
            self.gather(conn, leftover)
        else:
            self.finish_request(conn, future)

    def murder_pending(self) -> None:
        """Hang up on those who take too long, and when stopping on those who have said nothing."""
        now = time.monotonic()
        for conn, arrival in list(self.arriving.items()):
            if arrival.until <= now or not (self.alive or arrival.data):
                self.drop(conn)


def _count_down(counter: "Counter[str]", key: str) -> None:
    counter[key] -= 1
    if counter[key] <= 0:
        del counter[key]
