"""Text that our fonts can draw: what they have as it is, everything else as it is read in Latin letters.

ReportLab draws characters in the order they come and joins none: Arabic gets its joined forms here, and it
and Hebrew their order from right to left.
"""

import re
import unicodedata
from functools import lru_cache
from pathlib import Path

from core import fonts

READINGS = Path(__file__).parent / "readings.txt"
UNKNOWN = "\N{REPLACEMENT CHARACTER}"
# Words from right to left and what stands between two of them.
_RTL = r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]+"
RIGHT_TO_LEFT = re.compile(rf"{_RTL}(?:[\s\-.,'\"]+{_RTL})*")
_MARKS = r"\u0300-\u036f\u0591-\u05c7\u064b-\u065f"
LETTER_AND_MARKS = re.compile(rf"[^{_MARKS}][{_MARKS}]*")
JOINED_FORMS = range(0xFE70, 0xFEFD)
UNSEEN = ("Cc", "Cf", "Mn", "Me")
SIGNS = {"\N{LARI SIGN}": "GEL", "\N{THAI CURRENCY SYMBOL BAHT}": "THB", "\N{BITCOIN SIGN}": "BTC"}


def drawable(text: str) -> str:
    """The text in characters that the embedded fonts have, in the order in which they are drawn."""
    return "".join(_drawn(character) for character in RIGHT_TO_LEFT.sub(_turned, text))


def _drawn(character: str) -> str:
    if fonts.has(character):
        return character
    if character.isspace() or character in SIGNS:
        return SIGNS.get(character, " ")
    if character in _readings() or unicodedata.category(character) in UNSEEN:
        return _readings().get(character, "")
    plain = unicodedata.normalize("NFKC", character)
    if plain != character and all(map(fonts.has, plain)):
        return plain
    name = unicodedata.name(character, "")
    return f"[{name.lower()}]" if name else UNKNOWN


@lru_cache(maxsize=1)
def _readings() -> dict[str, str]:
    readings: dict[str, str] = {}
    for line in READINGS.read_text().splitlines():
        start, _, block = line.partition(" ")
        readings |= {chr(int(start, 16) + place): text for place, text in enumerate(block.split(","))}
    return readings


def _turned(run: re.Match[str]) -> str:
    letters = _joined(run.group())
    clusters = re.findall(
        r"[^\u0300-\u036f\u0591-\u05c7\u064b-\u065f][\u0300-\u036f\u0591-\u05c7\u064b-\u065f]*", letters
    )
    return "".join(reversed(clusters))


def _joined(text: str) -> str:
    """Arabic letters in the forms that they have beside their neighbours."""
    for pair, forms in _forms().items():
        if len(pair) == 2 and "isolated" in forms:
            text = text.replace(pair, forms["isolated"])
    return "".join(_form(text, place) for place in range(len(text)))


def _form(text: str, place: int) -> str:
    letter = text[place]
    # A ligature was put in as its isolated form, and joins as its letters do.
    forms = _forms().get(_plain(letter), {})
    before = _joins_onward(text[:place])
    after = bool(_forms().get(_plain(_next_letter(text[place + 1 :])), {}).get("final"))
    onward = "initial" in forms and after
    wanted = (
        ("medial" if onward else "final")
        if before and "final" in forms
        else "initial"
        if onward
        else "isolated"
    )
    return forms.get(wanted, letter)


def _joins_onward(before: str) -> bool:
    return "initial" in _forms().get(_plain(_next_letter(before[::-1])), {})


def _next_letter(text: str) -> str:
    """The first character that isn't a mark upon another."""
    return next((character for character in text if not unicodedata.combining(character)), "")


def _plain(letter: str) -> str:
    return unicodedata.normalize("NFKC", letter)


@lru_cache(maxsize=1)
def _forms() -> dict[str, dict[str, str]]:
    """Each Arabic letter's joined forms, as Unicode's own table names them."""
    forms: dict[str, dict[str, str]] = {}
    for point in JOINED_FORMS:
        kind, *letters = unicodedata.decomposition(chr(point)).split() or [""]
        if letters and kind.startswith("<") and "0020" not in letters and "0640" not in letters:
            plain = "".join(chr(int(letter, 16)) for letter in letters)
            forms.setdefault(plain, {})[kind.strip("<>")] = chr(point)
    return forms
