"""A customer's phone, which talks to the site over HTTP, and what can be seen of their booking."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any

import requests

from demo.house import House, NotAsTold

Answer = dict[str, Any]


class Phone:
    """One signed-in customer and the booking they made last."""

    def __init__(self, house: House, name: str) -> None:
        self.house, self.name = house, name
        self.session = requests.Session()
        signed_in = self.post("auth/token/", {"username": name, "password": "demo"})
        self.session.headers["Authorization"] = f"Token {signed_in['token']}"
        self.reference = self.intent = ""

    def post(self, address: str, body: Answer) -> Answer:
        return self._answer(self.session.post(f"{self.house.url}/api/v1/{address}", json=body, timeout=60))

    def get(self, address: str) -> Answer:
        return self._answer(self.session.get(f"{self.house.url}/api/v1/{address}", timeout=60))

    def _answer(self, response: requests.Response) -> Answer:
        if not response.ok:
            raise NotAsTold(f"{self.name} got {response.status_code}: {response.text}")
        return dict(response.json())

    def book(self, ahead: timedelta) -> None:
        service = self.get("service/")["results"][0]["id"]
        starts_at = (datetime.now(UTC) + ahead).replace(second=0, microsecond=0) + timedelta(minutes=1)
        self.reference = self.post("booking/", {"service": service, "starts_at": starts_at.isoformat()})[
            "reference"
        ]

    def open_sheet(self) -> None:
        sheet = self.post("payment/", {"booking_reference": self.reference})
        self.intent = sheet["paymentIntent"].split("_secret_")[0]

    def booking_status(self) -> str:
        return str(self.get(f"booking/{self.reference}/")["status"])

    def quote(self) -> Answer:
        return dict(self.get(f"booking/{self.reference}/cancel/")["refund"])

    def cancel(self, expected_refund: int) -> Answer:
        asked = {"expected_refund": expected_refund}
        return dict(self.post(f"booking/{self.reference}/cancel/", asked)["refund"])

    def refund_status(self) -> Answer:
        return self.get(f"payment/refund-status/?booking_reference={self.reference}")

    # What our database and Stripe hold, read from the outside.

    def statement(self) -> list[tuple[str, int]]:
        """Kind and signed amount of each movement of money."""
        return self._rows("SELECT kind, amount FROM payments_paymenttransaction")

    def records(self) -> list[tuple[str, int, str]]:
        """Rule, amount and status of each refund record."""
        return self._rows("SELECT rule, amount, status FROM refunds_refundrecord")

    def refunds_at_stripe(self) -> list[tuple[int, str]]:
        return [(refund["amount"], refund["status"]) for refund in self.house.sandbox.refunds_of(self.intent)]

    def _rows(self, select: str) -> list[Any]:
        mine = " WHERE booking_id = (SELECT id FROM bookings_booking WHERE reference = ?) ORDER BY 1"
        with closing(sqlite3.connect(f"file:{self.house.database}?mode=ro", uri=True)) as database:
            return database.execute(select + mine, [self.reference]).fetchall()
