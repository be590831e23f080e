"""Money is an integer in the currency's minor unit, as Stripe has it."""

from decimal import Decimal

from babel.numbers import format_currency, get_currency_symbol

LOCALE = "en_GB"

# Stripe's own table (docs.stripe.com/currencies): Babel says 0 decimals for ISK, Stripe wants x100.
ZERO_DECIMAL = frozenset("bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf".split())
THREE_DECIMAL = frozenset("bhd jod kwd omr tnd".split())
WHOLE_UNITS_TIMES_100 = frozenset({"isk", "ugx"})

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


def in_words(amount: int, currency: str) -> str:
    """Write minor units for people: 4500 gbp is £45.00, 9899 jpy is JP¥9,899."""
    digits = 0 if currency in WHOLE_UNITS_TIMES_100 else exponent(currency)
    value = Decimal(amount).scaleb(-exponent(currency))
    code = currency.upper()
    space = "\N{NO-BREAK SPACE}" if get_currency_symbol(code, LOCALE).isalpha() else ""
    pattern = f"¤{space}#,##0" + ("." + "0" * digits if digits else "")
    return format_currency(value, code, format=pattern, locale=LOCALE, currency_digits=False)
