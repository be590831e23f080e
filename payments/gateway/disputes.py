"""Disputes, their evidence and early fraud warnings."""

from collections.abc import Mapping
from io import BytesIO
from typing import Any

from payments.gateway.connection import Answer, client, named, plain, translated


class NamedFile(BytesIO):
    """What the SDK uploads, under this name."""

    def __init__(self, name: str, content: bytes) -> None:
        super().__init__(content)
        self.name = name


def disputes_of(intent: str) -> list[Answer]:
    with translated():
        page = client().v1.disputes.list({"payment_intent": named(intent), "limit": 100})
        return [plain(dispute, "dispute") for dispute in page.auto_paging_iter()]


def disputes_since(created: int) -> list[Answer]:
    """All disputes created at or after this Unix time, whatever they dispute."""
    with translated():
        page = client().v1.disputes.list({"created": {"gte": created}, "limit": 100})
        return [plain(dispute, "dispute") for dispute in page.auto_paging_iter()]


def retrieve_dispute(dispute: str) -> Answer:
    with translated():
        return plain(client().v1.disputes.retrieve(named(dispute)), "dispute")


def stage_evidence(dispute: str, evidence: Mapping[str, Any]) -> Answer:
    """Keep evidence at Stripe without handing it in: it can be staged again. Empty text clears a field."""
    return _update(dispute, evidence=evidence, submit=False)


def submit_evidence(dispute: str, evidence: Mapping[str, Any]) -> Answer:
    """Hand evidence in to the bank: it works once. No key: what was handed in is read back instead."""
    return _update(dispute, evidence=evidence, submit=True)


def answer_by_hand(dispute: str) -> Answer:
    """Tell Stripe not to answer by itself when the time is over."""
    return _update(dispute, intended_submission_method="manual", submit=False)


def _update(dispute: str, **params: Any) -> Answer:
    wanted: Any = params  # the SDK has a type for each field
    with translated():
        return plain(client().v1.disputes.update(named(dispute), wanted), "dispute")


def accept_dispute(dispute: str) -> Answer:
    """Give in: the dispute is lost, for good."""
    with translated():
        return plain(client().v1.disputes.close(named(dispute)), "dispute")


def upload_evidence(*, name: str, content: bytes, key: str) -> Answer:
    """Upload a PDF, JPEG or PNG of at most 5 MB as evidence; the same key gives the same file."""
    with translated():
        return plain(
            client().v1.files.create(
                {"purpose": "dispute_evidence", "file": NamedFile(name, content)},
                {"idempotency_key": key},
            ),
            "file",
        )
