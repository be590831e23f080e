"""PostgreSQL keeps the plans of statements that come again, unless the database's URL forbids it."""

import pytest
from django.db import connection
from django.db.utils import ConnectionHandler

from config import database
from config.settings import BASE_DIR

pytestmark = [
    pytest.mark.skipif(connection.vendor != "postgresql", reason="only PostgreSQL keeps plans"),
    pytest.mark.django_db(transaction=True),
]


@pytest.mark.parametrize(("option", "kept"), [("", 1), ("server_side_binding=false", 0)])
def test_the_plan_of_a_statement_that_comes_again_is_kept(
    process_environment: dict[str, str], option: str, kept: int
) -> None:
    url = process_environment["DATABASE_URL"]
    url += ("&" if "?" in url else "?") + option
    settings = database.settings_for(url, base=BASE_DIR, conn_max_age=0, pool_size=0)
    fresh = ConnectionHandler({"default": settings})["default"]
    try:
        with fresh.cursor() as cursor:
            for number in range(10):
                cursor.execute("SELECT id FROM bookings_booking WHERE id = %s", [number])
            cursor.execute(
                "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE %s", ["%bookings_b%"]
            )
            assert cursor.fetchone() == (kept,)
    finally:
        fresh.close()
