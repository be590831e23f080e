"""What customers read is there in every language, and what is compiled is what is written."""

import gettext
import re
from io import BytesIO

import pytest

from operations import translations

pytestmark = pytest.mark.once

PLACES = re.compile(r"%\((\w+)\)[sd]")


@pytest.mark.parametrize("code", translations.TRANSLATED)
def test_nothing_is_untranslated(code: str) -> None:
    assert translations.untranslated(code) == []


@pytest.mark.parametrize("code", translations.TRANSLATED)
def test_the_catalogue_holds_what_is_marked_and_nothing_else(code: str) -> None:
    kept = {(message.id, message.context) for message in translations.read(code) if message.id}
    assert kept == translations.marked()


@pytest.mark.parametrize("code", translations.TRANSLATED)
def test_what_django_reads_was_compiled_from_the_catalogue(code: str) -> None:
    fresh = gettext.GNUTranslations(BytesIO(translations.compiled(translations.read(code))))
    kept = gettext.GNUTranslations(BytesIO(translations.compiled_in_repository(code)))
    assert words(fresh) == words(kept)


@pytest.mark.parametrize("code", translations.TRANSLATED)
def test_every_translation_fills_in_the_same_facts(code: str) -> None:
    for message in translations.read(code):
        ids = [message.id] if isinstance(message.id, str) else list(message.id)
        strings = [message.string] if isinstance(message.string, str) else list(message.string or [])
        for string in strings:
            assert set(PLACES.findall(string)) == set(PLACES.findall(ids[-1])), message.id


def words(catalogue: gettext.GNUTranslations) -> dict[object, str]:
    return {key: text for key, text in vars(catalogue)["_catalog"].items() if key}
