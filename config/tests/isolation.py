"""Keep tests apart from each other on a database that guards its books."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import TransactionTestCase

from config.tests import flushing


@contextmanager
def tests_kept_apart() -> Iterator[None]:
    """What holds for the whole run."""
    enter = transaction.Atomic.__enter__
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(transaction.Atomic, "__enter__", as_if_outermost(enter))
        patch.setattr(TransactionTestCase, "_fixture_teardown", flushing.empty)
        # PostgreSQL's caches are made anew for each connection, a sixth of the run.
        patch.setattr(TransactionTestCase, "_should_reload_connections", lambda _case: False)
        yield


def as_if_outermost(enter: Callable[[transaction.Atomic], None]) -> Callable[[transaction.Atomic], None]:
    """A block that is the outermost in production rolls back alone inside a test's transaction, too."""

    def entered(block: transaction.Atomic) -> None:
        around: list[Any] = connection.atomic_blocks
        block.savepoint = block.savepoint or all(outer._from_testcase for outer in around)
        enter(block)

    return entered
