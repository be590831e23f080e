"""Every class in a template stands in a style sheet that is served; pages are called as in the menu."""

import html
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.urls import reverse

from accounts.models import User
from backoffice.site import WAYS
from backoffice.tests.desk_world import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.once]
ROOT = Path(__file__).resolve().parents[2]
SHEETS = ("unfold/css/styles.css", "backoffice/desk.css", "backoffice/agenda.css")
OURS = (ROOT / "templates" / "admin", ROOT / "templates" / "backoffice", ROOT / "templates" / "unfold")
CLASSES = re.compile(r"class=\"((?:\{%.*?%\}|\{\{.*?\}\}|[^\"])*)\"")
BRANCHES = re.compile(r"\{%.*?%\}")
VALUES = re.compile(r"\{\{.*?\}\}")


def served() -> set[str]:
    """The classes that our pages' style sheets know."""
    found: set[str] = set()
    for sheet in SHEETS:
        path = finders.find(sheet)
        assert path is not None, sheet
        names = re.findall(r"\.((?:\\.|[\w-])+)", Path(str(path)).read_text())
        found |= {re.sub(r"\\(.)", r"\1", name) for name in names}
    return found


def named() -> list[tuple[str, str]]:
    """File and class, of each class in our templates and in what Python writes into pages."""
    files = [file for folder in OURS for file in folder.rglob("*.html")]
    files += [file for file in (ROOT / "backoffice").rglob("*.py") if "tests" not in file.parts]
    return [
        (file.name, name)
        for file in files
        for told in CLASSES.findall(file.read_text())
        for name in VALUES.sub("{{}}", BRANCHES.sub(" ", told)).split()
        if "{{" not in name
    ]


def test_every_class_in_a_template_exists_in_a_style_sheet_that_is_served() -> None:
    known, found = served(), named()
    assert len(found) > 100
    assert [one for one in found if one[1] not in known] == []


@pytest.mark.parametrize("model", [model for _, ways in WAYS for _, _, model in ways])
def test_a_page_is_called_what_its_menu_calls_it(model: str) -> None:
    client = signed_in(User.objects.create_superuser("root"))
    answer = client.get(reverse(f"admin:{model}_changelist"), follow=True)
    page = answer.content.decode()
    words = str(next(way[0] for group in WAYS for way in group[1] if way[2] == model))
    title = re.search(r"<title>\s*(.*?)\s*</title>", page, re.DOTALL)
    heading = re.search(r"<h1[^>]*>(.*?)</h1>", page, re.DOTALL)
    assert title is not None
    assert heading is not None
    told = html.unescape(re.sub(r"<[^>]+>", "", heading[1])).split()
    assert told[: len(words.split())] == words.split()
    if answer.redirect_chain:  # a list of one is that one's page
        assert f" {words} |" in html.unescape(title[1])
    else:
        assert html.unescape(title[1]).startswith(f"{words} |")
        assert told == words.split()
