"""Receipts: each movement of money between a customer and the business has a number, without gaps."""

from collections.abc import Iterable
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth import get_user_model
from django.db import connection

from bookings.audit import Story
from bookings.models import Booking, Business
from core.storage import rows
from payments.books import receipt_paper
from payments.books.receipt_paper import Movement, Paper
from payments.models import PaymentTransaction, Receipt, ReceiptCounter, TransactionKind

# What a bank takes back by a dispute is on the receipt, but isn't ours to give a number to.
NUMBERED = (TransactionKind.PAYMENT, TransactionKind.REFUND, TransactionKind.REFUND_RETURNED)
SHOWN = (*NUMBERED, TransactionKind.CHARGEBACK, TransactionKind.CHARGEBACK_RETURNED)

COUNTER = ReceiptCounter._meta.db_table
# Held until the transaction ends: no other number is drawn before it is known whether this one counts.
DRAW = (
    f"INSERT INTO {COUNTER} (id, last) VALUES (1, 1)"  # noqa: S608 - our own name
    f" ON CONFLICT (id) DO UPDATE SET last = {COUNTER}.last + 1 RETURNING last"
)
SELLER = ("name", "address", "phone", "email", "website", "vat_number")


def write_down(story: Story, line: PaymentTransaction) -> None:
    """Insert a line of the statement and its receipt, with seller and buyer as they are now.

    The last lock that a transaction takes: whoever needs the service's takes it before.
    """
    if line.kind not in NUMBERED:
        rows.insert([line])
        return
    about = [connection.ops.adapt_datetimefield_value(story.now), story.booking.customer_id]
    if connection.vendor == "postgresql":
        _in_one_statement(line, about)
        return
    rows.insert([line])
    with connection.cursor() as cursor:
        cursor.execute(DRAW)
        cursor.execute(_insert("%s", "%s", ""), [cursor.fetchone()[0], line.pk, *about])


def _in_one_statement(line: PaymentTransaction, about: list[Any]) -> None:
    insert, values = rows.insert_statement([line])
    receipt = _insert("drawn.last", "line.id", "line, drawn,")
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH line AS ({insert} RETURNING id), drawn AS ({DRAW}) {receipt}", [*values, *about]
        )


def _insert(number: str, line: str, among: str) -> str:
    """The receipt with what the database knows of seller and buyer, in one statement."""
    people, business = get_user_model()._meta.db_table, Business._meta.db_table
    columns = ", ".join(f"seller_{name}" for name in SELLER)
    seller = ", ".join(f"COALESCE(seller.{name}, '')" for name in SELLER)
    return (
        f"INSERT INTO {Receipt._meta.db_table}"  # noqa: S608 - our own names
        f" (number, line_id, issued_at, {columns}, buyer_name, buyer_email)"
        f" SELECT {number}, {line}, %s, {seller}, buyer.name, buyer.email"
        f" FROM {among} {people} buyer LEFT JOIN {business} seller ON seller.id = 1 WHERE buyer.id = %s"
    )


def pdf(booking: Booking, zone: ZoneInfo) -> bytes | None:
    """What was paid for a booking and given back, in the language being spoken; None if nothing was paid."""
    lines = list(
        booking.transactions.filter(kind__in=SHOWN, currency=booking.currency)
        .select_related("receipt")
        .order_by("id")
    )
    first = next((line for line in lines if line.kind == TransactionKind.PAYMENT and _number(line)), None)
    if first is None:
        return None
    return receipt_paper.render(_paper(booking, first.receipt, lines, zone))


def download(booking: Booking) -> dict[str, str]:
    """The headers of an answer with the PDF in it."""
    return {
        "Content-Disposition": f'inline; filename="{booking.reference}.pdf"',
        "Cache-Control": "private, no-store",
    }


def _paper(booking: Booking, receipt: Receipt, lines: Iterable[PaymentTransaction], zone: ZoneInfo) -> Paper:
    return Paper(
        number=str(receipt),
        issued_at=receipt.issued_at,
        seller=[
            receipt.seller_name,
            receipt.seller_address,
            receipt.seller_phone,
            receipt.seller_email,
            receipt.seller_website,
        ],
        seller_vat_number=receipt.seller_vat_number,
        buyer=[receipt.buyer_name, receipt.buyer_email],
        reference=booking.reference,
        service=booking.service_name,
        starts_at=booking.starts_at,
        zone=zone,
        amount=booking.amount,
        currency=booking.currency,
        vat_rate=booking.vat_rate,
        movements=[Movement(line.kind, line.occurred_at, line.amount, _number(line)) for line in lines],
    )


def _number(line: PaymentTransaction) -> str:
    return str(line.receipt) if hasattr(line, "receipt") else ""
