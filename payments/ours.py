"""What at Stripe is ours: it carries this installation's mark. An account may serve other shops, too.

Stripe's own id, where we have it, decides before any mark does.
"""

import uuid
from typing import Any

from core import installation

PAYMENT, REFUND = "payment", "refund_record"


def marked(**marks: str) -> dict[str, str]:
    """Metadata for something that we make."""
    return {"site": installation.mark(), **marks}


def key_of(thing: Any, name: str) -> uuid.UUID | None:
    """The id of our row that this was marked with; None for what another installation or shop marked.

    What was made before there were marks has none, and names a row that nobody could guess.
    """
    marks = _marks(thing)
    if marks.get("site", installation.mark()) != installation.mark():
        return None
    try:
        return uuid.UUID(marks.get(name, ""))
    except (ValueError, AttributeError, TypeError):
        return None


def is_marked(thing: Any, name: str) -> bool:
    """Whether this installation made it, even if we lost the row."""
    return "site" in _marks(thing) and key_of(thing, name) is not None


def _marks(thing: Any) -> dict[str, Any]:
    marks = thing.get("metadata")
    return marks if isinstance(marks, dict) else {}
