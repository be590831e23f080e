from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from knox.models import AuthToken

from accounts.forgetting import forget_what_ran_out
from accounts.models import Session, User
from accounts.tests.app import App
from core import throttles
from core.models import RequestCount

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.mark.django_db
def test_only_what_ran_out_is_forgotten() -> None:
    ada = User.objects.create_user("ada")
    for hours in (-1, 1):
        ends = NOW + timedelta(hours=hours)
        Session.objects.create(session_key=f"session {hours}", session_data="", expire_date=ends)
        token, _ = AuthToken.objects.create(user=ada)
        AuthToken.objects.filter(pk=token.pk).update(expiry=ends)
        throttles.count(f"count {hours}", period_ends_at=ends)

    assert forget_what_ran_out(lambda: NOW) == 3

    assert Session.objects.get().session_key == "session 1"
    assert AuthToken.objects.get().expiry == NOW + timedelta(hours=1)
    assert RequestCount.objects.get().key == "count 1"


@pytest.mark.django_db
def test_a_sign_up_that_nobody_verified_is_forgotten_after_a_week() -> None:
    App().sign_up("ada@example.com")
    phone = App()
    phone.sign_up("grace@example.com")
    phone.verify()
    User.objects.create_user("made-by-staff", "bob@example.com")
    for days, left in ((6, 3), (8, 2)):
        forget_what_ran_out(lambda days=days: timezone.now() + timedelta(days=days))  # type: ignore[misc]
        assert User.objects.count() == left
    assert not User.objects.filter(email="ada@example.com").exists()
