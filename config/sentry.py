"""Errors to Sentry, only where a DSN is set: no bodies, no variables, nobody's name."""

import sentry_sdk
from sentry_sdk.scrubber import DEFAULT_DENYLIST, EventScrubber


def start(dsn: str) -> None:
    sentry_sdk.init(
        dsn=dsn,
        send_default_pii=False,
        include_local_variables=False,
        max_request_body_size="never",
        event_scrubber=EventScrubber(denylist=[*DEFAULT_DENYLIST, "client_secret", "stripe-signature"]),
    )
