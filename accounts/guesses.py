"""Guesses are counted at every door, so that they get nowhere and lock nobody out.

Three counts: all that comes from one address; what one address tries at one person; and what is tried at
one person from addresses where they never signed in. Whoever guesses from everywhere uses up the strangers'
count, and the owner still gets in where they did before, or by a code in their mail.
"""

from datetime import datetime, timedelta
from hashlib import sha256
from math import ceil

from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac
from rest_framework.exceptions import Throttled
from rest_framework.request import Request

from accounts.backends import who_may_be
from accounts.models import KnownPlace, User
from core.throttles import ByAddress, Throttle, address_of

REMEMBERED = timedelta(days=90)


class FromOneAddress(ByAddress):
    scope = "sign_in_address"


class AtOnePerson(Throttle):
    scope = "sign_in_user"


class ByStrangers(Throttle):
    scope = "sign_in_strangers"


class AtSecondFactor(Throttle):
    scope = "second_factor"


class MailToOne(Throttle):
    scope = "mail_address"


class BadTokens(ByAddress):
    scope = "bad_tokens"


def count_address(request: HttpRequest | Request) -> None:
    """Count one more from this address. Raises Throttled."""
    limit = FromOneAddress()
    _take(limit, limit.get_cache_key(request))


def count_at(request: HttpRequest | Request, given: str) -> None:
    """Count one more guess at whoever this user name or address means. Raises Throttled."""
    people = who_may_be(given)
    who = key_of(people[0]) if people else sha256(given.casefold().encode(errors="replace")).hexdigest()
    count_at_person(request, who, people[0] if people else None)


def key_of(user: User) -> str:
    """By which guesses at somebody are counted, whatever they are called."""
    return f"user-{user.pk}"


def count_at_person(request: HttpRequest | Request, who: str, user: User | None) -> None:
    """Count one more guess at a person, by any name for them. Raises Throttled."""
    place = place_of(request)
    own, strangers = AtOnePerson(), ByStrangers()
    _take(own, own.keyed(f"{who}:{place[:16]}"))
    if user is None or not KnownPlace.objects.filter(user=user, place=place).exists():
        _take(strangers, strangers.keyed(who))


def count_second_factor(request: HttpRequest | Request, user: User) -> None:
    """Count one more try at somebody's second factor, by whoever has this password. Raises Throttled."""
    count_address(request)
    count_code(user)


def count_code(user: User) -> None:
    """Count one more try at somebody's second factor, from anywhere. Raises Throttled."""
    limit = AtSecondFactor()
    password = sha256(user.password.encode()).hexdigest()[:16]  # a new one starts a new count
    _take(limit, limit.keyed(f"{key_of(user)}:{password}"))


def count_mail(request: HttpRequest | Request, address: str) -> None:
    """Count one more mail that somebody has sent to an address without being signed in. Raises Throttled."""
    limit = MailToOne()
    who = sha256(address.strip().lower().encode(errors="replace")).hexdigest()
    _take(limit, limit.keyed(f"{who[:32]}:{place_of(request)[:16]}"))


def remember(request: HttpRequest | Request, user: User, *, now: datetime | None = None) -> None:
    """They signed in from here: guesses from elsewhere don't count against them here."""
    now = now or timezone.now()
    known = KnownPlace.objects.filter(user=user, place=place_of(request))
    if not known.filter(seen_at__gt=now - timedelta(days=1)).exists():
        KnownPlace.objects.update_or_create(user=user, place=place_of(request), defaults={"seen_at": now})


def place_of(request: HttpRequest | Request) -> str:
    """An address as we keep it: nobody can read it back without the SECRET_KEY."""
    return salted_hmac("accounts.place", address_of(request), algorithm="sha256").hexdigest()


def retry_after(error: Throttled) -> str:
    """Whole seconds to wait."""
    return str(ceil(getattr(error, "wait", None) or 1))


def _take(limit: Throttle, key: str) -> None:
    if not limit.take(key):
        raise Throttled(wait=limit.wait())
