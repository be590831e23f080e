"""Structured logs: one JSON object a line in production, readable lines in development.

The request id (config/middleware.py) is bound into structlog's context and appears on every line.
"""

import re
from collections.abc import Mapping
from typing import Any

import structlog
from structlog.tracebacks import ExceptionDictTransformer
from structlog.types import EventDict, Processor, WrappedLogger

SECRETS = frozenset(
    {"client_secret", "authorization", "password", "token", "secret_key", "api_key", "stripe_signature"}
)

# Without the frames' variables: they hold names, addresses, passwords and whole requests.
TRACEBACKS = structlog.processors.ExceptionRenderer(ExceptionDictTransformer(show_locals=False))

# Other people's errors repeat what they were given: "Key (email)=(…) already exists". Each part has a
# longest length, so that a text is looked through in time that grows with its length only.
ADDRESS = re.compile(r"[\w.+-]{1,64}@(?:[\w-]{1,63}\.){1,10}[\w-]{1,63}")
KEY = re.compile(r"\b(?:sk|rk|whsec)_\w{4,}")
CLIENT_SECRET = re.compile(r"\w{0,64}_secret_\w+")
LONGEST_TEXT = 2_000
DROPPED, DEEPEST = "[dropped]", 8

SHARED: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


def drop_secrets(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Last line of defence: a field that is a secret by its name never reaches the output."""
    for name in SECRETS & event.keys():
        event[name] = DROPPED
    return event


def drop_telltales(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Addresses, keys and client secrets are cut out of every value, wherever it came from.

    Before a line is made of them: cut out of a finished line, they would take its quotes along.
    """
    return {name: _without_telltales(value) for name, value in event.items()}


def _without_telltales(value: Any, depth: int = 0) -> Any:
    if isinstance(value, (bool, int, float)) or value is None:
        return value
    if isinstance(value, Mapping) and depth < DEEPEST:
        return {str(name): _without_telltales(inner, depth + 1) for name, inner in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)) and depth < DEEPEST:
        return [_without_telltales(inner, depth + 1) for inner in value]
    return without_telltales(value if isinstance(value, str) else repr(value))


def without_telltales(text: str) -> str:
    """A text without addresses and secrets, cut to a length that a line can have."""
    text = text if len(text) <= LONGEST_TEXT else f"{text[:LONGEST_TEXT]}…"
    if "@" in text:
        text = ADDRESS.sub(DROPPED, text)
    if "_secret_" in text:
        text = CLIENT_SECRET.sub(DROPPED, text)
    return KEY.sub(DROPPED, text) if "_" in text else text


def configure(*, level: str, pretty: bool) -> dict[str, Any]:
    """Set structlog up and return Django's LOGGING, so that both write the same lines."""
    structlog.configure(
        processors=[*SHARED, drop_secrets, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    tracebacks: Processor = structlog.processors.format_exc_info if pretty else TRACEBACKS
    renderer: Processor = (
        structlog.dev.ConsoleRenderer(colors=False) if pretty else structlog.processors.JSONRenderer()
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "lines": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": SHARED,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    drop_secrets,
                    tracebacks,
                    drop_telltales,
                    renderer,
                ],
            }
        },
        "handlers": {"lines": {"class": "logging.StreamHandler", "formatter": "lines"}},
        "root": {"handlers": ["lines"], "level": level},
        "loggers": {
            "django.server": {"handlers": ["lines"], "level": level, "propagate": False},
            "stripe": {"level": "WARNING"},  # its INFO lines repeat request parameters
            "knox": {"level": "WARNING"},
            # Whoever likes can have us write these: the answer is 400, and that says it.
            "django.security.DisallowedHost": {"level": "CRITICAL"},
            "fido2": {"level": "WARNING"},  # its INFO lines name people's passkeys
        },
    }
