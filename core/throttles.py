"""Who may ask how often. Reads of signed-in customers and the webhook are never counted.

Counted in the database, so that all processes agree, by one statement, so that none is lost.
"""

from datetime import UTC, datetime
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import TYPE_CHECKING

from django.db import connection
from django.http import HttpRequest
from django.utils import timezone
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle, SimpleRateThrottle

if TYPE_CHECKING:  # DRF imports this module while it is still importing its views
    from rest_framework.views import APIView

COUNT = """
    INSERT INTO core_requestcount (key, count, period_ends_at) VALUES (%s, 1, %s)
    ON CONFLICT (key) DO UPDATE SET
        count = CASE WHEN core_requestcount.period_ends_at = excluded.period_ends_at
                THEN core_requestcount.count + 1 ELSE 1 END,
        period_ends_at = excluded.period_ends_at
    RETURNING count
"""


def count(key: str, *, period_ends_at: datetime) -> int:
    """Count one more request and tell how many that makes in this period."""
    value = connection.ops.adapt_datetimefield_value(period_ends_at)
    with connection.cursor() as cursor:
        cursor.execute(COUNT, [key, value])
        return int(cursor.fetchone()[0])


class Throttle(SimpleRateThrottle):
    """DRF's throttle with its rates and keys, on our counter; periods follow the clock."""

    num_requests: int | None  # DRF sets both from the rate, such as "300/min"
    duration: int | None
    seconds_left: float

    def allow_request(self, request: Request, view: "APIView") -> bool:
        key = self.get_cache_key(request, view)
        return key is None or self.take(key)

    def get_rate(self) -> str | None:
        """A rate that is not set is no limit."""
        return self.THROTTLE_RATES.get(self.scope or "")

    def take(self, key: str) -> bool:
        """Count one more under this key; False if that is too many (`wait` then says for how long)."""
        if not self.num_requests or not self.duration:
            return True
        now = timezone.now().timestamp()
        ends_at = (now // self.duration + 1) * self.duration
        self.seconds_left = ends_at - now
        return count(key, period_ends_at=datetime.fromtimestamp(ends_at, UTC)) <= self.num_requests

    def wait(self) -> float:
        return self.seconds_left

    def keyed(self, who: object) -> str:
        return f"{self.scope}:{who}"


def address_of(request: HttpRequest | Request) -> str:
    """Where a request comes from, as far as TRUSTED_PROXIES lets us believe it.

    One customer has a whole /64 of IPv6 addresses, so these count as one.
    """
    address = exact_address_of(request)
    if address is None:
        return _ident(request)[:64]
    if isinstance(address, IPv6Address):
        return str(IPv6Address(int(address) >> 64 << 64))
    return str(address)


def exact_address_of(request: HttpRequest | Request) -> IPv4Address | IPv6Address | None:
    """The same without counting neighbours together; None for what is no address."""
    try:
        return ip_address(_ident(request))
    except ValueError:
        return None


def _ident(request: HttpRequest | Request) -> str:
    return str(BaseThrottle().get_ident(request))  # type: ignore[arg-type]  # it reads META only


class ByAddress(Throttle):
    def get_cache_key(self, request: HttpRequest | Request, view: "APIView | None" = None) -> str:
        return self.keyed(address_of(request))


class ChangesByCustomer(Throttle):
    """Changes by a signed-in customer, generously."""

    scope = "changes"

    def get_cache_key(self, request: Request, view: "APIView") -> str | None:
        reads = request.method in SAFE_METHODS or not request.user.is_authenticated
        return None if reads else self.keyed(request.user.pk)


class Anonymous(ByAddress):
    scope = "anonymous"


class ReadsByStrangers(Throttle):
    """What anybody may read, as often as they like once they are signed in."""

    scope = "anonymous"

    def get_cache_key(self, request: Request, view: "APIView") -> str | None:
        return None if request.user.is_authenticated else self.keyed(address_of(request))
