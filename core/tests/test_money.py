"""Minor units as Stripe has them, and prices that it can charge."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from bookings.models import Service
from core import money

CURRENCIES = sorted(
    money.ZERO_DECIMAL | money.THREE_DECIMAL | money.WHOLE_UNITS_TIMES_100 | {"gbp", "usd", "eur", "huf"}
)


@pytest.mark.parametrize(
    ("amount", "currency", "words"),
    [
        (4500, "gbp", "£45.00"),
        (123456789, "eur", "€1,234,567.89"),
        (9899, "jpy", "JP¥9,899"),
        (50000, "krw", "₩50,000"),
        (450000, "isk", "ISK 4,500"),
        (12340, "kwd", "KWD 12.340"),
        (5, "usd", "US$0.05"),
    ],
)
def test_money_is_written_as_people_write_it(amount: int, currency: str, words: str) -> None:
    assert money.in_words(amount, currency).replace("\N{NO-BREAK SPACE}", " ") == words


@pytest.mark.parametrize(
    ("amount", "currency", "chargeable"),
    [
        (1, "gbp", True),
        (0, "gbp", False),
        (-1, "gbp", False),
        (99_999_999, "gbp", True),
        (100_000_000, "gbp", False),
        (9899, "jpy", True),
        (450000, "isk", True),
        (450050, "isk", False),
        (12340, "kwd", True),
        (12345, "kwd", False),
    ],
)
def test_only_what_stripe_can_express_is_chargeable(amount: int, currency: str, chargeable: bool) -> None:
    assert money.is_chargeable(amount, currency) is chargeable


@given(amount=st.integers(1, money.LARGEST), currency=st.sampled_from(CURRENCIES))
def test_words_lose_nothing_that_can_be_charged(amount: int, currency: str) -> None:
    digits = "".join(filter(str.isdigit, money.in_words(amount, currency)))
    if money.is_chargeable(amount, currency):
        scale = 100 if currency in money.WHOLE_UNITS_TIMES_100 else 1
        assert int(digits) * scale == amount


def a_service(price: int, currency: str = "gbp", minutes: float = 60) -> Service:
    return Service(name="Cut", price=price, currency=currency, duration=timedelta(minutes=minutes))


@pytest.mark.django_db
@pytest.mark.parametrize("service", [a_service(4500), a_service(9899, "jpy"), a_service(450000, "isk")])
def test_a_price_that_can_be_charged_is_accepted(service: Service) -> None:
    service.full_clean()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("service", "field"),
    [
        (a_service(0), "price"),
        (a_service(100_000_000), "price"),
        (a_service(450050, "isk"), "price"),
        (a_service(12345, "kwd"), "price"),
        (a_service(4500, "GBP"), "currency"),
        (a_service(4500, "£"), "currency"),
        (a_service(4500, minutes=0), "duration"),
        (a_service(4500, minutes=-60), "duration"),
    ],
)
def test_terms_that_cannot_be_sold_are_refused_where_staff_type_them(service: Service, field: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        service.full_clean()
    assert field in refusal.value.error_dict
