from http import HTTPStatus
from typing import Any


class DomainError(Exception):
    """A request that can't be fulfilled, in the words of the contract.

    `code` is stable, `detail` is for people; `extra` is merged into the problem document.
    """

    def __init__(
        self,
        code: str,
        detail: str,
        *,
        status: int = 409,
        retry_after: int | None = None,
        extra: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail
        self.status = status
        self.retry_after = retry_after
        self.extra = extra or {}


def problem_document(status: int, code: str, detail: str, **more: Any) -> dict[str, Any]:
    """The body of an RFC 9457 problem document."""
    title = HTTPStatus(status).phrase
    return {"type": "about:blank", "title": title, "status": status, "code": code, "detail": detail} | more
