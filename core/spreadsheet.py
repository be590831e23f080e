"""CSV that any spreadsheet opens rightly: UTF-8 with a byte order mark, and nothing that runs."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from core.money import exponent

# Without it Excel takes UTF-8 for the machine's old encoding.
BYTE_ORDER_MARK = "\ufeff"
CONTENT_TYPE = "text/csv; charset=utf-8"
# A spreadsheet runs a cell that begins like this as a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Money:
    """Minor units of a currency, for a cell."""

    amount: int
    currency: str

    def __str__(self) -> str:
        return f"{Decimal(self.amount).scaleb(-exponent(self.currency)):f}"


class _Echo:
    """csv.writer returns what the file's write() returns."""

    def write(self, text: str) -> str:
        return text


def lines(
    columns: Iterable[str], rows: Iterable[Iterable[Any]], *, minor_units: bool = False
) -> Iterator[str]:
    """Write a heading and the rows; `Money` in decimals, or in minor units."""
    writer = csv.writer(_Echo())
    yield BYTE_ORDER_MARK + writer.writerow([column.replace("__", "_") for column in columns])
    for row in rows:
        yield writer.writerow([cell(value, minor_units=minor_units) for value in row])


def cell(value: Any, *, minor_units: bool = False) -> Any:
    """One value: numbers as they are, times in UTC, and text that can't be taken for a formula."""
    if isinstance(value, Money):
        return value.amount if minor_units else str(value)
    if value is None or isinstance(value, bool | int):
        return "" if value is None else value
    if isinstance(value, datetime):
        return value.isoformat()
    text = str(value)
    return f"'{text}" if text.startswith(FORMULA) else text
