"""What staff read is marked for translation, though their pages are English so far."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client

from operations import translations

pytestmark = pytest.mark.once

ROOT = translations.ROOT
TEMPLATES = sorted(path for path in (ROOT / "templates").rglob("*") if path.suffix in (".html", ".txt"))
MODULES = sorted(path for path in translations.staff_files() if path.suffix == ".py")
# What is no word of a page: comments, styles, scripts, icons by their name, and what is marked.
ASIDE = re.compile(
    r"{#.*?#}|<(script|style)\b.*?</\1>|{% blocktranslate .*?{% endblocktranslate %}"
    r"|<span[^>]*\bmaterial-symbols-outlined\b[^>]*>[^<]*</span>",
    re.DOTALL,
)
TAG = re.compile(r"{%.*?%}|{{.*?}}", re.DOTALL)
ELEMENT = re.compile(r'<(?:"[^"]*"|[^<>"])*>')
SPOKEN_ATTRIBUTE = re.compile(r'\b(?:aria-label|placeholder|title|alt)="([^"]*)"')
GIVEN = re.compile(r'\b(?:words|heading|empty)="([^"]*)"|\|(?:default|yesno):"([A-Za-z][^"]*)"')
MARKS = {"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext"}
SENTENCE = re.compile(r"(?!SELECT |Can |Sees )(?:[A-Z][\w']* [a-z].*|[A-Z][a-z]+ [a-z]+)")


def bare(source: str) -> list[str]:
    """The words of a template that aren't marked."""
    shown = ASIDE.sub("", source)
    given = [one or two for one, two in GIVEN.findall("".join(TAG.findall(shown)))]
    plain = TAG.sub("", shown)
    texts = [*given, *SPOKEN_ATTRIBUTE.findall(plain), ELEMENT.sub("\n", plain)]
    return [word for text in texts for word in re.findall(r"[A-Za-z]{2,}", re.sub(r"&\w+;", "", text))]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_template_has_no_bare_words(path: Path) -> None:
    assert bare(path.read_text()) == []


def test_bare_words_are_found_wherever_they_stand() -> None:
    assert bare('<p>Go {{ name }}</p>{% include "x.html" with words="Now" %}<i title="Why"></i>') == [
        "Now",
        "Why",
        "Go",
    ]


def strings(tree: ast.AST) -> Iterator[str]:
    """The strings of a module that are neither marked nor its documentation, nor a row's name for logs."""
    aside: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and node.name == "__str__":
            aside |= {id(word) for word in ast.walk(node)}
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            aside.add(id(node.value))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in MARKS:
            aside |= {id(word) for word in node.args}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in aside:
            yield node.value


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_of_the_back_office_has_no_unmarked_sentence(path: Path) -> None:
    assert [text for text in strings(ast.parse(path.read_text())) if SENTENCE.fullmatch(text)] == []


def test_nothing_hides_the_mark() -> None:
    """A loop variable `_` in a module that imports `_` made every answer of it a 500 once."""
    rooms = [path for room in (*translations.ROOMS, "backoffice") for path in (ROOT / room).rglob("*.py")]
    hidden = []
    for path in rooms:
        tree = ast.parse(path.read_text())
        if any(isinstance(node, ast.alias) and node.asname == "_" for node in ast.walk(tree)):
            hidden += [f"{path.relative_to(ROOT)}:{line}" for line in bindings(tree)]
    assert hidden == []


def bindings(tree: ast.AST) -> Iterator[int]:
    """The lines that give `_` another meaning."""
    for node in ast.walk(tree):
        if (isinstance(node, ast.Name) and node.id == "_" and isinstance(node.ctx, ast.Store)) or (
            isinstance(node, ast.arg) and node.arg == "_"
        ):
            yield node.lineno


@pytest.mark.django_db
def test_staff_pages_stay_english_whatever_the_browser_asks_for(client: Client) -> None:
    page = client.get("/admin/login/", headers={"Accept-Language": "de"}).content.decode()
    assert 'lang="en' in page
    assert "Passwort" not in page
