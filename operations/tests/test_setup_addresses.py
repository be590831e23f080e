"""The set-up check notices a proxy that nobody named: everybody seems to sign in from one address."""

import pytest
from django.utils import timezone

from accounts.models import KnownPlace, User
from operations.setup import running

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def sign_ins(*places: str) -> None:
    for number, place in enumerate(places):
        user = User.objects.create_user(f"user{number}")
        KnownPlace.objects.create(user=user, place=place, seen_at=timezone.now())


def test_many_people_from_one_address_are_told() -> None:
    sign_ins(*["proxy"] * 5)
    (result,) = running.sign_in_addresses(timezone.now())
    assert "TRUSTED_PROXIES" in str(result)


@pytest.mark.parametrize("places", [["proxy"] * 4, ["a", "b", "a", "a", "a"], []])
def test_few_people_or_several_addresses_are_not(places: list[str]) -> None:
    sign_ins(*places)
    (result,) = running.sign_in_addresses(timezone.now())
    assert "TRUSTED_PROXIES" not in str(result)
