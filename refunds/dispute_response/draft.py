"""The evidence that staff prepare for a dispute, and whether Stripe has the same."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from refunds.dispute_response import evidence, facts
from refunds.models import Dispute

CE3 = "visa_compelling_evidence_3"
KNOWN = (*evidence.TEXTS, *evidence.FILES)


@dataclass(frozen=True)
class Draft:
    """`texts` by Stripe's field; by field too `files` are Stripe's ids, `names` what staff called them, and
    `sizes` their bytes. `compelling` is the evidence for Visa's Compelling Evidence 3.0.
    """

    texts: dict[str, str]
    files: dict[str, str]
    names: dict[str, str]
    sizes: dict[str, int] = field(default_factory=dict)
    compelling: dict[str, Any] = field(default_factory=dict)

    def stored(self) -> dict[str, Any]:
        """As it is kept on the dispute."""
        return asdict(self)

    @property
    def plain_fields(self) -> dict[str, str]:
        """Texts and files by Stripe's fields."""
        return self.texts | self.files

    @property
    def given(self) -> dict[str, Any]:
        """All of it by Stripe's fields."""
        enhanced = {"enhanced_evidence": {CE3: self.compelling}} if self.compelling else {}
        return self.plain_fields | enhanced

    def sent(self, at_stripe: Mapping[str, Any]) -> dict[str, Any]:
        """As it goes to Stripe: what was taken out meanwhile is cleared there."""
        there = [name for name in (*KNOWN, "enhanced_evidence") if at_stripe.get(name)]
        return dict.fromkeys(there, "") | self.given

    @property
    def digest(self) -> str:
        """What tells this draft from any other."""
        return hashlib.sha256(json.dumps(self.given, sort_keys=True).encode()).hexdigest()

    def differs_from(self, at_stripe: Mapping[str, Any]) -> list[str]:
        """The fields in which Stripe has something else."""
        fields = self.plain_fields
        differing = [name for name in KNOWN if plain(at_stripe.get(name)) != fields.get(name, "")]
        there = (at_stripe.get("enhanced_evidence") or {}).get(CE3) or {}
        return differing + (["enhanced_evidence"] if _charges(there) != _charges(self.compelling) else [])


def _charges(compelling: Mapping[str, Any]) -> list[str]:
    return [sale["charge"] for sale in compelling.get("prior_undisputed_transactions") or []]


def of(dispute: Dispute, now: datetime) -> Draft:
    """What staff prepared, or what the booking's own record has to say."""
    kept: dict[str, Any] = dispute.evidence
    if "texts" not in kept:
        # Submitted in Stripe's dashboard, or emptied since: what it said isn't known here.
        texts = {} if dispute.submitted_at else evidence.build(facts.of(dispute, now))
        return Draft(texts, {}, {})
    return Draft(
        dict(kept["texts"]),
        dict(kept["files"]),
        dict(kept["names"]),
        dict(kept.get("sizes", {})),
        dict(kept.get("compelling", {})),
    )


def written(texts: Mapping[str, str]) -> dict[str, str]:
    """Texts as a form brought them, without what is empty."""
    clean = {name: plain(text) for name, text in texts.items() if name in evidence.TEXTS}
    return {name: text for name, text in clean.items() if text}


def plain(text: Any) -> str:
    """Line ends as everybody but a form has them."""
    return str(text or "").replace("\r\n", "\n").strip()
