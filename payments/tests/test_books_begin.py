"""When the books begin: what was before is in the opening balance, and they may begin earlier later."""

from datetime import UTC, date, datetime

import pytest

from bookings.models import Business
from payments.books import beginning, lines, months
from payments.gateway import Answer
from payments.models import BalanceLine

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)


def listed(number: int, *, on: datetime, net: int, currency: str = "gbp") -> Answer:
    """A fee, as Stripe lists it."""
    return {
        "id": f"txn_{number}",
        "type": "stripe_fee",
        "reporting_category": "fee",
        "amount": net,
        "fee": 0,
        "net": net,
        "currency": currency,
        "source": None,
        "created": int(on.timestamp()),
        "available_on": int(on.timestamp()),
    }


def booked() -> dict[str, date | None]:
    return dict(BalanceLine.objects.order_by("stripe_id").values_list("stripe_id", "month"))


def test_lines_before_the_beginning_are_in_the_opening_balance() -> None:
    old, new = datetime(2026, 9, 30, 12, tzinfo=UTC), datetime(2026, 11, 23, 12, tzinfo=UTC)
    lines.take_in([listed(1, on=old, net=-5), listed(2, on=new, net=-7)], now=NOW)
    assert booked() == {"txn_1": None, "txn_2": None}
    beginning.begin(datetime(2026, 11, 20, tzinfo=UTC), held={"gbp": 1000}, now=NOW)
    assert booked() == {"txn_1": None, "txn_2": date(2026, 11, 1)}
    assert (beginning.seen().opening, months.held()) == ({"gbp": 1007}, {"gbp": 1000})
    (month,) = months.month(date(2026, 11, 1))
    assert (month.opening, month.fees, month.closing, month.lines) == (1007, -7, 1000, 1)


def test_they_may_begin_earlier_later_and_never_later() -> None:
    test_lines_before_the_beginning_are_in_the_opening_balance()
    beginning.begin(datetime(2026, 11, 24, tzinfo=UTC), held={"gbp": 5}, now=NOW)
    assert beginning.seen().opening == {"gbp": 1007}
    beginning.begin(datetime(2026, 9, 1, tzinfo=UTC), held={"gbp": 5}, now=NOW)
    assert booked() == {"txn_1": date(2026, 9, 1), "txn_2": date(2026, 11, 1)}
    assert (beginning.seen().opening, months.held()) == ({"gbp": 1012}, {"gbp": 1000})


def test_each_currency_has_its_own_balance() -> None:
    beginning.begin(datetime(2026, 11, 1, tzinfo=UTC), held={"gbp": 10}, now=NOW)
    lines.take_in([listed(1, on=NOW, net=-300, currency="jpy")], now=NOW)
    assert months.held() == {"gbp": 10, "jpy": -300}
    pounds, yen = months.month(date(2026, 11, 1))
    assert (pounds.closing, yen.closing) == (10, -300)


def test_a_month_begins_where_the_business_is() -> None:
    Business(time_zone="America/New_York").save()
    beginning.begin(datetime(2026, 10, 1, tzinfo=UTC), held={}, now=NOW)
    lines.take_in([listed(1, on=datetime(2026, 11, 1, 2, tzinfo=UTC), net=-1)], now=NOW)
    assert booked() == {"txn_1": date(2026, 10, 1)}
