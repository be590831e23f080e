"""Every script becomes legible in our PDFs, with what the embedded fonts have."""

import pytest

from core import fonts
from core.fonts.legible import drawable

pytestmark = pytest.mark.once


@pytest.mark.parametrize("text", ["Ελένη", "Студия Красоты", "Łódź", "Tiếng Việt", "£ € ¥ ₹ ₩ ₫ ₪ ₴ ₽ ₺"])
def test_greek_cyrillic_and_signs_of_currencies_are_drawn_as_they_are(text: str) -> None:
    assert drawable(text) == text
    assert all(map(fonts.has, text))


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("张伟", "ZhangWei"),
        ("クリーニング", "kuriningu"),
        ("김철수", "GimCheolSu"),
        ("สวัสดี", "swasdi"),
        ("฿45 ₾9", "THB45 GEL9"),
        ("\N{FULLWIDTH LATIN CAPITAL LETTER A}da", "Ada"),
        ("Cut 😀", "Cut [grinning face]"),
        ("a\tb\x00c", "a bc"),
    ],
)
def test_what_the_fonts_lack_is_written_as_it_is_read(text: str, read: str) -> None:
    assert drawable(text) == read


def test_hebrew_runs_from_right_to_left_within_its_line() -> None:
    assert drawable("Cut for שלום עולם, Ltd") == "Cut for םלוע םולש, Ltd"


def test_arabic_letters_are_joined() -> None:
    word = "\N{ARABIC LETTER SEEN}\N{ARABIC LETTER LAM}\N{ARABIC LETTER ALEF}\N{ARABIC LETTER MEEM}"
    assert drawable(word) == (
        "\N{ARABIC LETTER MEEM ISOLATED FORM}"
        "\N{ARABIC LIGATURE LAM WITH ALEF FINAL FORM}"
        "\N{ARABIC LETTER SEEN INITIAL FORM}"
    )


def test_every_character_of_unicode_becomes_something_that_can_be_drawn() -> None:
    everything = (chr(point) for point in range(0x110000) if not 0xD800 <= point < 0xE000)
    missing = [c for c in everything if not all(map(fonts.has, drawable(c)))]
    assert missing == []
