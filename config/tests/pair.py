"""Two PostgreSQL servers: a primary, and a replica that has each commit before it is answered."""

import os
import signal
import socket
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from config.tests import postgres

MEMBER = "-c listen_addresses=127.0.0.1 -c max_connections=300 -c fsync=off"
WAITS_FOR_REPLICA = "-c synchronous_standby_names=* -c synchronous_commit=on"


def free_port() -> int:
    with socket.socket() as chosen:
        chosen.bind(("127.0.0.1", 0))
        return int(chosen.getsockname()[1])


@dataclass
class Server:
    """A copy of another server; `name` is the database that is asked."""

    name: str
    folder: Path = field(default_factory=postgres.new_folder)
    port: int = field(default_factory=free_port)

    def copy(self, *source: str, as_replica: bool = False) -> None:
        """Take a copy of the server at `source` (pg_basebackup's options)."""
        how = ["--username=postgres", "--checkpoint=fast", "--no-sync", *source]
        postgres.run(self.folder, "pg_basebackup", *how, *(["--write-recovery-conf"] if as_replica else []))

    def begin(self, options: str = "") -> None:
        postgres.begin(self.folder, f"-p {self.port} {MEMBER} {options}")

    def stop(self) -> None:
        postgres.run(self.folder, "pg_ctl", "stop", "-w", "-m", "immediate")

    def promote(self) -> None:
        postgres.run(self.folder, "pg_ctl", "promote", "-w")

    def kill(self) -> None:
        """All its processes, at once."""
        pid = int((self.folder / "data" / "postmaster.pid").read_text().split()[0])
        os.killpg(pid, signal.SIGKILL)

    def ask(self, statement: str, database: str = "") -> list[tuple[object, ...]]:
        url = f"postgres://postgres@127.0.0.1:{self.port}/{database or self.name}"
        with psycopg.connect(url, autocommit=True) as connection:
            found = connection.execute(statement.encode())
            return found.fetchall() if found.description else []


@dataclass
class Pair:
    primary: Server
    replica: Server

    @property
    def url(self) -> str:
        """As it stands in DATABASE_URL."""
        ports = (server.port for server in (self.primary, self.replica))
        return f"postgres://postgres@{','.join(f'127.0.0.1:{port}' for port in ports)}/{self.primary.name}"


def pair_of(folder: str, name: str) -> Pair:
    """A pair that begins as a copy of the tests' own server, migrated already."""
    primary, replica = Server(name), Server(name)
    primary.copy(f"--host={folder}")
    primary.begin()
    replica.copy("--host=127.0.0.1", f"--port={primary.port}", as_replica=True)
    replica.begin()
    primary.stop()
    primary.begin(WAITS_FOR_REPLICA)
    return Pair(primary, replica)
