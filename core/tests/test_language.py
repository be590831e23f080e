"""Days, times, lengths of time and amounts, as people say them in each language."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from core import language
from core.language import exactly, span, speaking
from core.money import in_words

pytestmark = pytest.mark.once

AFTERNOON = datetime(2026, 12, 1, 14, tzinfo=UTC)


def test_a_late_evening_in_new_york_is_that_day_there() -> None:
    evening = datetime(2026, 12, 1, 3, tzinfo=UTC)
    assert (
        language.day_and_time(evening, ZoneInfo("America/New_York")) == "Monday 30 November 2026, 22:00 EST"
    )


@pytest.mark.parametrize(
    ("code", "written"),
    [
        ("en", "Tuesday 1 December 2026, 15:00 CET"),
        ("de", "Dienstag, 1. Dezember 2026, 15:00 CET"),
        ("fr", "mardi 1 décembre 2026, 15:00 CET"),
        ("es", "martes, 1 de diciembre de 2026, 15:00 CET"),
    ],
)
def test_a_moment_is_written_as_the_language_has_it(code: str, written: str) -> None:
    with speaking(code):
        assert language.day_and_time(AFTERNOON, ZoneInfo("Europe/Berlin")) == written


@pytest.mark.parametrize(
    ("code", "euros", "yen", "dinars"),
    [
        ("en", "€1,234.50", "JP¥9,899", "KWD\xa01.500"),
        ("de", "1.234,50\xa0€", "9.899\xa0¥", "1,500\xa0KWD"),
        ("fr", "1\u202f234,50\xa0€", "9\u202f899\xa0JPY", "1,500\xa0KWD"),
        ("es", "1.234,50\xa0€", "9.899\xa0JPY", "1,500\xa0KWD"),
    ],
)
def test_amounts_are_written_as_the_language_has_them(code: str, euros: str, yen: str, dinars: str) -> None:
    with speaking(code):
        assert [in_words(123450, "eur"), in_words(9899, "jpy"), in_words(1500, "kwd")] == [euros, yen, dinars]


@pytest.mark.parametrize(
    ("length", "said"),
    [
        (timedelta(seconds=59), "0 minutes"),
        (timedelta(minutes=1), "1 minute"),
        (timedelta(hours=1), "1 hour"),
        (timedelta(hours=12) - timedelta(microseconds=1), "11 hours 59 minutes"),
        (timedelta(hours=12), "12 hours"),
        (timedelta(hours=26, minutes=30), "26 hours"),
        (timedelta(hours=47, minutes=59), "47 hours"),
        (timedelta(hours=48), "2 days"),
        (timedelta(hours=710, minutes=51), "29 days"),
    ],
)
def test_a_length_of_time_is_said_as_people_say_it(length: timedelta, said: str) -> None:
    assert span(length) == said


@pytest.mark.parametrize(
    ("wishes", "chosen"),
    [
        (["de-AT", "en"], "de"),
        (["", "pt_BR", "FR"], "fr"),
        (["pt", "it"], "en"),
        ([], "en"),
        (["de" * 5000, "../../es"], "en"),
    ],
)
def test_the_first_wish_that_we_have_is_spoken(wishes: list[str], chosen: str) -> None:
    assert language.choose(wishes) == chosen


@pytest.mark.parametrize(
    ("length", "said"),
    [
        (timedelta(hours=12, minutes=30), "12 hours 30 minutes"),
        (timedelta(hours=24), "24 hours"),
        (timedelta(days=3), "3 days"),
        (timedelta(hours=60), "60 hours"),
        (timedelta(0), "0 minutes"),
    ],
)
def test_what_was_agreed_on_is_said_exactly(length: timedelta, said: str) -> None:
    assert exactly(length) == said
