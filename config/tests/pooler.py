"""A real PgBouncer in transaction mode before a PostgreSQL of the tests."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from config.tests.pair import free_port

CONFIGURATION = """
[databases]
* = host={server} port=5432 user=postgres
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
max_client_conn = 200
default_pool_size = {sessions}
server_idle_timeout = 2
"""
PATIENCE_SECONDS = 60


def program() -> str | None:
    """Debian's PgBouncer, if it is installed."""
    return shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}:/usr/sbin")


@contextmanager
def pooler(server: str, *, sessions: int) -> Iterator[int]:
    """A PgBouncer with so many sessions at the server on this socket; gives its port."""
    port = free_port()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        folder.chmod(0o755)
        (folder / "ini").write_text(CONFIGURATION.format(server=server, port=port, sessions=sessions))
        command = [str(program()), "--quiet", str(folder / "ini")]
        # It refuses to run as root.
        user = pwd.getpwnam("nobody").pw_uid if os.geteuid() == 0 else None
        with subprocess.Popen(command, user=user, cwd=folder) as process:
            try:
                _wait_for(port)
                yield port
            finally:
                process.kill()


def _wait_for(port: int) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            assert time.monotonic() < until, "PgBouncer didn't start"
            time.sleep(0.05)
