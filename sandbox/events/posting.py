"""One signed POST over a kept connection, to this machine only."""

import http.client
import threading
from urllib.parse import urlsplit

_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_GONE = (http.client.RemoteDisconnected, ConnectionError)


def within_reach(url: str) -> bool:
    """Plain http on this machine; the sandbox sends nothing farther."""
    parts = urlsplit(url)
    return parts.scheme == "http" and parts.hostname in _LOOPBACK


class Poster:
    """A connection for each thread and address."""

    def __init__(self) -> None:
        self._local = threading.local()

    def post(self, url: str, body: bytes, headers: dict[str, str], timeout: float) -> int:
        """The answer's status; `OSError` or `HTTPException` where none came."""
        parts = urlsplit(url)
        path = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
        connection, kept = self._connection(parts.netloc, timeout)
        try:
            return _exchange(connection, path, body, headers)
        except _GONE:
            connection.close()
            # A kept connection may have been closed at the other end meanwhile.
            if not kept:
                raise
            return _exchange(connection, path, body, headers)
        except BaseException:
            connection.close()
            raise

    def _connection(self, address: str, timeout: float) -> tuple[http.client.HTTPConnection, bool]:
        known: dict[str, http.client.HTTPConnection] = self._local.__dict__
        if address not in known:
            known[address] = http.client.HTTPConnection(address, timeout=timeout)
        connection = known[address]
        connection.timeout = timeout
        return connection, connection.sock is not None


def _exchange(connection: http.client.HTTPConnection, path: str, body: bytes, headers: dict[str, str]) -> int:
    connection.request("POST", path, body, headers)
    response = connection.getresponse()
    response.read()
    return response.status
