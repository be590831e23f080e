"""What an event is stored without: people. Nothing here needs them, and erasing would have to find them."""

from typing import Any

# Wherever they stand in an event. A dispute's evidence holds names, too; it is asked for, not read here.
PERSONAL = frozenset(
    "billing_details shipping receipt_email customer_details customer_email email phone evidence "
    "client_secret customer_address customer_name customer_purchase_ip ip_address shipping_address".split()
)


def without_people(value: Any) -> Any:
    """The same JSON without what tells of a person, and without secrets of a payment sheet."""
    if isinstance(value, dict):
        return {name: without_people(part) for name, part in value.items() if name not in PERSONAL}
    if isinstance(value, list):
        return [without_people(part) for part in value]
    return value
