"""Receipts: a number for each movement of money, without gaps, and a PDF from facts as they were."""

import re
import subprocess
import threading
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import IntegrityError, connections, transaction
from django.utils import timezone

from bookings.audit import By, story_of
from bookings.models import Booking, Business, Service
from config.tests.world import Customer, Postman, run_workers
from core.language import speaking
from payments.books import receipts, statement
from payments.books.receipt_paper import vat_within
from payments.models import Receipt, TransactionKind

BY = By("system", "worker")


@pytest.fixture
def salon(db: None) -> Business:
    business = Business(
        name="Студия Ada",
        address="Königsallee 7\n40212 Düsseldorf",
        phone="+49 211 1234",
        email="hello@ada.example",
        vat_number="DE123",
        time_zone="Europe/Berlin",
    )
    business.save()
    return business


def numbers() -> list[int]:
    return list(Receipt.objects.order_by("number").values_list("number", flat=True))


def text_of(pdf: bytes, folder: Path) -> str:
    file = folder / "receipt.pdf"
    file.write_bytes(pdf)
    done = subprocess.run(
        ["pdftotext", "-layout", str(file), "-"], capture_output=True, text=True, check=True
    )
    return done.stdout


@pytest.mark.once
def test_a_payment_and_its_refund_have_numbers_that_follow_each_other(
    customer: Customer, paid: Booking, postman: Postman
) -> None:
    customer.cancel(paid)
    run_workers()
    postman.deliver()
    kinds = list(Receipt.objects.order_by("number").values_list("line__kind", flat=True))
    assert (kinds, numbers()) == (["payment", "refund"], [1, 2])


@pytest.mark.once
def test_a_receipt_that_is_rolled_back_leaves_no_gap(paid: Booking) -> None:
    with pytest.raises(RuntimeError):
        write(paid, "re_1", fail=True)
    write(paid, "re_2")
    assert numbers() == [1, 2]


@pytest.mark.once
def test_seller_and_buyer_stay_as_they_were(salon: Business, customer: Customer, service: Service) -> None:
    booking = customer.book_and_pay(service)
    salon.name = "Another name"
    salon.save()
    customer.user.email = "new@example.com"
    customer.user.save()
    receipt = Receipt.objects.get()
    assert (receipt.seller_name, receipt.buyer_email) == ("Студия Ada", "ada@example.com")
    assert receipt.line.booking == booking


def test_the_database_refuses_to_change_a_receipt_but_lets_a_person_go(paid: Booking) -> None:
    Receipt.objects.update(buyer_name="", buyer_email="")
    for change in ({"number": 7}, {"seller_name": "x"}, {"issued_at": timezone.now()}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Receipt.objects.update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        Receipt.objects.all()._raw_delete(using="default")


@pytest.mark.once
@pytest.mark.skipif(not Path("/usr/bin/pdftotext").exists(), reason="reads PDFs with poppler")
def test_the_paper_says_who_what_how_much_and_the_vat_in_it(
    salon: Business, customer: Customer, service: Service, tmp_path: Path
) -> None:
    service.vat_rate = Decimal("19.00")
    service.save()
    booking = customer.book_and_pay(service)
    with speaking("de"):
        pdf = receipts.pdf(booking, salon.zone)
    assert pdf
    text = text_of(pdf, tmp_path)
    for said in ("Студия Ada", "Königsallee 7", "USt-IdNr.: DE123", "R-000001", "Deep clean", "45,00 £"):
        assert said in text.replace("\xa0", " ")
    assert re.search(r"Darin MwSt., 19 %\s+7,18", text)


@pytest.mark.once
def test_the_same_facts_make_the_same_file(salon: Business, paid: Booking) -> None:
    assert receipts.pdf(paid, salon.zone) == receipts.pdf(paid, salon.zone)


@pytest.mark.once
@pytest.mark.parametrize("wanted", ["application/json", "*/*", "text/html"])
def test_the_receipt_is_a_pdf_whatever_the_client_would_rather_have(
    salon: Business, customer: Customer, paid: Booking, wanted: str
) -> None:
    answer = customer.api.get(f"/api/v1/booking/{paid.reference}/receipt.pdf", headers={"Accept": wanted})
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/pdf")


@pytest.mark.once
def test_a_customer_fetches_their_own_receipt_and_nobody_elses(
    salon: Business, customer: Customer, stranger: Customer, paid: Booking
) -> None:
    address = f"/api/v1/booking/{paid.reference}/receipt.pdf"
    answer = customer.api.get(address, headers={"Accept": "application/pdf"})
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/pdf")
    assert answer.content.startswith(b"%PDF")
    refused = stranger.api.get(address, headers={"Accept": "application/pdf"})
    assert (refused.status_code, refused.headers["Content-Type"]) == (404, "application/problem+json")


@pytest.mark.once
def test_without_a_payment_there_is_no_receipt(salon: Business, customer: Customer, service: Service) -> None:
    assert receipts.pdf(customer.book(service), salon.zone) is None


@pytest.mark.once
@pytest.mark.parametrize(
    ("amount", "rate", "vat"),
    [(4500, "19", 718), (11900, "19", 1900), (100, "0", 0), (1, "20", 0), (3, "20", 1)],
)
def test_vat_is_what_the_price_contains(amount: int, rate: str, vat: int) -> None:
    assert vat_within(amount, Decimal(rate)) == vat


@pytest.mark.django_db(transaction=True)
def test_twenty_workers_leave_no_gap_and_no_twin(customer: Customer, service: Service) -> None:
    service.capacity = 20
    service.save()
    bookings = [customer.book_and_pay(service) for _ in range(4)]
    before = len(numbers())

    def work(place: int) -> None:
        try:
            for turn in range(3):
                try:
                    write(bookings[place % 4], f"re_{place}_{turn}", fail=turn == 1)
                except RuntimeError:
                    continue
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=(place,)) for place in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert numbers() == list(range(1, before + 40 + 1))


def write(booking: Booking, stripe_id: str, *, fail: bool = False) -> None:
    """One more line; `fail`: and then the transaction comes to nothing."""
    now = timezone.now()
    with story_of(Booking.objects.filter(pk=booking.pk), by=BY, now=now) as story:
        statement.write(
            story,
            booking.payments.get().pk,
            TransactionKind.REFUND,
            amount=-1,
            currency="gbp",
            stripe_id=stripe_id,
            at=now,
        )
        if fail:
            raise RuntimeError
