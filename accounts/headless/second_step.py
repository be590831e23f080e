"""The second step in the app: counted for each person, and a code is good once in all processes.

allauth counts none of it here and remembers used codes for each process by itself, for half a minute.
"""

from typing import Any

from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.headless.mfa import inputs, views
from allauth.mfa.adapter import get_adapter
from rest_framework.exceptions import Throttled

from accounts import guesses
from accounts.headless.adapter import too_many
from accounts.staff import second_factor


class OurCheck:
    user: Any
    cleaned_data: dict[str, Any]

    def clean_code(self) -> str:
        try:
            guesses.count_code(self.user)
        except Throttled as error:
            raise ImmediateHttpResponse(too_many(context.request, error)) from error
        code: str = self.cleaned_data["code"]
        self.authenticator = second_factor.check(self.user, code)
        if self.authenticator is None:
            raise get_adapter().validation_error("incorrect_code")
        return code


class AuthenticateInput(OurCheck, inputs.AuthenticateInput):  # type: ignore[misc]  # allauth is untyped
    pass


class ReauthenticateInput(OurCheck, inputs.ReauthenticateInput):  # type: ignore[misc]  # allauth is untyped
    pass


def take_over() -> None:
    """Have allauth's views check codes our way; it has no setting for that."""
    views.AuthenticateView.input_class = AuthenticateInput
    views.ReauthenticateView.input_class = ReauthenticateInput
