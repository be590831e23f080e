"""The OpenAPI schema's share of the error contract: each operation lists its problem answers."""

from typing import Any

from drf_spectacular.openapi import AutoSchema
from rest_framework import serializers


class FieldProblem(serializers.Serializer[Any]):
    field = serializers.CharField(allow_blank=True, help_text="Dotted name; empty for the input as a whole")
    code = serializers.CharField()
    detail = serializers.CharField()


class Problem(serializers.Serializer[Any]):
    """RFC 9457. `code` is stable, `detail` is for people; some codes add members of their own."""

    type = serializers.CharField(default="about:blank")
    title = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField()
    detail = serializers.CharField()
    errors = FieldProblem(many=True, required=False)  # type: ignore[assignment]  # DRF has a property of that name


class ProblemAutoSchema(AutoSchema):
    pass
