"""The processor's time that the site and its database spend: what a busy neighbour doesn't change."""

from pathlib import Path

from django.db import connection

from bench.memory import children

OTHERS = "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"


def spent(site: int) -> float:
    """Seconds so far, of the site's processes and of the database's sessions but for ours."""
    with connection.cursor() as cursor:
        cursor.execute(OTHERS)
        sessions = [pid for (pid,) in cursor.fetchall()]
    return sum(map(_nanoseconds, [site, *children(site), *sessions])) / 1_000_000_000


def _nanoseconds(pid: int) -> int:
    """Of all its threads; 0 for one that has ended or runs elsewhere."""
    told = Path(f"/proc/{pid}/task").glob("*/schedstat")
    return sum(_read(path) for path in told)


def _read(path: Path) -> int:
    try:
        return int(path.read_text().split()[0])
    except OSError:
        return 0
