"""Find people by any part of their name, address or phone number: indexed on both databases, no full scan."""

import re
from typing import TypeVar

from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from accounts.models import User

Person = TypeVar("Person", bound=User)

SHORTEST = 3  # the index holds groups of three letters
# As the migration 0004_staff indexes it.
POSTGRESQL = (
    "lower(name || ' ' || email || ' ' || regexp_replace(phone, '[^0-9]', '', 'g') || ' ' || username)"
)
MOST_WORDS = 5


def find(people: QuerySet[Person], text: str) -> QuerySet[Person]:
    """Those in whose name, address, phone or user name each word of the text stands; none for too little."""
    words = [_plain(word) for word in text.lower().split()[:MOST_WORDS]]
    long_enough = [word for word in words if len(word) >= SHORTEST]
    if not long_enough:
        return people.none()
    for word in long_enough:
        people = people.filter(pk__in=RawSQL(_select(), [f"%{_escaped(word)}%"]))  # noqa: S611 - no user's SQL
    return people


def _plain(word: str) -> str:
    """A phone number as it is indexed: digits only, without the + or 0 that people write or leave out."""
    digits = re.sub(r"[\s()./+-]", "", word)
    return digits.lstrip("0") if digits.isdigit() else word


def _escaped(word: str) -> str:
    return re.sub(r"([\\%_])", r"\\\1", word)


def _select() -> str:
    if connection.vendor == "postgresql":
        return f"SELECT id FROM accounts_user WHERE {POSTGRESQL} LIKE %s"  # noqa: S608 - no user's SQL
    return r"SELECT rowid FROM accounts_user_search WHERE text LIKE %s ESCAPE '\'"
