"""A client's connection: bounded in time while it is written to, closed without anybody waiting for it."""

import errno
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from gunicorn.workers.gthread import TConn

READ_SECONDS = 10.0
# So long an answer may take; a larger one longer, for each so many bytes a second.
ANSWER_SECONDS, SLOWEST_BYTES = 20.0, 16 * 1024


class TimedSocket(socket.socket):
    """Blocks for a while at most; a client that takes too long has gone away."""

    began: float | None = None
    written: int = 0

    def setblocking(self, flag: bool, /) -> None:
        self.settimeout(READ_SECONDS if flag else 0.0)

    def begin_answer(self) -> None:
        self.began, self.written = None, 0

    def recv(self, *args: Any) -> bytes:
        try:
            return super().recv(*args)
        except TimeoutError as error:
            raise gone() from error

    def sendall(self, data: Any, flags: int = 0, /) -> None:
        now = time.monotonic()
        self.began = self.began or now
        left = ANSWER_SECONDS + self.written / SLOWEST_BYTES - (now - self.began)
        if left <= 0:
            raise gone()
        self.settimeout(left)
        try:
            super().sendall(data, flags)
        except TimeoutError as error:
            raise gone() from error
        self.written += len(data)


def gone() -> OSError:
    """What gunicorn takes for a client that hung up."""
    return ConnectionResetError(errno.ECONNRESET, "the client is too slow")


class Connection(TConn):  # type: ignore[misc]
    """`host` is the client's address, "" on a Unix socket; `on_close` is told once."""

    def __init__(self, cfg: Any, sock: socket.socket, client: Any, server: Any) -> None:
        timed = TimedSocket(sock.family, sock.type, sock.proto, fileno=sock.detach())
        super().__init__(cfg, timed, client, server)
        self.host = str(client[0]) if isinstance(client, tuple) and client else ""
        self.received = b""
        self.data_ready = True
        self.on_close: Callable[[], None] | None = None

    def init(self) -> None:
        """Give the parser what arrived already, the first time and again: it never has to wait for more."""
        super().init()
        self.sock.begin_answer()
        self.parser.unreader.unread(self.received)
        self.received = b""

    def leftover(self) -> bytes:
        """What the client sent behind its last request."""
        return bytes(self.parser.unreader.take_buffered()) if self.parser else b""

    def close(self, graceful: bool = False) -> None:
        """Close at once; gunicorn's own way would have everybody wait for this client for two seconds."""
        if self.on_close is not None:
            self.on_close()
            self.on_close = None
        with suppress(OSError):
            self.sock.shutdown(socket.SHUT_WR)
        with suppress(OSError):
            self.sock.close()
