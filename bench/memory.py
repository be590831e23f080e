"""How much memory processes have over time."""

from dataclasses import dataclass, field
from pathlib import Path

from bench.figures import Figure

MOST = 1.1
# A process has loaded everything only after it has done everything once.
SETTLED = 0.3


@dataclass
class Memory:
    """Looks at each named process with its children."""

    processes: dict[str, int]
    seen: dict[str, list[int]] = field(default_factory=dict)

    def look(self) -> None:
        for name, pid in self.processes.items():
            self.seen.setdefault(name, []).append(sum(map(_kilobytes, [pid, *children(pid)])))

    def figures(self) -> list[Figure]:
        """The last tenth of the time ÷ what it was after the first three."""
        return [_figure(name, seen) for name, seen in self.seen.items()]


def _figure(name: str, seen: list[int]) -> Figure:
    tenth = max(len(seen) // 10, 1)
    begin = int(len(seen) * SETTLED)
    before = max(seen[begin : begin + tenth])
    after = max(seen[-tenth:])
    result = f"{before / 1024:.0f} MB, at the end {after / 1024:.0f} MB"
    return Figure(f"memory of the {name}, end ÷ after three tenths", result, after / before, at_most=MOST)


def children(pid: int) -> list[int]:
    """The processes that a process started."""
    told = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(child) for child in told.read_text().split()] if told.exists() else []


def _kilobytes(pid: int) -> int:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1])
    return 0
