"""Customers who are signed in, and bookings of theirs that wait for their payment."""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from knox.models import AuthToken

from accounts.models import User
from bookings.models import Booking, Message, Service
from payments.models import Payment, WebhookEvent
from refunds.models import RefundRecord

CUSTOMERS = 20


class Stock:
    """Makes unpaid bookings; `authorization` is the header of the customer with this key."""

    def __init__(self) -> None:
        name = uuid.uuid4().hex
        names = [f"stock-{name}-{number}" for number in range(CUSTOMERS)]
        self.customers = User.objects.bulk_create(
            [User(username=name, email=f"{name}@example.com", password="!") for name in names]  # noqa: S106
        )
        self.authorization = {
            user.pk: f"Token {AuthToken.objects.create(user=user)[1]}" for user in self.customers
        }
        self.service = Service.objects.create(
            name="Haircut", duration=timedelta(minutes=30), price=4500, currency="gbp", capacity=10_000
        )

    def unpaid(self, count: int, *, now: datetime, intents: Sequence[str] = ()) -> list[Payment]:
        """Make bookings a week ahead whose payments are open, for these PaymentIntents or invented ones."""
        bookings = Booking.objects.bulk_create([self._booking(number, now) for number in range(count)])
        names = intents or [f"pi_{uuid.uuid4().hex[:24]}" for _ in bookings]
        return Payment.objects.bulk_create(
            [
                Payment(
                    booking=booking,
                    amount=booking.amount,
                    currency=booking.currency,
                    stripe_payment_intent_id=intent,
                    created_at=now,
                )
                for booking, intent in zip(bookings, names, strict=True)
            ]
        )

    def clear_queues(self, *, now: datetime) -> None:
        """Leave the workers nothing to do: what was queued so far isn't part of what is measured next."""
        RefundRecord.objects.filter(status="queued").update(status="withdrawn")
        Message.objects.filter(sent_at=None).update(sent_at=now)
        WebhookEvent.objects.filter(status="pending").update(status="ignored")

    def _booking(self, number: int, now: datetime) -> Booking:
        starts_at = now + timedelta(days=7)
        return Booking(
            customer=self.customers[number % CUSTOMERS],
            service=self.service,
            starts_at=starts_at,
            ends_at=starts_at + self.service.duration,
            amount=self.service.price,
            currency=self.service.currency,
            refund_notice=timedelta(hours=12),
            hold_expires_at=now + timedelta(hours=1),
            created_at=now,
        )
