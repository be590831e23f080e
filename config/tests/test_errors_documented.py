import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# Not the admin's: what staff are told is in its own words.
STAFFS = {"attendance.py", "closing.py"}
ROOMS = [*ROOT.glob("bookings/**/*.py"), *ROOT.glob("payments/**/*.py"), ROOT / "refunds/views.py"]
RAISING = [path for path in ROOMS if "tests" not in path.parts and path.name not in STAFFS]


def raised(path: Path) -> Iterator[str]:
    """The codes of the domain errors that a module makes."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "DomainError":
            assert isinstance(node.args[0], ast.Constant)
            yield str(node.args[0].value)


def test_the_codes_that_customers_can_get_are_documented_and_no_others() -> None:
    text = (ROOT / "docs" / "errors.md").read_text()
    first_table = text.split("## The request itself")[0]
    documented = set(re.findall(r"^\| `(\w+)` \|", first_table, re.MULTILINE))
    assert documented - {"code"} == {code for path in RAISING for code in raised(path)}
