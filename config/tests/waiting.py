"""Waiting for something that other threads or processes bring about."""

import time
from collections.abc import Callable

PATIENCE_SECONDS = 60


def wait_until(is_so: Callable[[], object]) -> None:
    """Look again and again; fails if it doesn't come about."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.02)
