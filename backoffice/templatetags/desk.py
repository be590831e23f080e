"""What the admin's pages are called, in the tab and at the top: as the menu calls them, then the row."""

from typing import Any, NamedTuple

from django import template
from django.contrib.admin.views.main import ChangeList
from django.db.models.options import Options
from django.template.context import Context
from django.urls import reverse

from backoffice.site import title_of

register = template.Library()


class Part(NamedTuple):
    """A step of the way to a page; `link` is "" where one stands already."""

    title: str
    link: str = ""


class Chip(NamedTuple):
    """A filter that is on, and the list without it."""

    text: str
    without: str


@register.simple_tag(takes_context=True)
def way(context: Context) -> list[Part]:
    """The menu's word for this list, the row, and what is done with it."""
    opts: Options[Any] | None = context.get("opts")
    title = str(context.get("title") or "")
    if opts is None:
        return [Part(title)]
    of_list = title_of(opts.label_lower.replace(".", "_")) or str(opts.verbose_name_plural).capitalize()
    if "cl" in context or title == of_list:
        return [Part(of_list)]
    parts = [Part(of_list, reverse(f"admin:{opts.app_label}_{opts.model_name}_changelist"))]
    row = context.get("row_name") or context.get("original")
    if row:
        parts.append(Part(str(row), "" if "original" in context else str(context.get("back") or "")))
    if not row or context.get("original") is None:
        parts.append(Part(title))
    return parts


@register.simple_tag
def chips(cl: ChangeList) -> list[Chip]:
    """The filters that are on: what was chosen, and a way to take each off again."""
    found = []
    for spec in cl.filter_specs:
        choices = list(spec.choices(cl))
        mine = {name: value for name, value in cl.filter_params.items() if name in spec.expected_parameters()}
        if not mine:
            continue
        chosen = [str(one["display"]) for one in choices if one.get("selected")]
        values = ", ".join(value[-1] if isinstance(value, list) else str(value) for value in mine.values())
        text = chosen[0] if chosen else values.replace("_", " ").replace(",", ", ")
        found.append(Chip(f"{str(spec.title).capitalize()}: {text}", cl.get_query_string(remove=list(mine))))
    return found
