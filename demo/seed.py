"""What the demo starts with; runs in `manage.py shell`: a small salon, and cleaners who come at any hour."""

from datetime import time, timedelta

from accounts.models import User
from bookings.models import Business, Hours, Resource, Service

User.objects.create_superuser("admin", password="demo")  # noqa: S106
for name in ("ann", "ben", "cleo", "dan", "eve", "finn"):
    User.objects.create_user(name, password="demo")  # noqa: S106

Business.objects.create(
    name="Salon Marigold",
    time_zone="Europe/London",
    address="1 High Street, London",
    step=timedelta(minutes=30),
)
people = [Resource.objects.create(name=name) for name in ("Maria", "Noor", "Olga")]
for person in people:
    Hours.objects.bulk_create(
        Hours(resource=person, weekday=day, opens=time(9), closes=time(18)) for day in range(7)
    )
cut = Service.objects.create(name="Haircut", duration=timedelta(minutes=45), price=3500)
colour = Service.objects.create(
    name="Colour", duration=timedelta(hours=2), price=9000, buffer_after=timedelta(minutes=15)
)
cut.resources.set(people)
colour.resources.set(people[:2])

# Needs nobody of the salon, at no hour: the stories of money happen when they have to.
Service.objects.create(name="Deep clean", duration=timedelta(minutes=90), price=4500, currency="gbp")
