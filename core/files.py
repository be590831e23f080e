"""Answers of the API that are files and not JSON; errors stay problem documents."""

from collections.abc import Mapping
from typing import Any

from rest_framework.renderers import BaseRenderer, JSONRenderer


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


class CalendarRenderer(FileRenderer):
    media_type = "text/calendar"
    format = "ics"


class PdfRenderer(FileRenderer):
    media_type = "application/pdf"
    format = "pdf"
