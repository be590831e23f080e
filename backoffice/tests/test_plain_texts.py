"""What staff type in one line has no line end, and nothing that turns letters around."""

from typing import Any

import pytest
from django import forms

from backoffice.agenda.forms import BookForm
from backoffice.calendar.exceptions import ExceptionForm
from backoffice.toolkit.plain_texts import PlainTexts

pytestmark = [pytest.mark.django_db, pytest.mark.once]

ODD = ("Ada\r\nBcc: eve@example.com", "Ada\u202eevE", "Ada\x07")


class Note(PlainTexts, forms.Form):
    text = forms.CharField(widget=forms.Textarea)
    key = forms.UUIDField(required=False)


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize(("form", "name"), [(BookForm, "find"), (ExceptionForm, "note")])
def test_a_line_is_one_line(form: Any, name: str, odd: str) -> None:
    assert name in form({name: odd}).errors
    assert name not in form({name: "Ada Lovelace"}).errors


def test_a_note_may_have_lines_and_a_key_is_no_text() -> None:
    key = "6f1f6a52-8f8a-4f5e-9a51-0d6f9a4f0c11"
    assert Note({"text": "Rings first.\r\nNo dogs.", "key": key}).is_valid()
    assert "text" in Note({"text": ODD[1]}).errors
