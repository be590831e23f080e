"""Sign in and out: one token per device, revocable alone or all at once."""

from typing import Any

from django.contrib.auth import authenticate
from django.utils import timezone
from drf_spectacular.utils import OpenApiResponse, extend_schema
from knox.models import AuthToken
from rest_framework import serializers, status
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.tokens import TokenAuthentication
from core.fields import TextField
from core.throttles import SignInByAddress, SignInByUser

NO_CONTENT = OpenApiResponse(description="Signed out")


class Credentials(serializers.Serializer[Any]):
    username = TextField(max_length=150, trim_whitespace=False)
    password = TextField(max_length=1024, trim_whitespace=False, write_only=True)


class Token(serializers.Serializer[Any]):
    token = serializers.CharField()
    expiry = serializers.DateTimeField()


class SignInView(APIView):
    """Exchange user name and password for a token; 401 `invalid_credentials` if they don't match."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    throttle_classes = (SignInByAddress, SignInByUser)

    def get_authenticate_header(self, request: Request) -> str:
        return "Token"  # without it DRF turns the 401 into 403

    @extend_schema(operation_id="sign_in", request=Credentials, responses=Token)
    def post(self, request: Request) -> Response:
        credentials = Credentials(data=request.data)
        credentials.is_valid(raise_exception=True)
        user = authenticate(request, **credentials.validated_data)
        if user is None:
            raise AuthenticationFailed("The user name or the password is wrong.", code="invalid_credentials")
        AuthToken.objects.filter(user=user, expiry__lt=timezone.now()).delete()
        token, secret = AuthToken.objects.create(user=user)
        return Response(Token({"token": secret, "expiry": token.expiry}).data)


class SignOutView(APIView):
    """Revoke the token that this request was signed with."""

    authentication_classes = (TokenAuthentication,)

    @extend_schema(operation_id="sign_out", request=None, responses={204: NO_CONTENT})
    def post(self, request: Request) -> Response:
        request.auth.delete()
        return Response(status=status.HTTP_204_NO_CONTENT)


class SignOutEverywhereView(APIView):
    """Revoke all of this customer's tokens."""

    authentication_classes = (TokenAuthentication,)

    @extend_schema(operation_id="sign_out_everywhere", request=None, responses={204: NO_CONTENT})
    def post(self, request: Request) -> Response:
        AuthToken.objects.filter(user=request.user).delete()
        return Response(status=status.HTTP_204_NO_CONTENT)
