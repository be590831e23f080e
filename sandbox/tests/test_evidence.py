"""Evidence: files and limits."""

import io

import pytest
import stripe

from sandbox.tests.conftest import pay

PDF = b"%PDF-1.7 a timeline\r\n--not-a-boundary\r\n"


@pytest.fixture
def dispute(api: stripe.StripeClient) -> stripe.Dispute:
    """An open chargeback."""
    intent = pay(api, "pm_card_createDispute")
    return api.v1.disputes.list({"payment_intent": intent.id}).data[0]


def upload(api: stripe.StripeClient, content: bytes, purpose: str = "dispute_evidence") -> stripe.File:
    """A file at Stripe."""
    file = io.BytesIO(content)
    return api.v1.files.create({"file": file, "purpose": purpose})


def test_a_file_becomes_evidence(api: stripe.StripeClient, dispute: stripe.Dispute) -> None:
    file = upload(api, PDF)
    assert (file.size, file.type, file.purpose) == (len(PDF), "pdf", "dispute_evidence")
    assert api.v1.files.retrieve(file.id).id == file.id
    updated = api.v1.disputes.update(
        dispute.id, {"evidence": {"service_documentation": file.id}, "submit": False}
    )
    assert updated.evidence.service_documentation == file.id


def test_evidence_files_have_a_limit_together(api: stripe.StripeClient, dispute: stripe.Dispute) -> None:
    large = upload(api, PDF + b" " * 3 * 1024 * 1024).id
    api.v1.disputes.update(dispute.id, {"evidence": {"receipt": large}, "submit": False})
    with pytest.raises(stripe.InvalidRequestError, match=r"4\.5 MB"):
        api.v1.disputes.update(dispute.id, {"evidence": {"refund_policy": large}, "submit": False})
    assert api.v1.disputes.retrieve(dispute.id).evidence.refund_policy is None


@pytest.mark.parametrize("content", [b"plain words", b"%PDF" + b" " * 5 * 1024 * 1024])
def test_evidence_files_are_documents_of_five_megabytes(api: stripe.StripeClient, content: bytes) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="Evidence files"):
        upload(api, content)


def test_a_file_for_another_purpose_is_no_evidence(api: stripe.StripeClient, dispute: stripe.Dispute) -> None:
    for id_ in (upload(api, PDF, "business_logo").id, "file_unknown"):
        with pytest.raises(stripe.InvalidRequestError) as caught:
            api.v1.disputes.update(dispute.id, {"evidence": {"receipt": id_}})
        assert caught.value.param == "evidence[receipt]"


def test_an_unknown_evidence_field_is_refused(api: stripe.StripeClient, dispute: stripe.Dispute) -> None:
    with pytest.raises(stripe.InvalidRequestError) as caught:
        api.v1.disputes.update(
            dispute.id,
            {"evidence": {"appointment": "x"}},  # type: ignore[arg-type]
        )
    assert caught.value.param == "evidence[appointment]"


def test_texts_have_their_limits(api: stripe.StripeClient, dispute: stripe.Dispute) -> None:
    with pytest.raises(stripe.InvalidRequestError) as caught:
        api.v1.disputes.update(dispute.id, {"evidence": {"uncategorized_text": "x" * 20_001}})
    assert caught.value.param == "evidence[uncategorized_text]"
    names = [name for name in dispute.evidence.to_dict() if name.endswith(("_rebuttal", "_disclosure"))]
    names += ["access_activity_log", "product_description", "refund_refusal_explanation"]
    names += ["duplicate_charge_explanation", "uncategorized_text", "shipping_address"]
    with pytest.raises(stripe.InvalidRequestError, match="150000"):
        api.v1.disputes.update(
            dispute.id,
            {"evidence": dict.fromkeys(names, "x" * 20_000)},  # type: ignore[arg-type]
        )
    assert not api.v1.disputes.retrieve(dispute.id).evidence_details.has_evidence


def test_empty_text_clears_a_field(api: stripe.StripeClient, dispute: stripe.Dispute) -> None:
    for words, kept in (("Anna", "Anna"), ("", None)):
        updated = api.v1.disputes.update(dispute.id, {"evidence": {"customer_name": words}, "submit": False})
        assert updated.evidence.customer_name == kept
    assert not updated.evidence_details.has_evidence
