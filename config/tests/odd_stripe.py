"""A server in Stripe's place that answers as no Stripe does: bytes that drip, silence, what isn't JSON."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field


@dataclass
class OddStripe:
    """`answer` is sent for whatever is asked: all at once, or a byte each `pause` seconds."""

    base_url: str
    answer: bytes = b""
    pause: float = 0.0
    is_silent: bool = False
    asked: int = 0
    over: threading.Event = field(default_factory=threading.Event)

    def says(self, status: int, body: str, *headers: str) -> None:
        head = [f"HTTP/1.1 {status} Odd", f"Content-Length: {len(body.encode())}", *headers]
        self.answer = "\r\n".join([*head, "", body]).encode()

    def serve(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            connection.recv(65536)
            self.asked += 1
            if self.is_silent:
                self.over.wait()
            elif not self.pause:
                connection.sendall(self.answer)
            else:
                self.drip(connection)

    def drip(self, connection: socket.socket) -> None:
        for byte in self.answer:
            connection.sendall(bytes([byte]))
            if self.over.wait(self.pause):
                return


@contextmanager
def odd_stripe() -> Iterator[OddStripe]:
    """The server, until the end of the block."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        stripe = OddStripe(f"http://127.0.0.1:{server.getsockname()[1]}")

        def accept() -> None:
            with suppress(OSError):
                while True:
                    connection, _ = server.accept()
                    threading.Thread(target=stripe.serve, args=(connection,), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        try:
            yield stripe
        finally:
            stripe.over.set()
            with suppress(OSError):
                server.shutdown(socket.SHUT_RDWR)
            time.sleep(0)
