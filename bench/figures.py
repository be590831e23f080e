"""What was measured, as rows of the report."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """One path: what came out in words, and its `value` held against its goal (None: no goal)."""

    path: str
    result: str
    value: float | None = None
    unit: str = ""
    at_least: float | None = None
    at_most: float | None = None

    @property
    def is_met(self) -> bool:
        """Whether the goal is reached; without a goal it is."""
        value = self.value or 0.0
        return (self.at_least is None or value >= self.at_least) and (
            self.at_most is None or value <= self.at_most
        )

    @property
    def goal(self) -> str:
        if self.at_least is not None:
            return f"at least {self.at_least:g}{self.unit}"
        return "" if self.at_most is None else f"at most {self.at_most:g}{self.unit}"


def ms(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms"
