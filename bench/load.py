"""Send prepared requests over a few connections kept alive, as cheaply as Python can.

The server has both cores nearly to itself: what is sent was built before, and answers are only looked at.
"""

import re
import selectors
import socket
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

CONNECTIONS = 8
PATIENCE_SECONDS = 60.0
LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


class WrongAnswer(Exception):
    """A request was not answered as it has to be: then its time means nothing."""


@dataclass
class Round:
    """How long some requests took: all together, and each (seconds)."""

    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        return len(self.latencies) / self.seconds

    def percentile(self, percent: int) -> float:
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) * percent // 100, len(ordered) - 1)]

    def add(self, other: "Round") -> None:
        self.seconds += other.seconds
        self.latencies += other.latencies


class Site:
    """A running server, and connections to it."""

    def __init__(self, port: int, pid: int) -> None:
        self.port, self.pid = port, pid
        self._connections = [_Connection(port) for _ in range(CONNECTIONS)]

    def request(self, verb: str, path: str, body: bytes = b"", **headers: str) -> bytes:
        """Build a request; header names with underscores for hyphens."""
        lines = [f"{verb} {path} HTTP/1.1", f"Host: 127.0.0.1:{self.port}", f"Content-Length: {len(body)}"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        return "\r\n".join([*lines, "", ""]).encode() + body

    def send(self, requests: Sequence[bytes]) -> Round:
        """Send all, on each connection the next when the last is answered.

        Raises WrongAnswer unless each is answered 200.
        """
        waiting, measured = iter(requests), Round()
        started = time.perf_counter()
        with selectors.DefaultSelector() as selector:
            for connection, request in zip(self._connections, waiting, strict=False):
                selector.register(connection.socket, selectors.EVENT_READ, connection)
                connection.send(request)
            while len(measured.latencies) < len(requests):
                self._take_answers(selector, waiting, measured)
        measured.seconds = time.perf_counter() - started
        return measured

    def _take_answers(
        self, selector: selectors.BaseSelector, waiting: Iterator[bytes], measured: Round
    ) -> None:
        ready = selector.select(PATIENCE_SECONDS)
        if not ready:
            raise WrongAnswer(f"nothing came within {PATIENCE_SECONDS} seconds")
        for key, _ in ready:
            connection: _Connection = key.data
            if not connection.is_answered():
                continue
            measured.latencies.append(time.perf_counter() - connection.sent_at)
            request = next(waiting, None)
            if request is not None:
                connection.send(request)


class _Connection:
    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.sent_at = 0.0
        self._received = b""

    def send(self, request: bytes) -> None:
        self._received = b""
        self.sent_at = time.perf_counter()
        self.socket.sendall(request)

    def is_answered(self) -> bool:
        """Read what has come; True once the answer is whole."""
        data = self.socket.recv(65536)
        self._received += data
        head, found, body = self._received.partition(b"\r\n\r\n")
        length = LENGTH.search(head)
        if not data or (found and not (head.startswith(b"HTTP/1.1 200") and length)):
            raise WrongAnswer(self._received[:500].decode(errors="replace") or "the connection was closed")
        return bool(found and length and len(body) >= int(length[1]))
