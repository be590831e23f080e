"""The evidence that staff prepare for a dispute, and whether Stripe has the same."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from refunds.dispute_response import evidence, facts
from refunds.models import Dispute

KNOWN = (*evidence.TEXTS, *evidence.FILES)


@dataclass(frozen=True)
class Draft:
    """`texts` by Stripe's field; `files` are Stripe's ids and `names` what staff called them, by field."""

    texts: dict[str, str]
    files: dict[str, str]
    names: dict[str, str]

    def stored(self) -> dict[str, Any]:
        """As it is kept on the dispute."""
        return {"texts": self.texts, "files": self.files, "names": self.names}

    @property
    def given(self) -> dict[str, str]:
        """All of it by Stripe's fields."""
        return self.texts | self.files

    def sent(self, at_stripe: Mapping[str, Any]) -> dict[str, str]:
        """As it goes to Stripe: what was taken out meanwhile is cleared there."""
        return dict.fromkeys((f for f in KNOWN if at_stripe.get(f)), "") | self.given

    @property
    def digest(self) -> str:
        """What tells this draft from any other."""
        return hashlib.sha256(json.dumps(self.given, sort_keys=True).encode()).hexdigest()

    def differs_from(self, at_stripe: Mapping[str, Any]) -> list[str]:
        """The fields in which Stripe has something else."""
        return [field for field in KNOWN if plain(at_stripe.get(field)) != self.given.get(field, "")]


def of(dispute: Dispute) -> Draft:
    """What staff prepared, or what the booking's own record has to say."""
    kept: dict[str, Any] = dispute.evidence
    if "texts" not in kept:
        # Submitted in Stripe's dashboard, or emptied since: what it said isn't known here.
        texts = {} if dispute.submitted_at else evidence.build(facts.of(dispute))
        return Draft(texts, {}, {})
    return Draft(dict(kept["texts"]), dict(kept["files"]), dict(kept["names"]))


def written(texts: Mapping[str, str]) -> dict[str, str]:
    """Texts as a form brought them, without what is empty."""
    clean = {field: plain(text) for field, text in texts.items() if field in evidence.TEXTS}
    return {field: text for field, text in clean.items() if text}


def plain(text: Any) -> str:
    """Line ends as everybody but a form has them."""
    return str(text or "").replace("\r\n", "\n").strip()
