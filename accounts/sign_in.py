"""Sign in and out: one token per device, revocable alone or all at once."""

from typing import Any, cast

from django.contrib.auth import authenticate
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import guesses
from accounts.models import User
from accounts.models.sign_ins import end_sign_ins
from accounts.tokens import TokenAuthentication, new_token
from core.fields import TextField

NO_CONTENT = OpenApiResponse(description="Signed out")


class Credentials(serializers.Serializer[Any]):
    username = TextField(max_length=254, trim_whitespace=False)
    password = TextField(max_length=1024, trim_whitespace=False, write_only=True)


class Token(serializers.Serializer[Any]):
    token = serializers.CharField()
    expiry = serializers.DateTimeField()


class SignInView(APIView):
    """Exchange user name and password for a token; 401 `invalid_credentials` if they don't match."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    throttle_classes = (guesses.FromOneAddress,)

    def get_authenticate_header(self, request: Request) -> str:
        return "Token"  # without it DRF turns the 401 into 403

    @extend_schema(operation_id="sign_in", request=Credentials, responses=Token)
    def post(self, request: Request) -> Response:
        credentials = Credentials(data=request.data)
        credentials.is_valid(raise_exception=True)
        guesses.count_at(request, credentials.validated_data["username"])
        user = authenticate(request, **credentials.validated_data)
        if user is None:
            raise AuthenticationFailed(
                _("The user name or the password is wrong."), code="invalid_credentials"
            )
        assert isinstance(user, User)  # noqa: S101 - our one backend knows no others
        guesses.remember(request, user)
        token, secret = new_token(user)
        return Response(Token({"token": secret, "expiry": token.expiry}).data)


class SignOutView(APIView):
    """Revoke the token that this request was signed with."""

    authentication_classes = (TokenAuthentication,)

    @extend_schema(operation_id="sign_out", request=None, responses={204: NO_CONTENT})
    def post(self, request: Request) -> Response:
        request.auth.delete()
        return Response(status=status.HTTP_204_NO_CONTENT)


class SignOutEverywhereView(APIView):
    """Revoke all of this customer's tokens, and end their sessions in browsers."""

    authentication_classes = (TokenAuthentication,)

    @extend_schema(operation_id="sign_out_everywhere", request=None, responses={204: NO_CONTENT})
    def post(self, request: Request) -> Response:
        end_sign_ins(cast(User, request.user).pk)
        return Response(status=status.HTTP_204_NO_CONTENT)
