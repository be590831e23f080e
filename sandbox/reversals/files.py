"""Uploaded files, such as evidence."""

from sandbox.events import events
from sandbox.request.call import Call, Route
from sandbox.request.errors import invalid, missing_param
from sandbox.request.lookup import many, one
from sandbox.request.params import EXPAND, anything, text
from sandbox.store.shelf import Obj
from sandbox.store.state import State, new_id

_PURPOSES = (
    "account_requirement",
    "additional_verification",
    "business_icon",
    "business_logo",
    "customer_signature",
    "dispute_evidence",
    "identity_document",
    "issuing_regulatory_reporting",
    "pci_document",
    "platform_terms_of_service",
    "tax_document_user_upload",
    "terminal_reader_splashscreen",
)
_LARGEST_EVIDENCE = 5 * 1024 * 1024
_TYPES = ((b"%PDF", "pdf"), (b"\x89PNG", "png"), (b"\xff\xd8\xff", "jpg"))


def _create(state: State, call: Call) -> Obj:
    for name in ("file", "purpose"):
        if name not in call.params:
            raise missing_param(name)
    if not isinstance(call.params["file"], tuple):
        raise invalid("The file must be uploaded as multipart/form-data.", "file")
    if call.params["purpose"] not in _PURPOSES:
        raise invalid(f"Invalid purpose: must be one of {', '.join(_PURPOSES)}", "purpose")
    filename, content = call.params["file"]
    type_ = next((name for magic, name in _TYPES if content.startswith(magic)), None)
    if call.params["purpose"] == "dispute_evidence":
        _check_evidence(content, type_)
    id_ = new_id("file")
    file = {
        "id": id_,
        "object": "file",
        "created": state.clock.now(),
        "expires_at": None,
        "filename": filename,
        "links": {
            "object": "list",
            "data": [],
            "has_more": False,
            "url": f"/v1/file_links?file={id_}",
        },
        "purpose": call.params["purpose"],
        "size": len(content),
        "title": None,
        "type": type_,
        "url": f"https://files.stripe.com/v1/files/{id_}/contents",
    }
    state.files.add(file)
    events.emit(state, "file.created", file)
    return file


def _check_evidence(content: bytes, type_: str | None) -> None:
    if type_ is None:
        raise invalid("Evidence files must be a PDF, JPEG or PNG.", "file")
    if len(content) > _LARGEST_EVIDENCE:
        raise invalid("Evidence files can be at most 5 MB.", "file")


ROUTES = {
    ("POST", "/v1/files"): Route(_create, {**EXPAND, "file": anything, "purpose": text}),
    ("GET", "/v1/files"): many("files", "purpose"),
    ("GET", "/v1/files/{id}"): one("files"),
}
