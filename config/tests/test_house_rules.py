"""Small files and small functions (the import contracts and types are held by `make lint`)."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.once

ROOT = Path(__file__).resolve().parents[2]
ROOMS = (
    "config",
    "operations",
    "backoffice",
    "accounts",
    "refunds",
    "payments",
    "bookings",
    "core",
    "sandbox",
    "demo",
    "bench",
)
LONGEST_FILE, LONGEST_FUNCTION = 250, 50


def sources() -> Iterator[tuple[str, str]]:
    """Path and text of every Python file."""
    folders = [ROOT / room for room in ROOMS]
    for path in [*ROOT.glob("*.py"), *(path for folder in folders for path in folder.rglob("*.py"))]:
        yield str(path.relative_to(ROOT)), path.read_text()


def long_functions(name: str, text: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or 0) - node.lineno + 1
            if length > LONGEST_FUNCTION:
                yield f"{name}: {node.name} has {length} lines"


def test_no_file_is_longer_than_250_lines() -> None:
    assert [name for name, text in sources() if text.count("\n") > LONGEST_FILE] == []


def test_no_function_is_longer_than_50_lines() -> None:
    assert [line for name, text in sources() for line in long_functions(name, text)] == []


def test_every_file_is_looked_at() -> None:
    known = {"manage.py", "config/settings.py", "refunds/policy.py", "sandbox/reversals/refunds.py"}
    assert known <= {name for name, _ in sources()}
