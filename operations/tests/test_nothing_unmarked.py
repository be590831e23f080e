"""No words of a customer escape translation: templates have none outside their marks, errors none at all."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.template.base import Lexer, TokenType

from operations import translations

pytestmark = pytest.mark.once

ROOT = Path(settings.BASE_DIR)
# What only staff meet stays English; a new room of theirs is named here.
STAFF = (
    "accounts/staff/",
    "accounts/address.py",
    "bookings/attendance.py",
    "payments/books/",
    "payments/events/",
    "refunds/closures",
    "refunds/dispute",
    "refunds/interlock.py",
    "refunds/staff/",
    "refunds/approval.py",
)
NO_WORDS = re.compile(r"<!--.*?-->|<style.*?</style>|<[^>]*>|&\w+;", re.DOTALL)


def loose_words(template: Path) -> list[str]:
    """Text of a template that isn't marked for translation."""
    source = NO_WORDS.sub("", template.read_text())
    found, inside = [], False
    for token in Lexer(source).tokenize():
        if token.token_type == TokenType.BLOCK:
            name = token.contents.split()[0]
            inside = name == "blocktranslate" or (inside and name != "endblocktranslate")
        elif token.token_type == TokenType.TEXT and not inside and re.search(r"[^\W\d_]{2}", token.contents):
            found.append(token.contents.strip())
    return found


@pytest.mark.parametrize("folder", translations.TEMPLATES)
def test_templates_have_no_words_outside_their_marks(folder: str) -> None:
    templates = [p for p in (ROOT / folder).rglob("*.*") if "staff" not in str(p.relative_to(ROOT))]
    assert templates
    assert {str(p.relative_to(ROOT)): words for p in templates if (words := loose_words(p))} == {}


def test_errors_for_customers_are_marked() -> None:
    loose = [
        f"{path.relative_to(ROOT)}:{call.lineno}"
        for room in ("bookings", "payments", "refunds", "accounts", "core")
        for path in sorted((ROOT / room).rglob("*.py"))
        if "tests" not in path.parts and not str(path.relative_to(ROOT)).startswith(STAFF)
        for call in errors_in(path)
        if len(call.args) > 1 and is_plain(call.args[1])
    ]
    assert loose == []


def errors_in(path: Path) -> Iterator[ast.Call]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "DomainError":
            yield node


def is_plain(text: ast.expr) -> bool:
    return isinstance(text, ast.JoinedStr) or (isinstance(text, ast.Constant) and isinstance(text.value, str))
