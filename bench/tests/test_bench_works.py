import os
import subprocess
import sys
from pathlib import Path

import pytest

from bench import machine, report


@pytest.mark.once  # it starts a PostgreSQL of its own
@pytest.mark.skipif("CI" not in os.environ, reason="the bench's short form runs in CI")
def test_the_short_form_measures_everything_and_writes_the_page(tmp_path: Path) -> None:
    page = tmp_path / "performance.md"
    page.write_text(f"before\n{report.BEGIN}{report.END}\nafter\n")
    command = [sys.executable, "-m", "bench", "--short", "--sizes", "20,40"]
    command += ["--minutes", "0", "--write", str(page)]
    done = subprocess.run(command, cwd=machine.ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    words = page.read_text()
    assert words.startswith("before\n")
    assert words.endswith("after\n")
    for path in (
        "all types mixed",
        "refund.updated",
        "refund status",
        "refund drain",
        "admin home",
        "verification",
    ):
        assert path in words
    assert page.with_suffix(".svg").read_text().startswith("<svg")
