"""Find people by any part of their name, address or phone number: indexed on both databases, no full scan."""

import re
from typing import TypeVar

from django.db import connection
from django.db.models import QuerySet

from accounts.backends import who_may_be
from accounts.models import User

Person = TypeVar("Person", bound=User)

SHORTEST = 3  # the index holds groups of three letters
# As the migration 0004_staff indexes it.
POSTGRESQL = (
    "lower(name || ' ' || email || ' ' || regexp_replace(phone, '[^0-9]', '', 'g') || ' ' || username)"
)
MOST_WORDS = 5
MOST = 300


def find(people: QuerySet[Person], text: str) -> QuerySet[Person]:
    """Those in whose name, address, phone or user name each word of the text stands; none for too little.

    A whole address is looked up as such. Of very many only MOST are found: type more.
    """
    if "@" in text and (exact := [user.pk for user in who_may_be(text.strip())]):
        return people.filter(pk__in=exact)
    words = [_plain(word) for word in text.lower().split()[:MOST_WORDS]]
    long_enough = [word for word in words if len(word) >= SHORTEST]
    return people.filter(pk__in=_matching(long_enough)) if long_enough else people.none()


def _matching(words: list[str]) -> list[int]:
    """Ids first, in no order: asked for the newest, PostgreSQL would walk through everybody."""
    if connection.vendor == "postgresql":
        start, condition = "SELECT id FROM accounts_user", f"{POSTGRESQL} LIKE %s"
    else:
        start, condition = "SELECT rowid FROM accounts_user_search", r"text LIKE %s ESCAPE '\'"
    every = " AND ".join([condition] * len(words))
    with connection.cursor() as cursor:
        # The words are values; nothing that was typed gets into the statement.
        values: list[str | int] = [*(f"%{_escaped(word)}%" for word in words), MOST]
        cursor.execute(f"{start} WHERE {every} LIMIT %s", values)
        return [row[0] for row in cursor.fetchall()]


def _plain(word: str) -> str:
    """A phone number as it is indexed: digits only, without the + or 0 that people write or leave out."""
    digits = re.sub(r"[\s()./+-]", "", word)
    return digits.lstrip("0") if digits.isdigit() else word


def _escaped(word: str) -> str:
    return re.sub(r"([\\%_])", r"\\\1", word)
