"""The accountant's file: a month as one zip with a summary as PDF, tables as CSV, and a digest over them."""

import hashlib
from datetime import date, datetime
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from core import spreadsheet
from payments.books import months, sheets, summary
from payments.books.sheets import Sheet

# The same month gives the same file.
NO_TIME = (1980, 1, 1, 0, 0, 0)


def file(named: date, *, now: datetime) -> bytes:
    """Make the zip."""
    splits = [sheets.split(by, months.shares(named, by)) for by in months.SPLITS]
    tables = [sheets.month(months.month(named)), *splits]
    paid_out = sheets.payouts(named)
    paid_out = Sheet(paid_out.name, paid_out.columns, list(paid_out.rows))
    corrections = months.corrections(named).count()
    papers = {"summary.pdf": summary.render(named, [*tables, paid_out], corrections=corrections, now=now)}
    for sheet in (*tables, paid_out, sheets.lines(named)):
        papers[f"{sheet.name}.csv"] = "".join(spreadsheet.lines(sheet.columns, sheet.rows)).encode()
    papers["digest.txt"] = _digests(papers).encode()
    return _zip(f"{named:%Y-%m}", papers)


def _digests(papers: dict[str, bytes]) -> str:
    """As `sha256sum -c digest.txt` reads it."""
    return "".join(f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in papers.items())


def _zip(folder: str, papers: dict[str, bytes]) -> bytes:
    written = BytesIO()
    with ZipFile(written, "w") as archive:
        for name, content in papers.items():
            archive.writestr(ZipInfo(f"{folder}/{name}", NO_TIME), content, ZIP_DEFLATED)
    return written.getvalue()
