"""The table and the chart, for the terminal and for docs/performance.md."""

import os
import platform
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from bench.chart import chart
from bench.figures import Figure

BEGIN, END = "<!-- written by make bench -->", "<!-- end of what make bench wrote -->"


def row(figure: Figure) -> str:
    """One figure as a row of the table."""
    value = "" if figure.value is None else f"{figure.value:.3g}{figure.unit}"
    met = ("met" if figure.is_met else "**not met**") if figure.goal else ""
    return f"| {figure.path} | {figure.result} | {value} | {figure.goal} | {met} |"


def write(page: Path, figures: Sequence[Figure], *, now: datetime, load: float) -> None:
    """Put the table between the page's marks, and the chart beside the page."""
    before, _, rest = page.read_text().partition(BEGIN)
    _, _, after = rest.partition(END)
    page.write_text(f"{before}{BEGIN}\n{_table(figures, now, load)}\n{END}{after}")
    page.with_suffix(".svg").write_text(chart(figures))


def _table(figures: Sequence[Figure], now: datetime, load: float) -> str:
    where = f"{os.cpu_count()} cores ({_processor()}), Python {platform.python_version()}"
    lines = [
        f"Measured on {now:%-d %B %Y} at {now:%H:%M} UTC on {where};",
        f"load average {load:.1f} before, {os.getloadavg()[0]:.1f} after.",
        "",
        "![Measured against the goals](performance.svg)",
        "",
        "| Path | Measured | Value | Goal | |",
        "|---|---|---|---|---|",
    ]
    return "\n".join([*lines, *map(row, figures)])


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.machine()
