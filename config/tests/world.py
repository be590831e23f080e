"""The people around the system, played for tests: Stripe's postman and a customer with a phone."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.test import Client
from django.utils import timezone
from knox.models import AuthToken
from rest_framework.test import APIClient

from accounts.models import User
from bookings.models import Booking, Service
from core.work import jobs
from sandbox.client import Sandbox
from sandbox.signing import signature

STRIPE = Client(raise_request_exception=False)  # one for all: a client loads the middleware anew
WEBHOOK = "/api/v1/payment/webhook/"
IN_TIME, TOO_LATE = timedelta(hours=48), timedelta(hours=6)


def post_event(event: dict[str, Any], *, secret: str | None = None) -> int:
    """Post one event to the webhook as Stripe does, signed; returns the status of the answer."""
    body = json.dumps(event).encode()
    secrets = [secret or settings.STRIPE_WEBHOOK_SECRETS[0]]
    signed = signature(body, secrets, int(timezone.now().timestamp()))
    return STRIPE.post(WEBHOOK, body, "application/json", headers={"Stripe-Signature": signed}).status_code


def run_workers() -> None:
    """Do all that is due for workers, now."""
    jobs.run_until_idle(timezone.now)


@dataclass
class Postman:
    """Brings the sandbox's events to the webhook, when and how the test says."""

    sandbox: Sandbox
    seen: set[str] = field(default_factory=set)

    def waiting(self) -> list[dict[str, Any]]:
        """Events that were not delivered yet, oldest first."""
        return [event for event in self.sandbox.all("events") if event["id"] not in self.seen]

    def deliver(self, *types: str) -> list[str]:
        """Deliver what waits (of these types only, if given) in order; returns the types."""
        return self.bring(event for event in self.waiting() if not types or event["type"] in types)

    def bring(self, events: Iterable[dict[str, Any]]) -> list[str]:
        """Deliver these events in this order, delivered before or not; each has to be taken in."""
        brought = []
        for event in events:
            assert post_event(event) == 200
            self.seen.add(event["id"])
            brought.append(str(event["type"]))
        return brought

    def lose(self) -> None:
        """What waits never arrives."""
        self.seen |= {event["id"] for event in self.waiting()}


@dataclass
class Customer:
    """Somebody with the mobile app: `api` is signed in with a token of their own.

    `wished` are the times they booked: the same one again would be the same booking, not another.
    """

    user: User
    headers: dict[str, str]
    api: APIClient
    sandbox: Sandbox
    postman: Postman
    wished: set[tuple[int, datetime]] = field(default_factory=set)

    def post(self, address: str, body: dict[str, Any] | None = None, *, status: int = 200) -> dict[str, Any]:
        response = self.api.post(f"/api/v1/{address}", body or {})
        assert response.status_code == status, response.json()
        return dict(response.json())

    def get(self, address: str, *, status: int = 200) -> dict[str, Any]:
        response = self.api.get(f"/api/v1/{address}")
        assert response.status_code == status, response.json()
        return dict(response.json())

    def book(self, service: Service, *, starts_in: timedelta = IN_TIME) -> Booking:
        starts_at = timezone.now().replace(microsecond=0) + starts_in
        while (service.pk, starts_at) in self.wished:
            starts_at += timedelta(seconds=1)
        self.wished.add((service.pk, starts_at))
        wish = {"service": service.pk, "starts_at": starts_at.isoformat()}
        answer = self.post("booking/", wish, status=201)
        return Booking.objects.get(reference=answer["reference"])

    def open_sheet(self, booking: Booking) -> str:
        """Open the payment sheet; returns the PaymentIntent's id."""
        sheet = self.post("payment/", {"booking_reference": booking.reference})
        return str(sheet["paymentIntent"].split("_secret_")[0])

    def pay(self, booking: Booking, payment_method: str = "pm_card_visa") -> str:
        """Pay at Stripe, of which we hear when the postman comes; returns the PaymentIntent's id."""
        intent = self.open_sheet(booking)
        self.sandbox.pay(intent, payment_method)
        return intent

    def book_and_pay(self, service: Service, *, starts_in: timedelta = IN_TIME) -> Booking:
        """The usual way to a confirmed booking."""
        booking = self.book(service, starts_in=starts_in)
        self.pay(booking)
        self.postman.deliver()
        booking.refresh_from_db()
        return booking

    def cancel(self, booking: Booking, **body: Any) -> dict[str, Any]:
        return self.post(f"booking/{booking.reference}/cancel/", body)

    def refund_status(self, booking: Booking) -> dict[str, Any]:
        return self.get(f"payment/refund-status/?booking_reference={booking.reference}")


def customer_named(name: str, *, sandbox: Sandbox, postman: Postman) -> Customer:
    user = User.objects.create_user(name, email=f"{name}@example.com")
    headers = {"Authorization": f"Token {AuthToken.objects.create(user=user)[1]}"}
    api = APIClient(raise_request_exception=False, headers=headers)
    return Customer(user, headers, api, sandbox, postman)
