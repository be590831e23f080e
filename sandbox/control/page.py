"""A page to play the phone's and the bank's part by hand; plain forms, nothing from outside."""

import json
from html import escape
from urllib.parse import parse_qsl, urlencode

from sandbox.account.payout_life import ON_ITS_WAY
from sandbox.cards.card_stories import CARDS
from sandbox.control import control, page_parts
from sandbox.control.page_parts import button, document, table
from sandbox.machine import Machine
from sandbox.paying.confirming import CONFIRMABLE
from sandbox.request import money
from sandbox.reversals.dispute_life import CLOSED
from sandbox.reversals.refund_life import OPEN
from sandbox.store.shelf import Obj, Shelf
from sandbox.wire import Request, Response

_SHOWN = 50
_ACTIONS = "/_page/"


def answer(machine: Machine, request: Request) -> Response:
    """The page, or the act behind one of its buttons and back to the page."""
    if request.method == "POST" and request.path.startswith(_ACTIONS):
        return _act(machine, request)
    if request.method != "GET" or request.path != "/":
        return Response(404, b"Not found", "text/plain")
    said = dict(parse_qsl(request.query)).get("said", "")
    with machine.state.lock:
        html = document(said, _sections(machine))
    return Response(200, html.encode(), "text/html; charset=utf-8", page_parts.HEADERS)


def _act(machine: Machine, request: Request) -> Response:
    # Another site's page may not press our buttons.
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return Response(403, b"Forbidden", "text/plain")
    name = request.path.removeprefix(_ACTIONS)
    fields = dict(parse_qsl(request.body.decode("utf-8", "replace")))
    status, body = control.perform(machine, f"POST {name}", fields)
    said = urlencode({"said": _outcome(name, status, json.loads(body))})
    return Response(303, b"", "text/plain", {"Location": f"/?{said}"})


def _outcome(name: str, status: int, result: Obj) -> str:
    error = result.get("error")
    if error:
        return f"{name}: {error['message']}"
    return f"{name}: done" if status == 200 else f"{name}: failed"


def _sections(machine: Machine) -> str:
    state = machine.state
    waiting = f"Later effects that wait: {state.clock.planned}."
    return "".join(
        [
            f"<p>{waiting}</p>" + button("clock/settle", "Let them happen now"),
            table("Payments", _HEADS, [_payment(row) for row in _newest(state.payment_intents)]),
            table("Refunds", _HEADS, [_refund(row) for row in _newest(state.refunds)]),
            table("Disputes", _HEADS, [_dispute(row) for row in _newest(state.disputes)]),
            button("payouts", "Pay out what is available"),
            table("Payouts", _HEADS, [_payout(row) for row in _newest(state.payouts)]),
        ]
    )


_HEADS = ("Id", "Amount", "Status", "For", "What you can do")


def _newest(shelf: Shelf) -> list[Obj]:
    return list(reversed(shelf.rows[-_SHOWN:]))


def _row(obj: Obj, about: str, buttons: list[str]) -> list[str]:
    amount = money.words(obj["amount"], obj["currency"])
    return [escape(obj["id"]), escape(amount), escape(obj["status"]), escape(about), "".join(buttons)]


def _payment(intent: Obj) -> list[str]:
    about = ", ".join(f"{name} {value}" for name, value in intent["metadata"].items())
    return _row(intent, about, _payment_buttons(intent))


def _payment_buttons(intent: Obj) -> list[str]:
    id_ = intent["id"]
    if intent["status"] == "succeeded":
        return [
            button("dashboard_refund", "Refund in the dashboard", id_, payment_intent=id_),
            button("disputes", "Dispute", id_, payment_intent=id_),
            button("disputes", "Inquire", id_, payment_intent=id_, inquiry="true"),
            button("copy_intent", "Pay a second time", id_, payment_intent=id_),
        ]
    if intent["status"] not in CONFIRMABLE:
        return []
    buttons = [
        button("pay", "Pay", id_, payment_intent=id_),
        button("pay", "Decline", id_, payment_intent=id_, payment_method="pm_card_visa_chargeDeclined"),
        page_parts.chooser("pay", "Pay with", id_, "payment_method", list(CARDS), payment_intent=id_),
    ]
    if intent["status"] == "requires_action":
        buttons.append(button("authenticate", "Pass 3-D Secure", id_, payment_intent=id_))
        buttons.append(button("authenticate", "Fail 3-D Secure", id_, payment_intent=id_, passed="false"))
    return buttons


def _refund(refund: Obj) -> list[str]:
    id_, status = refund["id"], refund["status"]
    buttons = [button(f"refunds/{id_}/fail", "Fail", id_)] if status in ("succeeded", *OPEN) else []
    if status in OPEN:
        buttons.append(button(f"refunds/{id_}/succeed", "Succeed", id_))
        buttons.append(button(f"refunds/{id_}/cancel", "Cancel", id_))
    return _row(refund, refund["payment_intent"], buttons)


def _dispute(dispute: Obj) -> list[str]:
    id_, status = dispute["id"], dispute["status"]
    buttons = []
    if status not in CLOSED:
        buttons = [button(f"disputes/{id_}/{step}", step.capitalize(), id_) for step in ("win", "lose")]
    if status.startswith("warning_") and status not in CLOSED:
        buttons.append(button(f"disputes/{id_}/escalate", "Escalate", id_))
    return _row(dispute, f"{dispute['payment_intent']}, {dispute['reason']}", buttons)


def _payout(payout: Obj) -> list[str]:
    id_, status = payout["id"], payout["status"]
    buttons = [button(f"payouts/{id_}/arrive", "Arrive", id_)] if status in ON_ITS_WAY else []
    if status in (*ON_ITS_WAY, "paid"):
        buttons.append(button(f"payouts/{id_}/fail", "Fail", id_))
    return _row(payout, "automatic" if payout["automatic"] else payout["method"], buttons)
