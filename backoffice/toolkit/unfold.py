"""Unfold's parts with types, which the package doesn't ship."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from django.contrib.admin import display

from core.language import Words

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin
else:
    from unfold.admin import ModelAdmin as Plain

    class ModelAdmin(Plain):
        """As generic as the type checker thinks it is."""

        def __class_getitem__(cls, row: object) -> type:
            return cls


__all__ = ("ModelAdmin", "coloured", "display")

Column = TypeVar("Column", bound=Callable[..., Any])


def coloured(description: Words, colours: Mapping[Any, str]) -> Callable[[Column], Column]:
    """A column shown as a label; `colours` names unfold's variant for a text. For lists, not for pages."""

    def decorate(column: Column) -> Column:
        told: Any = display()(column)
        told.short_description = description
        told.label = colours
        return column

    return decorate
