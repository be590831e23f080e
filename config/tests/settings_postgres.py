"""The tests' settings on a real PostgreSQL: `pytest --ds=config.tests.settings_postgres`."""

import os

from config.tests import postgres

# pytest-xdist's workers inherit the address, so that one server serves all.
if "TESTS_RUN_ON" not in os.environ:
    os.environ["TESTS_RUN_ON"] = postgres.url()

from config.tests.settings import *  # noqa: F403
from config.tests.settings import DATABASES

# The browser's connections to the server stay open, and with them its threads: none may keep the database.
DATABASES["default"]["CONN_MAX_AGE"] = 0
