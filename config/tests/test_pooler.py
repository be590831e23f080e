"""Behind a PgBouncer in transaction mode all works, though each transaction may have another session."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import ConnectionHandler

from config import database
from config.settings import BASE_DIR
from config.tests import pooler
from conftest import lacking
from core.storage import pooler as noticing
from core.work import jobs
from core.work.worker import Lane

pytestmark = [
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no pooler"),
    pytest.mark.django_db(transaction=True),
]

CLIENTS, ROUNDS = 8, 20


@pytest.fixture
def through(settings: object) -> Iterator[ConnectionHandler]:
    """Connections through a pooler with fewer sessions than clients."""
    told = connection.settings_dict
    if pooler.program() is None or "host" not in told["OPTIONS"]:
        lacking("PgBouncer, or a PostgreSQL of the tests' own,")
    with pooler.pooler(str(told["OPTIONS"]["host"]), sessions=3) as port:
        url = f"postgres://postgres@127.0.0.1:{port}/{told['NAME']}"
        configured = database.settings_for(url, base=BASE_DIR, conn_max_age=0, pool_size=0)
        yield ConnectionHandler({"default": configured})


def plans_kept_by(one: BaseDatabaseWrapper) -> object:
    one.ensure_connection()
    return one.connection.prepare_threshold


def test_an_old_pooler_is_noticed_and_no_plan_is_kept(through: ConnectionHandler) -> None:
    pooled, direct = through["default"], connections["default"]
    assert (plans_kept_by(pooled), plans_kept_by(direct)) == (None, 5)
    assert (noticing.is_between(pooled), noticing.is_between(direct)) == (True, False)
    with pooled.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements")
        assert cursor.fetchone() == (0,)
    pooled.close()


def test_many_clients_share_few_sessions(through: ConnectionHandler) -> None:
    def ask(number: int) -> int:
        mine = through["default"]
        try:
            for turn in range(ROUNDS):
                with mine.cursor() as cursor:
                    cursor.execute("SELECT %s::int + count(*) FROM bookings_booking", [turn])
                    assert cursor.fetchone() == (turn,)
            return number
        finally:
            mine.close()

    with ThreadPoolExecutor(CLIENTS) as pool:
        assert list(pool.map(ask, range(CLIENTS))) == list(range(CLIENTS))


def test_a_worker_behind_a_pooler_looks_by_itself(
    through: ConnectionHandler, monkeypatch: pytest.MonkeyPatch
) -> None:
    """LISTEN would stay behind in a session that others get."""
    pooled, direct = through["default"], connections["default"]
    pooled.ensure_connection()
    connections["default"] = pooled
    stop = Event()
    stop.set()
    try:
        Lane("stripe", [jobs.Job("nothing", lambda _: 0)], lambda: None, stop)._wait()  # type: ignore[arg-type,return-value]
        with pooled.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_listening_channels()")
            assert cursor.fetchone() == (0,)
    finally:
        pooled.close()
        connections["default"] = direct
