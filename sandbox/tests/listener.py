"""A webhook receiver that keeps what it gets."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import cast

import stripe


class Listener(ThreadingHTTPServer):
    """Answers with the statuses in `answers`, then always with 200."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.letters: list[tuple[str, str]] = []
        self.answers: list[int] = []
        self.url = f"http://127.0.0.1:{self.server_address[1]}/webhook/"

    def events(self, secret: str) -> list[stripe.Event]:
        """What came, each one verified by the SDK."""
        return [stripe.Webhook.construct_event(body, header, secret) for body, header in self.letters]

    def types(self) -> list[str]:
        """The event types in the order they came."""
        return [str(json.loads(body)["type"]) for body, _ in self.letters]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        listener = cast(Listener, self.server)
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        listener.letters.append((body, self.headers["Stripe-Signature"]))
        self.send_response(listener.answers.pop(0) if listener.answers else 200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 the base class's name
        """Keep the test output clean."""


@contextmanager
def listening() -> Iterator[Listener]:
    """A receiver on a free port."""
    with Listener() as listener:
        thread = threading.Thread(target=listener.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield listener
        finally:
            listener.shutdown()
            thread.join()
