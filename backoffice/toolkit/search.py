"""What staff type is recognised by its looks and sent to the one indexed column that holds it."""

import re
import uuid
from collections.abc import Mapping

from django.db.models import QuerySet
from django.db.models.functions import Lower
from django.http import HttpRequest

from accounts.models import User
from backoffice.toolkit.readonly import ReadOnlyAdmin, Row

# Stripe's disputes are du_… in the real API and dp_… in its documentation (STRIPE.md B6).
ALIKE = {"dp_": "du_"}
PREFIX = re.compile(r"[A-Za-z]{2,4}[-_]")

MOST_PEOPLE = 100


class RecognisedSearch(ReadOnlyAdmin[Row]):
    """For an admin: `search_columns` maps what an id begins with (or "@", "uuid", ".") to its lookup.

    What "@" leads to is a customer (`booking__customer__in`).
    """

    search_columns: Mapping[str, str] = {}
    search_fields = ("pk",)  # shows the box; get_search_results decides

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Row], search_term: str
    ) -> tuple[QuerySet[Row], bool]:
        term = search_term.strip()
        if not term:
            return queryset, False
        lookup = self.search_columns.get(kind_of(term))
        if lookup is None:
            return queryset.none(), False
        return queryset.filter(**{lookup: people(term) if "@" in term else written(term)}), False


def people(address: str) -> list[int]:
    """Who has this e-mail address: few, and known before the large tables are asked."""
    found = User.objects.annotate(address=Lower("email")).filter(address=address.lower())
    return list(found.values_list("pk", flat=True)[:MOST_PEOPLE])


def kind_of(term: str) -> str:
    """Tell what a text looks like: "@" an e-mail address, "uuid", "." a type of event, or its prefix."""
    if "@" in term:
        return "@"
    if prefix := PREFIX.match(term):
        found = prefix[0].upper() if term[2] == "-" else prefix[0]
        if "." not in term:
            return ALIKE.get(found, found)
    try:
        uuid.UUID(term)
    except ValueError:
        return "." if "." in term else ""
    return "uuid"


def written(term: str) -> str:
    """A term as the column has it: references in capitals."""
    return term.upper() if term[2:3] == "-" and kind_of(term) == "BK-" else term
