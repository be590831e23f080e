"""Money is an integer in the currency's minor unit, as Stripe has it."""

from decimal import Decimal
from functools import lru_cache

from babel import Locale
from babel.numbers import format_currency, get_currency_symbol

from core import language

# Stripe's own table (docs.stripe.com/currencies): Babel says 0 decimals for ISK, Stripe wants x100.
ZERO_DECIMAL = frozenset("bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf".split())
THREE_DECIMAL = frozenset("bhd jod kwd omr tnd".split())
WHOLE_UNITS_TIMES_100 = frozenset({"isk", "ugx"})

# What Stripe charges at least (docs.stripe.com/currencies), where it is more than one minor unit.
SMALLEST = {
    "aed": 200, "aud": 50, "brl": 50, "cad": 50, "chf": 50, "czk": 1500, "dkk": 250, "eur": 50,
    "gbp": 30, "hkd": 400, "huf": 17500, "inr": 50, "jpy": 50, "krw": 50, "mxn": 1000,
    "myr": 200, "nok": 300, "nzd": 50, "pln": 200, "ron": 200, "sek": 300, "sgd": 50,
    "thb": 1000, "usd": 50, "zar": 50,
}  # fmt: skip

# Eight digits: the cap that holds for every payment method.
LARGEST = 99_999_999


def exponent(currency: str) -> int:
    """Return how many decimals Stripe's minor unit has for this currency."""
    if currency in ZERO_DECIMAL:
        return 0
    return 3 if currency in THREE_DECIMAL else 2


def is_chargeable(amount: int, currency: str) -> bool:
    """Tell whether Stripe can express this amount: positive, capped, on the currency's grid."""
    grid = 100 if currency in WHOLE_UNITS_TIMES_100 else 10 if currency in THREE_DECIMAL else 1
    return 0 < amount <= LARGEST and amount % grid == 0


def smallest(currency: str) -> int:
    """The least that Stripe charges in this currency, as far as it is known."""
    return SMALLEST.get(currency, 1)


def in_words(amount: int, currency: str) -> str:
    """Write minor units for people, in the language being spoken: 4500 gbp is £45.00, 9899 jpy JP¥9,899."""
    locale = language.locale()
    digits = 0 if currency in WHOLE_UNITS_TIMES_100 else exponent(currency)
    value = Decimal(amount).scaleb(-exponent(currency))
    code = currency.upper()
    pattern = _pattern(locale).replace("0.00", "0" + ("." + "0" * digits if digits else ""))
    if pattern.startswith("¤#") and get_currency_symbol(code, locale).isalpha():
        pattern = pattern.replace("¤", "¤\N{NO-BREAK SPACE}")
    return format_currency(value, code, format=pattern, locale=locale, currency_digits=False)


@lru_cache
def _pattern(locale: str) -> str:
    return str(Locale.parse(locale).currency_formats["standard"].pattern)
