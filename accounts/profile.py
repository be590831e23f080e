"""`account/`: what somebody may read and change of themselves, take along, and have deleted."""

from dataclasses import asdict
from typing import Any, cast

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import deletion, export, guesses
from accounts.models import User
from accounts.tokens import TokenAuthentication
from bookings.audit import By
from core.fields import TextField
from core.texts import one_line

PHONE = r"^\+?[0-9][0-9 ()./-]{4,30}\Z"
LANGUAGE = r"^[a-z]{2}(-[A-Za-z]{2,4})?\Z"


class Account(serializers.ModelSerializer[User]):
    email = serializers.EmailField(read_only=True)
    name = TextField(max_length=150, allow_blank=True)
    phone = serializers.RegexField(PHONE, max_length=32, allow_blank=True)
    language = serializers.RegexField(LANGUAGE, max_length=10, allow_blank=True)

    class Meta:
        model = User
        fields = ("email", "name", "phone", "language")

    def validate_name(self, name: str) -> str:
        one_line(name)
        return name

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        given = self.initial_data.get("email") if isinstance(self.initial_data, dict) else None
        if given is not None and given != getattr(self.instance, "email", None):
            raise serializers.ValidationError({"email": "Change it at accounts/app/v1/account/email."})
        return attrs


class Password(serializers.Serializer[Any]):
    password = TextField(max_length=1024, trim_whitespace=False, write_only=True)


class WaitsFor(serializers.Serializer[Any]):
    booking_reference = serializers.CharField()
    reason = serializers.ChoiceField(["appointment", "refund", "refund_may_return", "dispute"])


class Leaving(serializers.Serializer[Any]):
    state = serializers.ChoiceField(["erased", "waiting"])
    waits_for = WaitsFor(many=True)


class BodyOfDelete(AutoSchema):
    """The schema of a DELETE that takes a body, which drf-spectacular leaves out."""

    def _get_request_body(self, direction: Any = "request") -> Any:
        if self.method != "DELETE":
            return super()._get_request_body(direction)  # type: ignore[no-untyped-call]
        self.method = "PATCH"
        try:
            return super()._get_request_body(direction)  # type: ignore[no-untyped-call]
        finally:
            self.method = "DELETE"


class AccountView(APIView):
    """Who you are; PATCH changes name, phone or language; DELETE has everything of you deleted."""

    authentication_classes = (TokenAuthentication,)
    schema = BodyOfDelete()

    @extend_schema(operation_id="account", responses=Account)
    def get(self, request: Request) -> Response:
        return Response(Account(_user(request)).data)

    @extend_schema(operation_id="account_change", request=Account, responses=Account)
    def patch(self, request: Request) -> Response:
        changes = Account(_user(request), data=request.data, partial=True)
        changes.is_valid(raise_exception=True)
        changes.save()
        return Response(changes.data)

    @extend_schema(operation_id="account_delete", request=Password, responses={202: Leaving})
    def delete(self, request: Request) -> Response:
        """Signed out everywhere at once; erased now, or by itself once nothing is open any more."""
        given = Password(data=request.data)
        given.is_valid(raise_exception=True)
        user = _user(request)
        guesses.count_at_person(request, guesses.key_of(user), user)
        if not user.check_password(given.validated_data["password"]):
            raise AuthenticationFailed(_("The password is wrong."), code="invalid_credentials")
        now = timezone.now()
        asked = deletion.ask(user, now=now)
        waits_for = deletion.carry_out(asked, by=By(f"customer:{user.pk}", "api"), now=now)
        state = "erased" if asked.erased_at else "waiting"
        return Response({"state": state, "waits_for": [asdict(waiting) for waiting in waits_for]}, status=202)


class ExportView(APIView):
    """Everything that is known of you, as JSON: yourself, your bookings, payments, refunds and mails."""

    authentication_classes = (TokenAuthentication,)

    @extend_schema(operation_id="account_export", responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Response:
        return Response(export.of(_user(request)))


def _user(request: Request) -> User:
    return cast(User, request.user)
