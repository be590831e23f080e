"""Everything that is done again and again, one at a time, as the site or a worker does it."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.contrib import admin
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone
from knox.models import AuthToken

from accounts.models import User
from bench import compared
from bench.intake import ADDRESS, JSON
from bench.load import WrongAnswer
from bench.mint import Mint, signed
from bench.reads import BOOKING, STATUS
from bench.stock import Stock
from bookings.models import Booking
from bookings.verification import Verification
from core.work import jobs
from payments.models import Payment
from payments.views import webhook
from refunds.models import RefundRecord
from refunds.reconciliation import run
from sandbox.client import Sandbox

OURS = ("bookings", "payments", "refunds")


class Path(NamedTuple):
    """`prepare` is not measured; `act` takes what it returns and tells how many times it did its work.

    What is long is done once. `restore` undoes what would make other paths cheaper.
    """

    prepare: Callable[[], Any]
    act: Callable[[Any], int]
    is_long: bool = False
    restore: Callable[[], None] = lambda: None


@dataclass
class Paths:
    """All paths on the database in use, with customers and staff of its own."""

    stock: Stock
    mint: Mint
    sandbox: Sandbox

    def __post_init__(self) -> None:
        self.staff = Client(SERVER_NAME="127.0.0.1")
        self.staff.force_login(User.objects.create_superuser(f"boss {timezone.now()}"))
        self.customers = []
        for user in User.objects.filter(username__startswith="bench").order_by("pk")[:20]:
            bookings = list(Booking.objects.filter(customer=user)[:10])
            if not bookings:
                continue  # in a small database few have come yet
            headers = {"Authorization": f"Token {AuthToken.objects.create(user=user)[1]}"}
            self.customers.append((Client(SERVER_NAME="127.0.0.1", headers=headers), bookings))

    def all(self) -> Iterator[tuple[str, Path]]:
        """Every path under its name."""
        yield "admin home", self._page("admin:index")
        for model in admin.site._registry:
            name = model._meta
            if name.app_label in OURS:
                address = f"admin:{name.app_label}_{name.model_name}_changelist"
                yield f"admin list of {name.verbose_name_plural}", self._page(address)
        yield "booking", Path(self._somebody, lambda chosen: _get(chosen, BOOKING))
        yield "customer's bookings", Path(self._somebody, lambda chosen: _get(chosen, "/api/v1/booking/"))
        yield "refund status", Path(self._somebody, lambda chosen: _get(chosen, STATUS))
        yield "payment received", Path(lambda: self.mint.paid(self._unpaid()), _post)
        yield "cancellation", Path(self._paid, self._cancel)
        yield "refund settled", Path(lambda: self.mint.refunded(self._pending()), _post)
        yield "worker finds nothing due", Path(lambda: self.stock.clear_queues(now=timezone.now()), _sweep)
        reconciling = f"reconciliation of {compared.PAYMENTS} payments, {compared.DISPUTES} disputes"
        made = compared.Compared(self.stock, self.sandbox)
        yield reconciling, Path(made.prepare, compared.compare, restore=made.restore)
        yield "verification, each entry", Path(_nothing, _verify, is_long=True)

    def _page(self, name: str) -> Path:
        return Path(lambda: reverse(name), lambda address: _expect(self.staff.get(address, follow=True)))

    def _somebody(self) -> tuple[Client, str]:
        client, bookings = random.choice(self.customers)  # noqa: S311
        return client, random.choice(bookings).reference  # noqa: S311

    def _unpaid(self) -> Payment:
        return self.stock.unpaid(1, now=timezone.now())[0]

    def _paid(self) -> Payment:
        payment = self._unpaid()
        _post(self.mint.paid(payment))
        return payment

    def _cancel(self, payment: Payment) -> int:
        headers = {"Authorization": self.stock.authorization[payment.booking.customer_id]}
        address = f"/api/v1/booking/{payment.booking.reference}/cancel/"
        client = Client(SERVER_NAME="127.0.0.1")
        return _expect(client.post(address, {}, content_type=JSON, headers=headers))

    def _pending(self) -> RefundRecord:
        payment = self._paid()
        self._cancel(payment)
        record = RefundRecord.objects.select_related("payment").get(payment=payment)
        record.status, record.stripe_refund_id = "pending", f"re_{record.pk.hex[:24]}"
        record.save()
        return record


def _nothing() -> None:
    return None


def _get(chosen: tuple[Client, str], path: str) -> int:
    client, reference = chosen
    return _expect(client.get(path.format(reference)))


def _post(body: bytes) -> int:
    request = RequestFactory().post(ADDRESS, body, content_type=JSON, headers=signed([body])[0])
    return _expect(webhook(request))


def _expect(answer: Any) -> int:
    if answer.status_code != 200:
        raise WrongAnswer(f"{answer.status_code}: {answer.content[:300]!r}")
    return 1


def _sweep(_: None) -> int:
    for job in jobs.jobs():
        if job.name != run.JOB:
            job.run(timezone.now)
    return 1


def _verify(_: None) -> int:
    verification = Verification()
    if broken := next(verification.breaks(), None):
        raise WrongAnswer(str(broken))
    return verification.entries
