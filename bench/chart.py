"""A bar chart in SVG: how each figure stands to its goal. The table beside it says the same in numbers."""

from collections.abc import Sequence
from html import escape

from bench.figures import Figure

ROW, LABELS, WIDTH, GOAL = 24, 330, 640, 300
MET, MISSED = "#2a7d4f", "#b3402a"
STYLE = "font: 13px system-ui, sans-serif"


def chart(figures: Sequence[Figure]) -> str:
    """Each bar is the value ÷ its goal, the line is the goal; green is met, whichever side that is."""
    shown = [figure for figure in figures if figure.at_least or figure.at_most]
    height = ROW * (len(shown) + 1) + 10
    bars = "".join(_bar(figure, place * ROW + ROW) for place, figure in enumerate(shown))
    line = f'<line x1="{LABELS + GOAL}" x2="{LABELS + GOAL}" y1="20" y2="{height}" stroke="#555"/>'
    title = f'<text x="{LABELS + GOAL}" y="14" text-anchor="middle">goal</text>'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {LABELS + WIDTH} {height}" '
        f'style="{STYLE}; background: #fff" role="img"><title>Measured against the goals</title>'
        f"{title}{bars}{line}</svg>\n"
    )


def _bar(figure: Figure, y: int) -> str:
    goal = figure.at_least or figure.at_most or 1
    length = min(GOAL * (figure.value or 0) / goal, WIDTH - 90)
    side = "at least" if figure.at_least else "at most"
    text = f"{figure.value:.3g}{figure.unit} ({side} {goal:g})"
    return (
        f'<text x="{LABELS - 8}" y="{y + 15}" text-anchor="end">{escape(figure.path.replace("`", ""))}</text>'
        f'<rect x="{LABELS}" y="{y + 3}" width="{max(length, 1):.0f}" height="{ROW - 8}" '
        f'fill="{MET if figure.is_met else MISSED}"/>'
        f'<text x="{LABELS + max(length, 1) + 6:.0f}" y="{y + 15}">{escape(text)}</text>'
    )
