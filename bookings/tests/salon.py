"""A small salon for tests: three people, hours in London, and a cut of half an hour."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from bookings.models import Business, Hours, Resource, Service
from config.tests.world import Customer

DAY = timedelta(days=1)
NAMES = ("Ada", "Ben", "Cleo")


@dataclass
class Salon:
    people: list[Resource]
    cut: Service

    @property
    def monday(self) -> date:
        """A Monday at least a week ahead."""
        today = timezone.now().date()
        return today + DAY * (14 - today.weekday())


def open_salon(people: Iterable[str] = NAMES, **service: Any) -> Salon:
    """Open from nine to five, Monday to Friday."""
    Business.objects.create(name="Salon", time_zone="UTC", step=timedelta(minutes=30))
    Hours.objects.bulk_create(Hours(weekday=day, opens=time(9), closes=time(17)) for day in range(5))
    cut = Service.objects.create(
        **{"name": "Cut", "duration": timedelta(minutes=30), "price": 3000, "currency": "gbp"} | service
    )
    able = [Resource.objects.create(name=name) for name in people]
    cut.resources.set(able)
    return Salon(able, cut)


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), UTC)


def slots(customer: Customer, service: Service, first: date, days: int = 1, **query: Any) -> list[Any]:
    more = "".join(f"&{name}={value}" for name, value in query.items())
    answer = customer.get(f"service/{service.pk}/slots/?from={first}&days={days}{more}")
    return list(answer["days"])


def ask(customer: Customer, service: Service, starts_at: datetime, **more: Any) -> tuple[int, dict[str, Any]]:
    wish = {"service": service.pk, "starts_at": starts_at.isoformat(), **more}
    response = customer.api.post("/api/v1/booking/", wish)
    return response.status_code, dict(response.json())
