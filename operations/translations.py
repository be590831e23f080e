"""The catalogues of what customers read (locale/): kept up to date and compiled without gettext's tools.

Both the text (.po) and what Django reads (.mo) are in the repository, so that a fresh clone speaks.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

from core import language

ROOT = Path(settings.BASE_DIR)
LOCALE = ROOT / "locale"
TRANSLATED = tuple(code for code in language.LOCALES if code != language.ENGLISH)
# Where customers' words stand.
ROOMS = ("core", "bookings", "payments", "refunds", "accounts", "config")
TEMPLATES = ("templates/mail", "templates/booking", "templates/accounts")
# Only staff read what these say: marked, but in no catalogue yet.
STAFF = (
    "backoffice",
    "accounts/models",
    "accounts/staff",
    "bookings/models",
    "bookings/attendance.py",
    "payments/models",
    "payments/books/closing.py",
    "refunds/models",
    "refunds/staff",
    *(f"refunds/disputes/{name}.py" for name in "costs gate silence words".split()),
    *(
        f"refunds/dispute_response/{name}.py"
        for name in "appeal compelling deadlines evidence filing".split()
    ),
    *(f"refunds/dispute_response/{name}.py" for name in "missing resolution weighing".split()),
    "refunds/approval.py",
    "refunds/closures.py",
    "refunds/interlock.py",
    "refunds/mail/staff_words.py",
    "refunds/wording/trail.py",
    "templates/admin",
    "templates/backoffice",
    "templates/unfold",
    "templates/accounts/staff",
    "templates/mail/staff",
    "templates/mail/person/staff_invited.txt",
    "templates/mail/person/staff_password.txt",
)
KEYWORDS = {
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "_": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
}
Text = str | tuple[str, ...]
Marked = tuple[Text, str | None]
# No date in a file that is compared: it changes when its words do.
ONCE = datetime(2026, 1, 1, tzinfo=UTC)


def marked() -> set[Marked]:
    """Every text that is marked for translation where customers' words stand, with its context."""
    return {found for path in _sources() for found in _marked_in(path)}


def update(code: str) -> None:
    """Add what is newly marked to a catalogue, drop what is gone, and compile it."""
    catalogue = fresh(code)
    _po(code).parent.mkdir(parents=True, exist_ok=True)
    with _po(code).open("wb") as file:
        write_po(file, catalogue, width=100, sort_output=True, ignore_obsolete=True, no_location=True)
    _po(code).with_suffix(".mo").write_bytes(compiled(catalogue))


def fresh(code: str) -> Catalog:
    """The catalogue with exactly what is marked now, and the translations that there are."""
    old = read(code)
    catalogue = Catalog(
        locale=code,
        header_comment="# What customers read. `python manage.py translations` keeps this file.",
        creation_date=ONCE,
        revision_date=ONCE,
        last_translator="-",
        language_team="-",
        msgid_bugs_address="-",
        project="Bookings",
        version="1",
        charset="utf-8",
        fuzzy=False,
    )
    for text, context in marked():
        key = text if isinstance(text, str) else text[0]
        known = old.get(key, context)
        catalogue.add(text, known.string if known else None, context=context)
    return catalogue


def read(code: str) -> Catalog:
    """The catalogue as it stands in the repository."""
    if not _po(code).exists():
        return Catalog(locale=code)
    with _po(code).open("rb") as file:
        return read_po(file, locale=code)


def compiled(catalogue: Catalog) -> bytes:
    """What Django reads."""
    made = BytesIO()
    write_mo(made, catalogue)
    return made.getvalue()


def compiled_in_repository(code: str) -> bytes:
    return _po(code).with_suffix(".mo").read_bytes()


def untranslated(code: str) -> list[str]:
    """What is marked and has no translation, or one whose places to fill in are others."""
    return sorted(str(message.id) for message in fresh(code) if message.id and not _is_done(message))


def _is_done(message: Message) -> bool:
    strings = [message.string] if isinstance(message.string, str) else list(message.string or [""])
    return all(strings) and not list(message.check())


def _po(code: str) -> Path:
    return LOCALE / code / "LC_MESSAGES" / "django.po"


def staff_words() -> set[Marked]:
    """Every text that is marked where only staff read it."""
    return {found for path in staff_files() for found in _marked_in(path)}


def write_staff_words(file: Path) -> None:
    """A catalogue of them without translations, for whoever is to write one."""
    catalogue = Catalog(project="Bookings", version="1", charset="utf-8", fuzzy=False)
    for text, context in staff_words():
        catalogue.add(text, context=context)
    with file.open("wb") as opened:
        write_po(opened, catalogue, width=100, sort_output=True, no_location=True)


def staff_files() -> Iterator[Path]:
    """The modules and templates that say it."""
    return (path for place in STAFF for path in _files(place))


def _sources() -> Iterator[Path]:
    for place in (*ROOMS, *TEMPLATES):
        yield from (path for path in _files(place) if not is_for_staff(path))


def is_for_staff(path: Path) -> bool:
    """Whether only staff read what a module or template says."""
    return any(path.is_relative_to(ROOT / place) for place in STAFF)


def _files(place: str) -> Iterator[Path]:
    start = ROOT / place
    for path in [start] if start.is_file() else sorted(start.rglob("*")):
        if path.suffix in (".py", ".txt", ".html") and not {"tests", "migrations"} & set(path.parts):
            yield path


def _marked_in(path: Path) -> Iterator[Marked]:
    source = path.read_text()
    if path.suffix != ".py":
        source = "\n".join(line.strip() for line in templatize(source, origin=str(path)).splitlines())
    for _, text, _, context in extract("python", BytesIO(source.encode()), KEYWORDS):
        yield (tuple(text) if isinstance(text, list | tuple) else text), context
