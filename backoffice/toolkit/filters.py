"""Filters of the statement that an index answers."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.contrib.admin import SimpleListFilter
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy

from bookings.models import Service
from core.language import Words
from payments.models import PaymentTransaction

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2199, 12, 31)
Lines = QuerySet[PaymentTransaction]
PERIODS = (
    ("today", gettext_lazy("Today")),
    ("yesterday", gettext_lazy("Yesterday")),
    ("month", gettext_lazy("This month")),
    ("last-month", gettext_lazy("Last month")),
)


class CurrencyFilter(SimpleListFilter):
    """The currencies that the services are sold in."""

    title = parameter_name = "currency"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(code, code.upper()) for code in _currencies()]

    def queryset(self, request: HttpRequest, queryset: Lines) -> Lines:
        return queryset.filter(currency=self.value()) if self.value() else queryset


class PeriodFilter(SimpleListFilter):
    """Days and months as the calendar on the wall has them; `YYYY-MM-DD` names any other day."""

    title = parameter_name = "period"

    def lookups(self, request: HttpRequest, model_admin: Any) -> tuple[tuple[str, Words], ...]:
        return PERIODS

    def queryset(self, request: HttpRequest, queryset: Lines) -> Lines:
        span = days_of(self.value() or "", today=timezone.localdate())
        if span is None:
            return queryset
        return queryset.filter(occurred_at__gte=midnight(span[0]), occurred_at__lt=midnight(span[1]))


def _currencies() -> list[str]:
    """From the services, few as they are: the statement is too long to look through."""
    return sorted(set(Service.objects.order_by().values_list("currency", flat=True)))


def days_of(period: str, *, today: date) -> tuple[date, date] | None:
    """The first day of a period and the first day after it; None for no such period."""
    month, day = today.replace(day=1), timedelta(days=1)
    named = {
        "today": (today, today + day),
        "yesterday": (today - day, today),
        "month": (month, today + day),
        "last-month": ((month - day).replace(day=1), month),
    }
    if period in named:
        return named[period]
    try:
        exactly = date.fromisoformat(period)
    except ValueError:
        return None
    return (exactly, exactly + day) if is_sane(exactly) else None


def is_sane(day: date) -> bool:
    """Whether a business can have been there: at the ends of the calendar no time zone works."""
    return FIRST_DAY <= day <= LAST_DAY


def midnight(day: date) -> datetime:
    """When a day begins where the staff are."""
    return timezone.make_aware(datetime.combine(day, time.min))
