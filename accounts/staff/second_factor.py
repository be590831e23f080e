"""The second factor: a code from an app, a passkey, or a recovery code, kept by allauth's rows."""

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.utils import decrypt
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
    """What this code is of; a code is good once, in whatever process, and none older than it after it."""
    code = code.strip()
    typed = Authenticator.objects.filter(user=user).exclude(type=Authenticator.Type.WEBAUTHN)
    if not code:
        return None
    with transaction.atomic():
        return next((one for one in typed.select_for_update() if _is_good(one, code)), None)


def _is_good(one: Authenticator, code: str) -> bool:
    if one.type != Authenticator.Type.TOTP:
        return bool(one.wrap().validate_code(code))
    counter = _counter_of(decrypt(one.data["secret"]), code)
    if counter <= one.data.get("last_counter", 0):
        return False
    one.data["last_counter"] = counter
    one.save(update_fields=["data"])
    return True


def _counter_of(secret: str, code: str) -> int:
    """Which of the half minutes around now this code is for; 0 for none."""
    around_now = totp.yield_hotp_counters_from_time()
    expected = {one: totp.format_hotp_value(totp.hotp_value(secret, one)) for one in around_now}
    return next((one for one in expected if compare_user_code(actual=code, expected=expected[one])), 0)


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
