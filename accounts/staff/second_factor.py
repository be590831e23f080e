"""The second factor: a code from an app, a passkey, or a recovery code, kept by allauth's rows."""

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.db import transaction
from django.http import HttpRequest

from accounts.models import Session, User

DONE = "second_factor"  # in the session: by what the second step was taken, "" if by nothing
KINDS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def has_one(user: User) -> bool:
    return bool(Authenticator.objects.filter(user=user, type__in=KINDS).exists())


def of(user: User) -> list[Authenticator]:
    return list(Authenticator.objects.filter(user=user, type__in=KINDS).order_by("pk"))


def passkeys_of(user: User) -> list[Authenticator]:
    return [one for one in of(user) if one.type == Authenticator.Type.WEBAUTHN]


def check(user: User, code: str) -> Authenticator | None:
    """What this code is of; a code is good once, in whatever process."""
    code = code.strip()
    typed = Authenticator.objects.filter(user=user).exclude(type=Authenticator.Type.WEBAUTHN)
    if not code:
        return None
    with transaction.atomic():
        for one in typed.select_for_update():
            if one.data.get("last_code") != code and one.wrap().validate_code(code):
                _used(one.pk, code)
                return Authenticator.objects.get(pk=one.pk)
    return None


def _used(pk: int, code: str) -> None:
    one = Authenticator.objects.get(pk=pk)
    if one.type == Authenticator.Type.TOTP:
        one.data["last_code"] = code
        one.save(update_fields=["data"])


def added(request: HttpRequest, user: User, kind: str) -> list[str]:
    """After the first one: recovery codes to write down; other browsers have to sign in again."""
    request.session[DONE] = kind
    Session.objects.filter(user=user).exclude(session_key=request.session.session_key).delete()
    if Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).exists():
        return []
    return list(RecoveryCodes.activate(user).get_unused_codes())


def forget(user: User) -> int:
    """Take all of somebody's second factors away (their phone is lost); returns how many there were."""
    return int(Authenticator.objects.filter(user=user).delete()[0])
