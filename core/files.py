"""Answers of the API that are files and not JSON; errors stay problem documents."""

from collections.abc import Iterable, Mapping
from typing import Any

from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request


class FileRenderer(BaseRenderer):
    charset = None
    render_style = "binary"

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> Any:
        return data if isinstance(data, bytes) else JSONRenderer().render(data)


class OnlyForm(BaseContentNegotiation):
    """The file is the file, whatever the client says it would rather have: many say JSON of everything."""

    def select_parser(self, request: Request, parsers: Iterable[BaseParser]) -> BaseParser:
        return next(iter(parsers))

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        only = next(iter(renderers))
        return only, only.media_type


class CalendarRenderer(FileRenderer):
    media_type = "text/calendar"
    format = "ics"


class PdfRenderer(FileRenderer):
    media_type = "application/pdf"
    format = "pdf"
