"""The OpenAPI document and its page, with our way to sign in and our one form of error."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView

from core.throttles import Anonymous

TEXT = {"type": "string"}
PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": "RFC 9457. `code` is stable, `detail` is for people; some codes add members.",
    "required": ["type", "title", "status", "code", "detail"],
    "properties": {
        "type": TEXT,
        "title": TEXT,
        "status": {"type": "integer"},
        "code": TEXT,
        "detail": TEXT,
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "code", "detail"],
                "properties": {"field": TEXT, "code": TEXT, "detail": TEXT},
            },
        },
    },
}
ANSWER = {
    "description": "Any error",
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
}

document = SpectacularAPIView.as_view(throttle_classes=[Anonymous])
page = SpectacularSwaggerView.as_view(throttle_classes=[Anonymous])


def add_problems(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Let every operation answer errors as problem documents (a drf-spectacular hook)."""
    result["components"].setdefault("schemas", {})["Problem"] = PROBLEM
    for operations in result["paths"].values():
        for operation in operations.values():
            operation["responses"]["default"] = ANSWER
    return result


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "accounts.tokens.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        return {"type": "apiKey", "in": "header", "name": "Authorization", "description": "Token <token>"}
