"""What the demo starts with; runs in `manage.py shell`."""

from datetime import timedelta

from accounts.models import User
from bookings.models import Service

User.objects.create_superuser("admin", password="demo")  # noqa: S106
for name in ("ann", "ben", "cleo", "dan", "eve", "finn"):
    User.objects.create_user(name, password="demo")  # noqa: S106

Service.objects.create(name="Deep clean", duration=timedelta(minutes=90), price=4500, currency="gbp")
