"""The drawings and paths in the docs say what the code says."""

import ast
import re
import tomllib
from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path

import pytest

from bookings.models import Booking
from refunds.models import RefundRecord

pytestmark = pytest.mark.once

ROOT = Path(__file__).resolve().parents[2]
ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text()
ARROW = re.compile(r"^ *(\w+) --> (\w+)", re.MULTILINE)


def drawing_under(heading: str) -> str:
    """The Mermaid text below a heading."""
    after = ARCHITECTURE.split(f"{heading}\n", 1)[1]
    return after.split("```mermaid\n", 1)[1].split("```", 1)[0]


def drawn_arrows(heading: str) -> set[tuple[str, str]]:
    """The arrows of a state diagram; one from a group of states is one from each state in it."""
    drawing = drawing_under(heading)
    groups = {name: body.split() for name, body in re.findall(r"state (\w+) \{([^}]*)\}", drawing)}
    return {(state, to) for start, to in ARROW.findall(drawing) for state in groups.get(start, [start])}


def arrows_of(model: Mapping[str, frozenset[str]]) -> set[tuple[str, str]]:
    return {(start, end) for start, ends in model.items() for end in ends}


def test_the_states_of_a_booking_are_drawn_as_they_are() -> None:
    assert drawn_arrows("## The states of a booking") == arrows_of(Booking.ARROWS)


def test_the_states_of_a_refund_are_drawn_as_they_are() -> None:
    assert drawn_arrows("## The states of a refund") == arrows_of(RefundRecord.ARROWS)


def test_the_apps_are_drawn_in_the_order_that_the_import_contract_holds() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    layers = next(one["layers"] for one in contracts if one["name"] == "Imports point down")
    chain = re.search(r"^ *(\w+(?: --> \w+)+)$", drawing_under("# How it is built"), re.MULTILINE)
    assert chain is not None
    assert list(pairwise(chain[1].split(" --> "))) == list(pairwise(layers))


def functions_in(path: str) -> set[str]:
    tree = ast.parse((ROOT / path).read_text())
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("heading", ["## The way of a cancellation", "## The way of a webhook"])
def test_each_step_of_a_way_is_a_function_of_the_module_that_it_goes_to(heading: str) -> None:
    drawing = drawing_under(heading)
    modules = dict(re.findall(r"participant (\w+) as (\S+)", drawing))
    steps = re.findall(r"->>(\w+): (\w+)", drawing)
    assert len(steps) > 3
    assert [step for step in steps if step[1] not in functions_in(modules[step[0]])] == []


def named_paths() -> Iterator[tuple[str, str]]:
    """Every file of ours that the docs name."""
    for page in [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]:
        for path in re.findall(r"`((?:[\w.]+/)+[\w.]+\.(?:py|html|txt|ts|tsx))\b", page.read_text()):
            yield page.name, path


def test_every_file_that_the_docs_name_exists() -> None:
    found = list(named_paths())
    assert len(found) > 20
    assert [(page, path) for page, path in found if not (ROOT / path).exists()] == []


def test_the_words_of_the_house_have_a_line_each() -> None:
    glossary = ARCHITECTURE.split("## Words of the house", 1)[1].split("##", 1)[0]
    assert re.findall(r"^\| \*(\w+)\*", glossary, re.MULTILINE) == ["Story", "orphan", "closure", "finding"]
