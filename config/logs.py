"""Structured logs: one JSON object a line in production, readable lines in development.

The request id (config/middleware.py) is bound into structlog's context and appears on every line.
"""

import re
from typing import Any

import structlog
from structlog.tracebacks import ExceptionDictTransformer
from structlog.types import EventDict, Processor, WrappedLogger

SECRETS = frozenset(
    {"client_secret", "authorization", "password", "token", "secret_key", "api_key", "stripe_signature"}
)

# Without the frames' variables: they hold names, addresses, passwords and whole requests.
TRACEBACKS = structlog.processors.ExceptionRenderer(ExceptionDictTransformer(show_locals=False))

# Other people's errors repeat what they were given: "Key (email)=(…) already exists".
TELLTALE = re.compile(
    r"[\w.+-]+@[\w-]+\.[\w.-]+"  # an address
    r"|\b(?:sk|rk|whsec)_\w{4,}"  # a key
    r"|\b\w+_secret_\w+"  # a client secret
)

SHARED: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


def drop_secrets(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Last line of defence: a field that is a secret by its name never reaches the output."""
    for name in SECRETS & event.keys():
        event[name] = "[dropped]"
    return event


def drop_telltales(_logger: WrappedLogger, _method: str, line: str) -> str:
    """Addresses, keys and client secrets are cut out of the finished line, wherever they came from."""
    return TELLTALE.sub("[dropped]", line)


def configure(*, level: str, pretty: bool) -> dict[str, Any]:
    """Set structlog up and return Django's LOGGING, so that both write the same lines."""
    structlog.configure(
        processors=[*SHARED, drop_secrets, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    renderers: list[Processor] = (
        [structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)]
        if pretty
        else [TRACEBACKS, structlog.processors.JSONRenderer()]
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
                    *renderers,
                    drop_telltales,
                ],
            }
        },
        "handlers": {"lines": {"class": "logging.StreamHandler", "formatter": "lines"}},
        "root": {"handlers": ["lines"], "level": level},
        "loggers": {
            "django.server": {"handlers": ["lines"], "level": level, "propagate": False},
            "stripe": {"level": "WARNING"},  # its INFO lines repeat request parameters
            "knox": {"level": "WARNING"},
            "fido2": {"level": "WARNING"},  # its INFO lines name people's passkeys
        },
    }
