from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Verdict(StrEnum):
    """A warning is worth reading but keeps nothing from working."""

    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"


@dataclass(frozen=True)
class Result:
    """One line: what was looked at, how it is and, unless it is well, what to do."""

    name: str
    verdict: Verdict
    detail: str
    advice: str = ""


Check = Callable[[datetime], Iterator[Result]]


def ok(name: str, detail: str) -> Result:
    return Result(name, Verdict.OK, detail)


def warning(name: str, detail: str, advice: str) -> Result:
    return Result(name, Verdict.WARNING, detail, advice)


def failed(name: str, detail: str, advice: str) -> Result:
    return Result(name, Verdict.FAILED, detail, advice)
