"""Minor units in words, and Stripe's smallest and largest amounts."""

from sandbox.request.errors import StripeError, invalid

LARGEST = 99_999_999
_ZERO_DECIMAL = frozenset("bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf".split())
_THREE_DECIMAL = frozenset("bhd jod kwd omr tnd".split())
# Sent in hundredths although the currency has none.
_WHOLE_ONLY = frozenset("isk ugx".split())
_SMALLEST = {
    "aed": 200, "aud": 50, "brl": 50, "cad": 50, "chf": 50, "czk": 1500, "dkk": 250, "eur": 50,
    "gbp": 30, "hkd": 400, "huf": 17500, "inr": 50, "jpy": 50, "krw": 50, "mxn": 1000,
    "myr": 200, "nok": 300, "nzd": 50, "pln": 200, "ron": 200, "sek": 300, "sgd": 50,
    "thb": 1000, "usd": 50, "zar": 50,
}  # fmt: skip
_OTHERS = frozenset("isk ugx huf twd ils try php idr cop bgn pen uyu ars mad kes ngn".split())
CURRENCIES = frozenset(_SMALLEST) | _ZERO_DECIMAL | _THREE_DECIMAL | _OTHERS
_SIGNS = {"usd": "$", "gbp": "£", "eur": "€", "jpy": "¥"}


def words(amount: int, currency: str) -> str:
    """`£45.00` for 4500 gbp."""
    digits = 0 if currency in _ZERO_DECIMAL else 3 if currency in _THREE_DECIMAL else 2
    number = f"{amount / 10**digits:,.{digits}f}"
    sign = _SIGNS.get(currency)
    return f"{sign}{number}" if sign else f"{number} {currency.upper()}"


def check_currency(currency: str) -> None:
    """Stripe knows it."""
    if currency not in CURRENCIES:
        raise invalid(f"Invalid currency: {currency}.", "currency")


def check_chargeable(amount: int, currency: str) -> None:
    """The amount may be charged in that currency."""
    smallest = _SMALLEST.get(currency, 1)
    if amount < smallest:
        message = f"Amount must be at least {words(smallest, currency)}"
        raise StripeError(message, code="amount_too_small", param="amount")
    if amount > LARGEST:
        message = f"Amount must be no more than {words(LARGEST, currency)}"
        raise StripeError(message, code="amount_too_large", param="amount")
    check_step(amount, currency)


def check_step(amount: int, currency: str) -> None:
    """The last digits are zero where Stripe wants them so."""
    step = 10 if currency in _THREE_DECIMAL else 100 if currency in _WHOLE_ONLY else 1
    if amount % step:
        message = f"Amounts in {currency} must be divisible by {step}."
        raise invalid(message, "amount", "parameter_invalid_integer")
