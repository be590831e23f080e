"""Forms whose texts are texts: no control characters, and one line where one is meant."""

from typing import Any

from django import forms

from core.texts import one_line, plain_text

# Fields that are typed as a text and mean something else.
NO_TEXTS = (forms.UUIDField, forms.JSONField)


class PlainTexts:
    """For a form, before its other classes."""

    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, forms.CharField) and not isinstance(field, NO_TEXTS):
                is_long = isinstance(field.widget, forms.Textarea)
                field.validators.append(plain_text if is_long else one_line)
