"""A small salon for tests of the desk: two people, hours, two services, and who is on the phone."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from accounts.models import User
from bookings import selling
from bookings.audit import By
from bookings.models import Booking, Business, Hours, PayAt, Resource, Service

LONDON = ZoneInfo("Europe/London")

NAMES = (
    "Ada Byron|Grace Hopper|Alan Turing|Mary Jackson|Katherine Johnson|Edsger Dijkstra|Barbara Liskov|"
    "Tony Hoare|Frances Allen|Donald Knuth|Radia Perlman|Ken Thompson|Margaret Hamilton|John Backus|"
    "Hedy Lamarr|Dennis Ritchie|Joan Clarke|Niklaus Wirth|Jean Bartik|Claude Shannon"
).split("|")


@dataclass
class Salon:
    """Open every day from 9 to 18, on `day` too, which is two days from now."""

    anna: Resource
    ben: Resource
    cut: Service
    trim: Service
    yoga: Service
    ada: User
    day: date

    def at(self, clock: str, *, day: date | None = None) -> datetime:
        return datetime.combine(day or self.day, time.fromisoformat(clock), LONDON)

    def book(
        self,
        clock: str,
        *,
        who: User | None = None,
        service: Service | None = None,
        resource: Resource | None = None,
        pay_at: PayAt = PayAt.DESK,
        day: date | None = None,
        note: str = "",
    ) -> Booking:
        return selling.book_for(
            customer=who or self.ada,
            service_id=(service or self.cut).pk,
            starts_at=self.at(clock, day=day),
            resource_id=resource.pk if resource else None,
            pay_at=pay_at,
            note=note,
            by=By("staff:1", "admin"),
            now=timezone.now() - timedelta(days=30),
        )


def customer(name: str, phone: str = "", email: str = "") -> User:
    username = name.lower().replace(" ", ".")
    return User.objects.create_user(
        username, name=name, phone=phone, email=email or f"{username}@example.com"
    )


def open_salon() -> Salon:
    Business(name="Willow & Stone", time_zone="Europe/London").save()
    for weekday in range(7):
        Hours.objects.create(weekday=weekday, opens=time(9), closes=time(18))
    anna, ben = (Resource.objects.create(name=name) for name in ("Anna", "Ben"))
    cut, trim, yoga = (
        Service.objects.create(
            name=name, duration=timedelta(minutes=minutes), price=price, currency="gbp", capacity=capacity
        )
        for name, minutes, price, capacity in (
            ("Haircut", 45, 3800, 1),
            ("Beard trim", 20, 1800, 1),
            ("Yoga", 60, 1500, 8),
        )
    )
    for service in (cut, trim, yoga):
        service.resources.set([anna, ben])
    day = (timezone.now() + timedelta(days=2)).astimezone(LONDON).date()
    return Salon(anna, ben, cut, trim, yoga, customer("Ada Lovelace", "+442079460001"), day)


def fill(salon: Salon) -> list[Booking]:
    """Twenty appointments from nine o'clock on, by turns with Anna and Ben."""
    return [
        salon.book(
            f"{9 + number // 4:02}:{(number // 2 % 2) * 30:02}",
            who=customer(name),
            resource=(salon.anna, salon.ben)[number % 2],
            service=salon.trim,
        )
        for number, name in enumerate(NAMES)
    ]
