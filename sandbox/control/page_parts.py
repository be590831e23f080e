"""The pieces of HTML that the page is made of."""

from collections.abc import Sequence
from html import escape

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'",
    "Cache-Control": "no-store",
}
_STYLE = """
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { margin: 1rem auto; max-width: 80rem; padding: 0 1rem; }
div { overflow-x: auto; }
table { border-collapse: collapse; margin: 1rem 0 2rem; width: 100%; }
caption { font-size: 1.25rem; font-weight: bold; text-align: left; }
th, td { border-bottom: 1px solid; padding: .4rem; text-align: left; vertical-align: top; }
form { display: inline-block; margin: 0 .4rem .4rem 0; }
button, select { font: inherit; padding: .2rem .6rem; }
"""


def document(said: str, sections: str) -> str:
    """The whole page; `said` is what the last button did."""
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Stripe sandbox</title>
<meta name="viewport" content="width=device-width"><style>{_STYLE}</style></head>
<body><main><h1>Stripe sandbox</h1>
<p>No real money. Here you play the customer's phone and bank.</p>
<p role="status">{escape(said)}</p>{sections}</main></body></html>"""


def table(caption: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table of cells that are HTML already."""
    if not rows:
        return f"<h2>{caption}</h2><p>None yet.</p>"
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in heads)
    lines = "".join(_line(cells) for cells in rows)
    body = f"<caption>{caption}</caption><thead><tr>{head}</tr></thead><tbody>{lines}</tbody>"
    return f"<div><table>{body}</table></div>"


def _line(cells: Sequence[str]) -> str:
    first, *others = cells
    return f'<tr><th scope="row">{first}</th>{"".join(f"<td>{cell}</td>" for cell in others)}</tr>'


def button(action: str, label: str, about: str = "", **fields: str) -> str:
    """A form of one button; `about` tells apart what several buttons are for."""
    return _form(action, _hidden(fields) + _submit(label, about))


def chooser(action: str, label: str, about: str, name: str, options: Sequence[str], **fields: str) -> str:
    """A form with a list to choose from."""
    choices = "".join(f"<option>{escape(option)}</option>" for option in options)
    select = f'<select name="{escape(name)}" aria-label="Card for {escape(about)}">{choices}</select>'
    return _form(action, _hidden(fields) + select + _submit(label, about))


def _form(action: str, inside: str) -> str:
    return f'<form method="post" action="/_page/{escape(action)}">{inside}</form>'


def _hidden(fields: dict[str, str]) -> str:
    pairs = [(escape(name), escape(value)) for name, value in fields.items()]
    return "".join(f'<input type="hidden" name="{name}" value="{value}">' for name, value in pairs)


def _submit(label: str, about: str) -> str:
    words = escape(f"{label} {about}".strip())
    return f'<button aria-label="{words}">{escape(label)}</button>'
