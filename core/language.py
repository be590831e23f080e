"""The languages that customers read, and how days, times and lengths of time are written in them.

The language is Django's active one: a request's (config/middleware.py) or a mail's (`speaking`).
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, TypeAlias
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_skeleton, format_time
from django.utils import translation
from django.utils.translation import ngettext

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

ENGLISH = "en"
# Words, or words that are looked up when somebody reads them.
Words: TypeAlias = "str | _StrPromise"
# Ours, and the form of it that Babel writes dates and amounts in.
LOCALES = {ENGLISH: "en_GB", "de": "de_DE", "fr": "fr_FR", "es": "es_ES"}


def active() -> str:
    """The language that is being spoken now."""
    return ours(translation.get_language() or "") or ENGLISH


def ours(code: str) -> str:
    """The language of ours that a code such as `de-AT` means; "" if we don't have it."""
    language = code[:35].replace("_", "-").partition("-")[0].lower()
    return language if language in LOCALES else ""


def choose(wishes: Iterable[str]) -> str:
    """The first of these languages that we have, else English."""
    return next(filter(None, map(ours, wishes)), ENGLISH)


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Say what is said in this block in the given language."""
    with translation.override(ours(language) or ENGLISH):
        yield


def locale() -> str:
    """Babel's name for the language that is being spoken."""
    return LOCALES[active()]


def day(when: date) -> str:
    """A day with its weekday: Tuesday 1 December 2026."""
    return format_date(when, "full", locale=locale()).replace(",", "", 1 if active() == ENGLISH else 0)


def short_day(when: date) -> str:
    """A day of the year: 1 December 2026."""
    return format_date(when, "long", locale=locale())


def day_of_month(when: date) -> str:
    """A day near enough to need no year: 30 November."""
    return format_skeleton("MMMMd", when, locale=locale())


def time_of_day(moment: datetime, zone: ZoneInfo) -> str:
    """The time on a clock in that zone, and the zone's short name: 14:00 GMT."""
    return f"{format_time(moment, 'short', tzinfo=zone, locale=locale())} {moment.astimezone(zone):%Z}"


def day_and_time(moment: datetime, zone: ZoneInfo) -> str:
    """A moment as people in that zone live it: Tuesday 1 December 2026, 14:00 GMT."""
    return f"{day(moment.astimezone(zone).date())}, {time_of_day(moment, zone)}"


def span(length: timedelta) -> str:
    """A length of time as people say it, never rounded up: 29 days, 26 hours, 5 hours 10 minutes."""
    minutes = int(length.total_seconds() // 60)
    hours, rest = divmod(minutes, 60)
    if hours >= 48:
        return _days(hours // 24)
    parts = [_hours(hours)] if hours else []
    if hours < 24 and (rest or not hours):
        parts.append(_minutes(rest))
    return " ".join(parts)


def exactly(length: timedelta) -> str:
    """A length of time that was agreed on, nothing left out: 2 days, 60 hours, 12 hours 30 minutes."""
    minutes = int(length.total_seconds() // 60)
    if minutes and minutes % (24 * 60) == 0 and minutes >= 48 * 60:
        return _days(minutes // (24 * 60))
    hours, rest = divmod(minutes, 60)
    return " ".join(([_hours(hours)] if hours else []) + ([_minutes(rest)] if rest or not hours else []))


def _days(number: int) -> str:
    return ngettext("%(number)d day", "%(number)d days", number) % {"number": number}


def _hours(number: int) -> str:
    return ngettext("%(number)d hour", "%(number)d hours", number) % {"number": number}


def _minutes(number: int) -> str:
    return ngettext("%(number)d minute", "%(number)d minutes", number) % {"number": number}
