"""A believable salon for an empty database: people, services, hours and customers, all invented."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from accounts.models import User
from bookings.models import Business, Hours, Resource, Service

PEOPLE = ("Maria", "Noor", "Olga")
# Opens and closes, Monday first.
WEEK = (None, (9, 18), (9, 18), (11, 20), (9, 18), (8, 16), None)
# Name, minutes, price, minutes to clean up, how many of PEOPLE can do it.
SERVICES = (
    ("Haircut", 45, 3500, 0, 3),
    ("Wash and blow-dry", 30, 2400, 0, 3),
    ("Beard trim", 30, 1800, 0, 2),
    ("Colour", 120, 9000, 15, 2),
    ("Children's cut", 30, 1900, 0, 3),
)
CUSTOMERS = (
    "Amelia Hughes", "Ben Okafor", "Chloe Martin", "Daniel Novak", "Elif Kaya", "Farah Siddiqui",
    "George Papas", "Hannah Weber", "Imran Malik", "Julia Rossi", "Kofi Mensah", "Lena Fischer",
    "Mateus Silva", "Nadia Haddad", "Owen Price", "Priya Nair", "Quentin Moreau", "Rosa Delgado",
    "Samuel Green", "Tomasz Zielinski", "Una Byrne", "Victor Lind", "Wen Zhao", "Yusuf Demir",
)  # fmt: skip


def open_salon() -> list[User]:
    """Set the salon up; returns its customers. The addresses are nobody's, the numbers too."""
    Business.objects.create(
        name="Salon Marigold",
        time_zone="Europe/London",
        currency="gbp",
        address="1 High Street\nLondon",
        phone="020 7946 0000",
        email="hello@example.com",
        step=timedelta(minutes=15),
    )
    people = [Resource.objects.create(name=name) for name in PEOPLE]
    for weekday, hours in enumerate(WEEK):
        if hours:
            Hours.objects.create(weekday=weekday, opens=time(hours[0]), closes=time(hours[1]))
    for name, minutes, price, cleaning, able in SERVICES:
        service = Service.objects.create(
            name=name,
            duration=timedelta(minutes=minutes),
            price=price,
            currency="gbp",
            buffer_after=timedelta(minutes=cleaning),
        )
        service.resources.set(people[:able])
    return [customer(number, name) for number, name in enumerate(CUSTOMERS)]


def customer(number: int, name: str) -> User:
    """Somebody who can't sign in until they ask for a password by their address."""
    address = f"{name.lower().replace(' ', '.')}@example.com"
    user = User(username=address, email=address, name=name, phone=f"02079460{number:03}")
    user.set_unusable_password()
    user.save()
    return user


def open_times(day: date, zone: ZoneInfo) -> Iterator[tuple[datetime, datetime]]:
    """When the salon is open that day; nothing if it is closed."""
    if hours := WEEK[day.weekday()]:
        yield (
            datetime.combine(day, time(hours[0]), tzinfo=zone),
            datetime.combine(day, time(hours[1]), tzinfo=zone),
        )
