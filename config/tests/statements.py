"""The database statements that something takes."""

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.clock import QUESTIONS

# What begins and ends transactions, and the question for the time, which is asked every few seconds only.
LEFT_OUT = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", *QUESTIONS.values())


def counted(act: Callable[[], Any]) -> list[str]:
    """The statements of this, in order, but for those that don't belong to it alone."""
    with CaptureQueriesContext(connection) as captured:
        act()
    return [query["sql"] for query in captured.captured_queries if not query["sql"].startswith(LEFT_OUT)]
