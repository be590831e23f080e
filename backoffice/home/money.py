"""Money on the home page: sums that lead to their rows, and a chart that is also a table."""

import json
from typing import Any

from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from backoffice.home.takings import BACK, CHART_DAYS, Takings
from backoffice.toolkit.filters import midnight
from backoffice.toolkit.show import linked, list_url
from core.money import exponent, in_words

GIVEN_BACK = ",".join(BACK)


def figures(money: list[Takings]) -> dict[str, Any]:
    """The sums of today and of this month, beside last month's up to the same day."""
    headers = [
        _("Taken today"),
        _("Taken this month"),
        _("Last month by this day"),
        _("Refunded today"),
        _("Refunded this month"),
    ]
    several = len(money) > 1
    rows = [
        [
            *([one.currency.upper()] if several else []),
            _sum(one, one.today.taken, "payment", "today"),
            _sum(one, one.month.taken, "payment", "month"),
            _compared(one),
            _sum(one, one.today.refunded, GIVEN_BACK, "today"),
            _sum(one, one.month.refunded, GIVEN_BACK, "month"),
            _rate(one),
            _disputes(one),
        ]
        for one in money
    ]
    headers += [_("Refund rate this month"), _("Disputes this month")]
    return {"headers": [*([_("Currency")] if several else []), *headers], "rows": rows}


def _compared(one: Takings) -> str:
    """What last month had brought by this day, and how much more or less this month has."""
    before = one.last_month.taken
    if not before:
        return "-"
    return f"{in_words(before, one.currency)} ({one.month.taken / before - 1:+.0%})"


def _sum(one: Takings, amount: int, kinds: str, period: str) -> SafeString | str:
    query = {"kind__in": kinds, "currency": one.currency, "period": period}
    return linked(list_url("paymenttransaction", query), in_words(amount, one.currency))


def _rate(one: Takings) -> SafeString | str:
    rate = one.month.refund_rate
    query = {"kind__in": GIVEN_BACK, "currency": one.currency, "period": "month"}
    return "-" if rate is None else linked(list_url("paymenttransaction", query), f"{rate:.1%}")


def _disputes(one: Takings) -> SafeString | str:
    if not one.disputes:
        return "none"
    month = midnight(timezone.localdate().replace(day=1))
    url = list_url("dispute", {"currency": one.currency, "opened_at__gte": month.isoformat()})
    return linked(
        url,
        _("%(disputes)s over %(money)s")
        % {"disputes": one.disputes, "money": in_words(one.disputed, one.currency)},
    )


def chart(one: Takings, *, several: bool) -> dict[str, Any]:
    """Bars for the eye and the same as a table; the currency is told where there are several."""

    def drawn(amount: int) -> float:
        return amount / float(10 ** exponent(one.currency))  # only drawn, never reckoned with

    days = one.days.items()
    data = {
        "labels": [f"{day:%-d %b}" for day, sums in days],
        "datasets": [
            {
                "label": _("Taken"),
                "data": [drawn(sums.taken) for day, sums in days],
                "backgroundColor": "var(--color-primary-600)",
                "displayYAxis": True,
                "suffixYAxis": f" {one.currency.upper()}",
            },
            {
                "label": _("Refunded"),
                "data": [-drawn(sums.refunded) for day, sums in days],
                "backgroundColor": "var(--color-orange-500)",
            },
        ],
    }
    table = {
        "headers": [_("Day"), _("Taken"), _("Refunded")],
        "rows": [
            [
                f"{day:%-d %b %Y}",
                _sum(one, sums.taken, "payment", day.isoformat()),
                _sum(one, sums.refunded, GIVEN_BACK, day.isoformat()),
            ]
            for day, sums in reversed(days)
        ],
    }
    title = _("Taken and refunded, the last %(number)s days") % {"number": CHART_DAYS} + (
        _(", in %(currency)s") % {"currency": one.currency.upper()} if several else ""
    )
    return {"title": title, "data": json.dumps(data), "table": table}
