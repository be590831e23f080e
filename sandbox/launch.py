"""Start a sandbox of one's own and stop it again; for tests, the demo and benchmarks."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sandbox.client import Sandbox

_ROOT = Path(__file__).resolve().parent.parent
_STOP_SECONDS = 10


@contextmanager
def running(*arguments: str) -> Iterator[Sandbox]:
    """A sandbox on a free port, with these arguments (`--settle-after manual`, …)."""
    command = [sys.executable, "-m", "sandbox", "--port", "0", *arguments]
    with subprocess.Popen(  # noqa: S603 our own interpreter and module
        command, cwd=_ROOT, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            line = process.stdout.readline() if process.stdout else ""
            if not line.startswith("sandbox listening on "):
                raise RuntimeError("the sandbox didn't start")
            yield Sandbox(line.split()[-1])
        finally:
            _stop(process)


def _stop(process: subprocess.Popen[str]) -> None:
    process.terminate()
    try:
        process.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
