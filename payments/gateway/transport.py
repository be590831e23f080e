"""The SDK's HTTP client, held to our deadline from the first byte of an answer to the last."""

import io
from collections.abc import Mapping
from http.client import HTTPResponse
from socket import socket
from typing import Any

import requests
import stripe
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

from payments.gateway import deadline

CONNECT_SECONDS, READ_SECONDS = 3.05, 20.0
# A full page of Stripe's largest objects is far below.
LARGEST_ANSWER = 32 * 1024 * 1024


class BoundedReader(io.RawIOBase):
    """What a socket brings, as long as there is time and it isn't too much."""

    def __init__(self, raw: io.RawIOBase, sock: socket) -> None:
        self._raw, self._sock, self._read = raw, sock, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        self._sock.settimeout(min(deadline.left(), READ_SECONDS))
        count: int | None = self._raw.readinto(buffer)
        self._read += count or 0
        if self._read > LARGEST_ANSWER:
            raise OSError("Stripe's answer is too large")
        return count

    def close(self) -> None:
        self._raw.close()
        super().close()


class BoundedResponse(HTTPResponse):
    def __init__(self, sock: socket, *args: Any, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        file: Any = self.fp
        self.fp = io.BufferedReader(BoundedReader(file.detach(), sock))


class PlainConnection(HTTPConnection):
    response_class = BoundedResponse


class SecureConnection(HTTPSConnection):
    response_class = BoundedResponse


class PlainPool(HTTPConnectionPool):
    ConnectionCls = PlainConnection


class SecurePool(HTTPSConnectionPool):
    ConnectionCls = SecureConnection


class BoundedAdapter(HTTPAdapter):
    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": PlainPool, "https": SecurePool}


class BoundedClient(stripe.RequestsClient):
    """One session for each thread; no redirects, as Stripe has none."""

    def request_with_retries(self, *args: Any, **kwargs: Any) -> tuple[str, int, Mapping[str, str]]:
        with deadline.call():
            return super().request_with_retries(*args, **kwargs)

    def request(self, *args: Any, **kwargs: Any) -> Any:
        if getattr(self._thread_local, "session", None) is None:
            self._thread_local.session = _session()
        left = deadline.left()
        self._thread_local.timeout = (min(CONNECT_SECONDS, left), min(READ_SECONDS, left))
        return super().request(*args, **kwargs)

    @property
    def _timeout(self) -> tuple[float, float]:
        timeout: tuple[float, float] = self._thread_local.timeout
        return timeout

    @_timeout.setter
    def _timeout(self, _: Any) -> None:
        """The SDK sets its own: ours is for each call."""

    def _should_retry(self, *args: Any, **kwargs: Any) -> bool:
        return deadline.is_worth_trying() and bool(super()._should_retry(*args, **kwargs))


def _session() -> requests.Session:
    session = requests.Session()
    session.max_redirects = 0
    for scheme in ("http://", "https://"):
        session.mount(scheme, BoundedAdapter())
    return session
