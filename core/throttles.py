"""Who may ask how often. Reads of signed-in customers and the webhook are never counted.

Counted in the database, so that all processes agree, by one statement, so that none is lost.
"""

from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING

from django.db import connection
from django.utils import timezone
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle

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
        if key is None or not self.num_requests or not self.duration:
            return True
        now = timezone.now().timestamp()
        ends_at = (now // self.duration + 1) * self.duration
        self.seconds_left = ends_at - now
        return count(key, period_ends_at=datetime.fromtimestamp(ends_at, UTC)) <= self.num_requests

    def wait(self) -> float:
        return self.seconds_left

    def keyed(self, who: object) -> str:
        return f"{self.scope}:{who}"


class ByAddress(Throttle):
    def get_cache_key(self, request: Request, view: "APIView") -> str:
        return self.keyed(self.get_ident(request))


class ChangesByCustomer(Throttle):
    """Changes by a signed-in customer, generously."""

    scope = "changes"

    def get_cache_key(self, request: Request, view: "APIView") -> str | None:
        reads = request.method in SAFE_METHODS or not request.user.is_authenticated
        return None if reads else self.keyed(request.user.pk)


class Anonymous(ByAddress):
    scope = "anonymous"


class SignInByAddress(ByAddress):
    scope = "sign_in_address"


class SignInByUser(Throttle):
    """Guesses at one account, from wherever they come."""

    scope = "sign_in_user"

    def get_cache_key(self, request: Request, view: "APIView") -> str | None:
        name = request.data.get("username") if isinstance(request.data, dict) else None
        if not isinstance(name, str):
            return None
        return self.keyed(sha256(name.casefold().encode(errors="replace")).hexdigest())
