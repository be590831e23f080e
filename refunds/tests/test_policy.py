"""The 12-hour rule: exact to the microsecond, in elapsed hours, and never more than there is."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refunds import policy
from refunds.models import RefundRule
from refunds.policy import Terms

pytestmark = pytest.mark.once

START = datetime(2026, 12, 1, 14, 0, tzinfo=UTC)
NOTICE = timedelta(hours=12)
INSTANT = timedelta(microseconds=1)
LONDON = ZoneInfo("Europe/London")


def until(starts_at: datetime, notice: timedelta) -> datetime:
    """As a booking that was never moved has it."""
    return starts_at.astimezone(UTC) - notice


def terms(starts_at: datetime = START, refund_notice: timedelta = NOTICE, **changes: object) -> Terms:
    usual = Terms(
        starts_at=starts_at,
        refund_notice=refund_notice,
        refundable_until=until(starts_at, refund_notice),
        paid=4500,
        refundable=4500,
        by_business=False,
        now=START - NOTICE,
    )
    return replace(usual, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("ahead", "amount", "rule"),
    [
        (timedelta(days=30), 4500, "in_time"),
        (NOTICE + INSTANT, 4500, "in_time"),
        (NOTICE, 4500, "in_time"),
        (NOTICE - INSTANT, 0, "too_late"),
        (timedelta(0), 0, "too_late"),
        (-timedelta(hours=1), 0, "too_late"),
    ],
)
def test_at_least_the_notice_gives_everything_and_less_nothing(
    ahead: timedelta, amount: int, rule: str
) -> None:
    decision = policy.decide(terms(now=START - ahead))
    assert (decision.amount, str(decision.rule)) == (amount, rule)


@pytest.mark.parametrize(
    ("starts_at", "last_moment"),
    [
        # The night the clocks go forward has an hour less, the night they go back one more.
        (datetime(2026, 3, 29, 8, 0, tzinfo=LONDON), datetime(2026, 3, 28, 19, 0, tzinfo=LONDON)),
        (datetime(2026, 10, 25, 8, 0, tzinfo=LONDON), datetime(2026, 10, 24, 21, 0, tzinfo=LONDON)),
    ],
)
def test_twelve_hours_are_twelve_elapsed_hours_when_the_clocks_change(
    starts_at: datetime, last_moment: datetime
) -> None:
    in_time = policy.decide(terms(starts_at=starts_at, now=last_moment))
    late = policy.decide(terms(starts_at=starts_at, now=last_moment.astimezone(UTC) + INSTANT))
    assert (in_time.rule, late.rule) == (RefundRule.IN_TIME, RefundRule.TOO_LATE)


def test_the_notice_is_the_bookings_own() -> None:
    a_day_ahead = START - timedelta(hours=24)
    assert policy.decide(terms(refund_notice=timedelta(hours=48), now=a_day_ahead)).amount == 0
    assert policy.decide(terms(refund_notice=timedelta(0), now=START)).amount == 4500


def test_the_end_of_free_cancellation_decides_and_not_the_notice() -> None:
    moved = terms(refundable_until=START - timedelta(hours=1), now=START - timedelta(hours=1))
    assert policy.decide(moved).rule == RefundRule.IN_TIME
    assert policy.decide(replace(moved, now=moved.now + INSTANT)).rule == RefundRule.TOO_LATE


def test_the_business_cancelling_gives_everything_back_at_any_time() -> None:
    decision = policy.decide(terms(by_business=True, now=START - INSTANT))
    assert (decision.amount, decision.rule) == (4500, RefundRule.BUSINESS_CANCELLED)


@pytest.mark.parametrize("by_business", [True, False])
def test_where_nothing_was_paid_nothing_goes_back(by_business: bool) -> None:
    decision = policy.decide(terms(paid=0, refundable=0, by_business=by_business))
    assert (decision.amount, decision.rule) == (0, RefundRule.NOTHING_PAID)


def test_what_was_refunded_already_is_not_owed_again() -> None:
    assert policy.decide(terms(refundable=1500)).amount == 1500


EARLIEST, LATEST = datetime(2000, 1, 1), datetime(2100, 1, 1)  # noqa: DTZ001 - Hypothesis adds the zones
moments = st.datetimes(EARLIEST, LATEST, timezones=st.timezones())
any_terms = st.builds(
    lambda starts_at, notice, paid, part, by_business, now: Terms(
        starts_at=starts_at,
        refund_notice=timedelta(minutes=notice),
        refundable_until=until(starts_at, timedelta(minutes=notice)),
        paid=paid,
        refundable=paid * part // 100,
        by_business=by_business,
        now=now,
    ),
    moments,
    st.integers(0, 20_000),
    st.integers(0, 99_999_999),
    st.integers(0, 100),
    st.booleans(),
    moments,
)


@given(any_terms)
def test_what_is_owed_is_all_that_is_left_or_nothing(given_terms: Terms) -> None:
    assert policy.decide(given_terms).amount in (0, given_terms.refundable)


@given(any_terms, st.timedeltas(timedelta(0), timedelta(days=99)))
def test_waiting_never_makes_it_more(given_terms: Terms, wait: timedelta) -> None:
    later = replace(given_terms, now=given_terms.now.astimezone(UTC) + wait)
    assert policy.decide(later).amount <= policy.decide(given_terms).amount


@given(any_terms)
def test_the_business_never_gives_less_than_the_customers_own_cancelling(given_terms: Terms) -> None:
    by_business = policy.decide(replace(given_terms, by_business=True))
    assert by_business.amount >= policy.decide(replace(given_terms, by_business=False)).amount


@given(any_terms, st.timezones())
def test_the_time_zone_changes_nothing(given_terms: Terms, zone: ZoneInfo) -> None:
    elsewhere = replace(
        given_terms, now=given_terms.now.astimezone(zone), starts_at=given_terms.starts_at.astimezone(zone)
    )
    assert policy.decide(elsewhere) == policy.decide(given_terms)


@given(any_terms)
def test_a_stored_receipt_leads_to_the_same_decision(given_terms: Terms) -> None:
    decision = policy.decide(given_terms)
    stored = json.loads(json.dumps(policy.receipt(given_terms, decision)))
    assert policy.replay(stored) == decision
    assert (stored["amount"], stored["rule"]) == (decision.amount, str(decision.rule))
