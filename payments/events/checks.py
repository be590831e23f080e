from typing import Any

from django.core.checks import CheckMessage, Error, register

from payments.events import event_handlers


@register
def every_subscribed_type_has_a_handler(**_: Any) -> list[CheckMessage]:
    """An event without a handler would be answered 200 and lost."""
    return [
        Error(f"{name} is subscribed to, but nothing handles it", id="payments.E001")
        for name in event_handlers.types_without_handler()
    ]
