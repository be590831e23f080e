import random
from datetime import timedelta

FIRST = timedelta(seconds=10)
LONGEST = timedelta(hours=1)


def backoff(attempts: int) -> timedelta:
    """How long to wait after this many attempts: 10 s doubling to 1 h, with a quarter of jitter."""
    wait: timedelta = min(FIRST * 2 ** min(max(attempts, 1) - 1, 20), LONGEST)
    return wait * random.uniform(0.75, 1.25)  # noqa: S311 - spreads load, keeps no secret
