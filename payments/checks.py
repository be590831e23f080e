from typing import Any

from django.core.checks import CheckMessage, Error, register

from payments import sockets


@register
def every_socket_is_filled(**_: Any) -> list[CheckMessage]:
    """An event without a handler would be answered 200 and lost."""
    return [
        Error(f"{name} is subscribed to, but nothing handles it", id="payments.E001")
        for name in sockets.empty_sockets()
    ]
