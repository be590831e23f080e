"""What allauth leaves to us: mails through the outbox, guesses counted our way, user names nobody chooses."""

import uuid
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.stages import EmailVerificationStage
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.headless.base.response import RateLimitResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from rest_framework.exceptions import Throttled

from accounts import guesses
from accounts.models import User
from bookings import messages
from core import sealing
from core.texts import one_line
from core.throttles import address_of

# allauth's templates, and what we call each mail (templates/mail/person/).
MAILS = {
    "account/email/email_confirmation_signup": "verify_address",
    "account/email/email_confirmation": "verify_address",
    "account/email/account_already_exists": "account_exists",
    "account/email/password_reset_code": "reset_password",
    "account/email/unknown_account": "no_account",
}
NOTICES = {
    "account/email/password_changed": gettext_noop("Your password was changed."),
    "account/email/password_set": gettext_noop("A password was set."),
    "account/email/password_reset": gettext_noop("Your password was changed with a code from your mail."),
    "account/email/email_changed": gettext_noop(
        "The address of your account was changed; this one is no longer used."
    ),
    "mfa/email/totp_activated": gettext_noop(
        "An authenticator app was added as a second step of signing in."
    ),
    "mfa/email/totp_deactivated": gettext_noop(
        "The authenticator app is no longer asked for when you sign in."
    ),
    "mfa/email/webauthn_added": gettext_noop("A passkey was added."),
    "mfa/email/webauthn_removed": gettext_noop("A passkey was removed."),
    "mfa/email/recovery_codes_generated": gettext_noop(
        "New recovery codes were made; the old ones no longer work."
    ),
}


class SignUpForm(forms.Form):
    """What else may be said when signing up (settings.ACCOUNT_SIGNUP_FORM_CLASS)."""

    name = forms.CharField(max_length=150, required=False, validators=[one_line])
    language = forms.RegexField(r"^[a-z]{2}(-[A-Za-z]{2,4})?\Z", required=False)

    def clean(self) -> dict[str, Any]:
        if getattr(self, "account_already_exists", False):
            User().set_password("takes as long as making an account")
        return super().clean() or self.cleaned_data

    def signup(self, request: HttpRequest, user: User) -> None:
        user.name = self.cleaned_data["name"]
        user.language = self.cleaned_data["language"]
        user.save(update_fields=["name", "language"])


class VerifyWhoSignedUp(EmailVerificationStage):  # type: ignore[misc]  # allauth is untyped
    """People whom staff made need no code: staff know them."""

    def handle(self) -> Any:
        user = self.login.user
        return (None, True) if user and not user.email_unverified else super().handle()


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth is untyped
    def get_login_stages(self) -> list[str]:
        ours = f"{VerifyWhoSignedUp.__module__}.{VerifyWhoSignedUp.__qualname__}"
        return [
            ours if path.endswith(".EmailVerificationStage") else path for path in super().get_login_stages()
        ]

    def populate_username(self, request: HttpRequest, user: User) -> None:
        user.username = f"customer-{uuid.uuid4().hex[:16]}"

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        given = credentials.get("email") or credentials.get("username") or ""
        try:
            guesses.count_at(request, given)
        except Throttled as error:
            raise ImmediateHttpResponse(too_many(request, error)) from error

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        user: User | None = super().authenticate(request, **credentials)
        if user is not None:
            guesses.remember(request, user)
        return user

    def set_password(self, user: User, password: str) -> None:
        """With a code from their mail, or the old password: whoever may do that may sign in from here."""
        super().set_password(user, password)
        guesses.remember(self.request, user)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        kind = MAILS.get(template_prefix, "security_notice")
        facts = {"code": context["code"]} if "code" in context else {}
        if template_prefix in NOTICES:
            facts["what"] = _(NOTICES[template_prefix])
        messages.to_person(kind, email, now=timezone.now(), **facts)

    def get_client_ip(self, request: HttpRequest) -> str:
        return address_of(request)


def too_many(request: HttpRequest, error: Throttled) -> HttpResponse:
    """allauth's own 429, with the time to wait."""
    response: HttpResponse = RateLimitResponse(request)
    response["Retry-After"] = guesses.retry_after(error)
    return response


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth is untyped
    """Authenticators' secrets are sealed in the database."""

    def encrypt(self, text: str) -> str:
        return sealing.seal({"secret": text})

    def decrypt(self, encrypted_text: str) -> str:
        return str(sealing.unseal(encrypted_text)["secret"])
