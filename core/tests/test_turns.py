"""A periodic job whose worker died is soon taken up, and a worker that wakes late goes no further."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone
from structlog.testing import capture_logs

from core.models import Mark
from core.work import jobs, lease, turns
from core.work.sweeps import Sweep

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]
EVERY, SOON = timedelta(hours=1), timedelta(seconds=45)


@pytest.fixture
def now() -> datetime:
    return timezone.now()


def hold_for(turn: turns.Turn, seconds: int) -> None:
    """Its worker lives for so long, and its watch looks every second."""
    for passed in range(seconds):
        turn.renew(turn.taken + timedelta(seconds=passed))


def test_the_turn_of_a_worker_that_died_is_free_within_seconds(now: datetime) -> None:
    assert turns.take("books", EVERY, now)
    assert turns.take("books", EVERY, now + lease.LEASE - timedelta(seconds=1)) is None
    assert turns.take("books", EVERY, now + SOON)


def test_what_somebody_asked_for_is_done_though_the_worker_that_took_it_up_died(now: datetime) -> None:
    turns.hurry("books", now=now)
    assert turns.take("books", timedelta(), now)
    assert turns.take("books", timedelta(), now) is None
    again = turns.take("books", timedelta(), now + SOON)
    assert again
    again.end()
    assert turns.take("books", timedelta(), now + EVERY) is None


def test_a_turn_that_is_over_comes_again_in_time(now: datetime) -> None:
    turn = turns.take("books", EVERY, now)
    assert turn
    turn.end()
    assert turns.to_come({"books": EVERY}, now + EVERY - timedelta(seconds=1)) == {"books"}
    assert turns.to_come({"books": EVERY}, now + EVERY) == set()


def test_a_long_turn_is_held_while_its_worker_lives_and_no_longer_than_until_the_next(now: datetime) -> None:
    turn = turns.take("books", EVERY, now)
    assert turn
    hold_for(turn, 600)
    assert turns.take("books", EVERY, now + timedelta(seconds=600)) is None
    hold_for(turn, 4000)
    assert turns.take("books", EVERY, now + EVERY)


def test_a_worker_that_wakes_late_renews_and_ends_nothing_of_anothers(now: datetime) -> None:
    late = turns.take("books", EVERY, now)
    other = turns.take("books", EVERY, now + SOON)
    assert late
    assert other
    late.renew(now + SOON)
    late.end()
    assert Mark.objects.get(name="next books").at == other.until


def test_a_worker_that_wakes_late_begins_no_other_row(now: datetime) -> None:
    rows, seen, asleep = [Mark.objects.create(name=name, at=now) for name in "abc"], [], timedelta()

    def see(row: Mark) -> None:
        nonlocal asleep
        seen.append(row.name)
        asleep = SOON

    def sweep(clock: jobs.Clock) -> int:
        return Sweep("letters").each(rows, see, clock)

    job = jobs.Job("letters", sweep, every=EVERY)
    jobs.run_due(lambda: now + asleep, [job])
    assert seen == ["a"]
    jobs.run_due(lambda: now + asleep, [job])
    assert seen == ["a", "a", "b", "c"]


def test_a_job_that_fails_is_tried_at_its_next_turn(now: datetime) -> None:
    def fail(_: jobs.Clock) -> int:
        raise ValueError

    job = jobs.Job("fails", fail, every=EVERY)
    with capture_logs():
        jobs.run_due(lambda: now, [job])
    assert Mark.objects.get(name="next fails").at == now + EVERY
