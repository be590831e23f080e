"""The tests' settings on a real PostgreSQL behind a PgBouncer in transaction mode: `make races-pooled`.

Its sessions stay open, so the tests' databases can't be dropped: they go with the server.
"""

import atexit
import os
from contextlib import ExitStack

from config.tests import pooler, postgres

if "TESTS_RUN_ON" not in os.environ:
    _stack = ExitStack()
    atexit.register(_stack.close)
    _server = postgres.url().partition("host=")[2]
    _port = _stack.enter_context(pooler.pooler(_server, sessions=20))
    os.environ["TESTS_RUN_ON"] = f"postgres://postgres@127.0.0.1:{_port}/postgres?connect_timeout=20"

from config.tests.settings_postgres import *  # noqa: F403
