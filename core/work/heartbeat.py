"""Signs of life of the workers: of each thread that goes around, and of a process whose threads all live."""

from datetime import datetime, timedelta

from core.models import Mark

WORKER = "worker"
BEAT_EVERY = timedelta(seconds=5)
# A process that is silent for so long is gone; a thread may have much in hand while Stripe is slow.
PROCESS_SILENT, THREAD_SILENT = timedelta(minutes=1), timedelta(minutes=15)


def beat(now: datetime, thread: str = "") -> None:
    """Say that a worker, or one of its threads, is at work; at most every few seconds."""
    name = f"{WORKER} {thread}".strip()
    recent = Mark.objects.filter(name=name, at__gt=now - BEAT_EVERY, at__lte=now)
    if not recent.exists():
        Mark.objects.update_or_create(name=name, defaults={"at": now})


def last_seen(database: str = "default") -> datetime | None:
    """When a worker was last seen, as this database knows it."""
    return Mark.objects.using(database).filter(name=WORKER).values_list("at", flat=True).first()


def threads() -> dict[str, datetime]:
    """When each kind of thread was last seen, in whichever worker."""
    marks = Mark.objects.filter(name__startswith=f"{WORKER} ").order_by("name")
    return {name.removeprefix(f"{WORKER} "): at for name, at in marks.values_list("name", "at")}


def silent_threads(now: datetime) -> list[str]:
    """The kinds of threads of which no worker has a living one."""
    return [name for name, at in threads().items() if now - at > THREAD_SILENT]
