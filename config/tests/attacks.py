"""What a stranger can do to a site from outside: connections that wait, drip and never end, odd requests."""

import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field

Address = tuple[str, int]

ODD_HEADERS = {
    "SCRIPT_NAME": "/elsewhere",
    "Script-Name": "/elsewhere",
    "Transfer-Encoding": "gzip",
    "Content-Length": "-1",
    "Content-Type": "text/plain; charset=\xff",
    "Expect": "miracles",
    "X-Forwarded-For": "not an address, " * 60,
    "X-Forwarded-Host": "elsewhere.example",
    "X-Forwarded-Proto": "gopher",
    "X-Request-ID": "a" * 500,
    "Accept": "text/" + "x" * 3000 + ", */*;q=" + "9" * 500,
    "Accept-Language": "a-" * 2000,
    "Accept-Encoding": "gzip;q=nan, " * 200,
    "Authorization": "Token " + "\xe9" * 500,
    "Cookie": "sessionid=" + "%00" * 100 + "; csrftoken=" + "\xff" * 50 + "; messages=[[1]]",
    "Host": "elsewhere.example",
    "If-Modified-Since": "Mon, 99 Foo 99999 99:99:99 GMT",
    "If-None-Match": 'W/"' * 500,
    "Range": "bytes=" + "9" * 5000 + "-",
    "Referer": "javascript:" + "x" * 2000,
    "Origin": "null",
    "Stripe-Signature": "t=" + "9" * 5000 + ",v1=" + "f" * 500,
    "User-Agent": "a@" * 2000,
    "X-CSRFToken": "\x7f" * 200,
}
ADDRESSES = (
    "/healthz",
    "/admin/login/",
    "/api/v1/service/",
    "/api/v1/booking/",
    "/static/admin/css/base.css",
)
BODIES: dict[str, tuple[str, bytes]] = {
    "deep JSON": ("application/json", b"[" * 50_000),
    "a number of many digits": ("application/json", b'{"service": ' + b"9" * 50_000 + b"}"),
    "an exponent": ("application/json", b'{"service": 1e999990, "starts_at": 1e999990}'),
    "many fields": ("application/x-www-form-urlencoded", b"&".join(b"f%d=1" % n for n in range(30_000))),
    "many parts": ("multipart/form-data; boundary=x", b"--x\r\n\r\n\r\n" * 20_000),
    "a file": ("multipart/form-data; boundary=x", b"--x\r\n" + b"x" * 5_000_000),
    "no UTF-8": ("application/json", b"\xff\xfe\x00"),
}


@dataclass
class Site:
    """A site under attack; `statuses` are the answers to the attacker.

    `calm_seconds` is the longest that a probe took before: it tells how busy the machine is by itself.
    """

    address: Address
    token: str
    calm_seconds: float = 0.0
    statuses: list[int] = field(default_factory=list)

    def at_most(self, seconds: float) -> float:
        """So long an answer may take under attack, on a machine that is busy with other things."""
        return max(seconds, 10 * self.calm_seconds)

    def connect(self) -> socket.socket:
        return socket.create_connection(self.address, timeout=10)

    def ask(self, request: bytes, *, seconds: float = 20) -> tuple[int, bytes]:
        """Send these bytes; the status and all of the answer, 0 if it hung up without one."""
        try:
            with self.connect() as connection:
                connection.settimeout(seconds)
                with suppress(ConnectionError):  # refused before all was sent
                    connection.sendall(request)
                answer = b"".join(iter(lambda: connection.recv(65536), b""))
        except ConnectionError:
            return 0, b""
        return (int(answer[9:12]) if answer.startswith(b"HTTP/1.") else 0), answer

    def attack(self, request: bytes) -> None:
        self.statuses.append(self.ask(request)[0])


def request(method: str, path: str, headers: dict[str, str], body: bytes = b"") -> bytes:
    """A request's bytes; a header given here takes the usual one's place."""
    usual = {"Host": "127.0.0.1", "Connection": "close"} | (
        {"Content-Length": str(len(body))} if body else {}
    )
    lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in (usual | headers).items())]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


def silent(site: Site) -> bytes:
    return b""


def half_a_head(site: Site) -> bytes:
    return b"GET /api/v1/service/ HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: "


def half_a_body(site: Site) -> bytes:
    return request("POST", "/api/v1/auth/token/", {"Content-Length": "1000"}) + b'{"username": "'


def half_in_chunks(site: Site) -> bytes:
    return request("POST", "/api/v1/auth/token/", {"Transfer-Encoding": "chunked"}) + b"5\r\n{"


def second_one_slow(site: Site) -> bytes:
    whole = request("GET", "/api/v1/nowhere/", {"Connection": "keep-alive"})
    return whole + half_a_head(site)


def reads_nothing(site: Site) -> bytes:
    large = "/static/drf_spectacular_sidecar/swagger-ui-dist/swagger-ui-bundle.js"
    return request("GET", large, {})


SLOW: tuple[Callable[[Site], bytes], ...] = (
    silent,
    half_a_head,
    half_a_body,
    half_in_chunks,
    second_one_slow,
    reads_nothing,
)


@contextmanager
def slow_clients(site: Site, how: Callable[[Site], bytes], count: int) -> Iterator[None]:
    """So many connections that begin something, add a byte now and then, and never read."""
    over = threading.Event()

    def drip(connections: list[socket.socket]) -> None:
        while not over.wait(0.5):
            for connection in connections:
                with suppress(OSError):
                    connection.send(b"x" if how in (half_a_head, half_a_body, half_in_chunks) else b"")

    with ExitStack() as stack:
        opened = []
        for _ in range(count):
            with suppress(OSError):
                connection = stack.enter_context(site.connect())
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
                connection.sendall(how(site))
                opened.append(connection)
        dripping = threading.Thread(target=drip, args=(opened,))
        dripping.start()
        try:
            yield
        finally:
            over.set()
            dripping.join()


@contextmanager
def keeps_on(attacks: Sequence[Callable[[], object]], *, at_once: int) -> Iterator[None]:
    """These attacks, again and again from so many threads, until the end of the block."""
    over = threading.Event()

    def attack(number: int) -> None:
        while not over.is_set():
            for each in (*attacks[number:], *attacks[:number]):
                if over.is_set():
                    return
                with suppress(OSError):
                    each()

    with ThreadPoolExecutor(at_once) as pool:
        threads = [pool.submit(attack, number * len(attacks) // at_once) for number in range(at_once)]
        try:
            yield
        finally:
            over.set()
            for thread in threads:
                thread.result()


def timed(ask: Callable[[], int], *, seconds: float, pause: float = 0.1) -> list[tuple[int, float]]:
    """Ask again and again for so long: each answer and how long it took."""
    until = time.monotonic() + seconds
    took = []
    while time.monotonic() < until:
        began = time.monotonic()
        status = ask()
        took.append((status, time.monotonic() - began))
        time.sleep(pause)
    return took
