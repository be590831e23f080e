"""Control calls for the phone's and the bank's part: pay, dispute, fail a refund."""

from collections.abc import Callable

from sandbox.cards.card_stories import Complaint
from sandbox.control import seeding
from sandbox.events import events
from sandbox.machine import Control, Machine
from sandbox.paying import confirming, intent_shape
from sandbox.request.errors import StripeError
from sandbox.request.lookup import find
from sandbox.request.params import positive
from sandbox.reversals import dispute_life, fraud_warnings, refund_life, refunds
from sandbox.reversals.dispute_shape import submission_method
from sandbox.store.shelf import Obj


def pay(machine: Machine, id_: str, body: Obj) -> Obj:
    """The phone pays. `amount` and `currency` change the intent first."""
    intent = find(machine.state.payment_intents, body["payment_intent"])
    if intent["status"] in confirming.CONFIRMABLE:
        intent.update({name: body[name] for name in ("amount", "currency") if name in body})
    name = body.get("payment_method", "pm_card_visa")
    return _attempt(intent, lambda: confirming.confirm(machine.state, intent, name))


def authenticate(machine: Machine, id_: str, body: Obj) -> Obj:
    """The customer passes or fails 3-D Secure on the phone."""
    intent = find(machine.state.payment_intents, body["payment_intent"])
    passed = _flag(body, "passed", default=True)
    return _attempt(intent, lambda: confirming.authenticate(machine.state, intent, passed=passed))


def _flag(body: Obj, name: str, *, default: bool) -> bool:
    # The page's forms send text.
    return body.get(name, default) in (True, "true")


def _attempt(intent: Obj, action: Callable[[], None]) -> Obj:
    try:
        action()
    except StripeError as error:
        return {"payment_intent": intent, "error": error.body["error"]}
    return {"payment_intent": intent, "error": None}


def copy_intent(machine: Machine, id_: str, body: Obj) -> Obj:
    """A second intent with the same metadata that is paid at once."""
    first = find(machine.state.payment_intents, body["payment_intent"])
    names = ("amount", "currency", "customer", "metadata", "description")
    params = {**{name: first[name] for name in names}, **body}
    method = params.pop("payment_method", "pm_card_visa")
    second = intent_shape.make(machine.state, params)
    events.emit(machine.state, "payment_intent.created", second)
    return _attempt(second, lambda: confirming.confirm(machine.state, second, method))


def dashboard_refund(machine: Machine, id_: str, body: Obj) -> Obj:
    """Somebody refunds in Stripe's dashboard: no metadata of ours."""
    charge = refunds.charge_of_intent(machine.state, body["payment_intent"])
    return refunds.refund_charge(machine.state, charge, _with_amount(body))


def _with_amount(body: Obj) -> Obj:
    return {**body, "amount": positive("amount", body["amount"])} if "amount" in body else body


def dispute(machine: Machine, id_: str, body: Obj) -> Obj:
    """The customer goes to their bank."""
    charge = refunds.charge_of_intent(machine.state, body["payment_intent"])
    case = "inquiry" if _flag(body, "inquiry", default=False) else body.get("case", "chargeback")
    complaint = Complaint(
        body.get("reason", "fraudulent"), case, visa_ce3=_flag(body, "visa_ce3", default=False)
    )
    return dispute_life.start(machine.state, charge, complaint, amount=_with_amount(body).get("amount"))


def smart_disputes(machine: Machine, id_: str, body: Obj) -> Obj:
    """Who answers disputes to come by default; nothing: the account has no Smart Disputes."""
    machine.state.submission_default = submission_method("default", body["default"])
    return {"default": machine.state.submission_default}


def _step(shelf: str, step: Callable[..., None]) -> Control:
    """The call that does this to the object in its path; the body has the step's options."""

    def control(machine: Machine, id_: str, body: Obj) -> Obj:
        found = find(machine.state.shelves[shelf], id_)
        step(machine.state, found, **body)
        return found

    return control


def early_fraud_warning(machine: Machine, id_: str, body: Obj) -> Obj:
    """The card's issuer reports fraud; the body may have `fraud_type` and `names_intent`."""
    charge = find(machine.state.charges, body.pop("charge"))
    return fraud_warnings.issue(machine.state, charge, **body)


def seed(machine: Machine, id_: str, body: Obj) -> Obj:
    """Many paid intents at once, without events."""
    return {"payment_intents": seeding.paid_intents(machine.state, **body)}


CONTROLS: dict[str, Control] = {
    "POST pay": pay,
    "POST authenticate": authenticate,
    "POST copy_intent": copy_intent,
    "POST seed": seed,
    "POST dashboard_refund": dashboard_refund,
    "POST refunds/{id}/succeed": _step("refunds", refund_life.succeed),
    "POST refunds/{id}/fail": _step("refunds", refund_life.fail),
    "POST refunds/{id}/cancel": _step("refunds", refund_life.cancel),
    "POST refunds/{id}/require_action": _step("refunds", refund_life.require_action),
    "POST disputes": dispute,
    "POST disputes/{id}/win": _step("disputes", dispute_life.win),
    "POST disputes/{id}/lose": _step("disputes", dispute_life.lose),
    "POST disputes/{id}/escalate": _step("disputes", dispute_life.escalate),
    "POST disputes/{id}/close_inquiry": _step("disputes", dispute_life.close_inquiry),
    "POST disputes/{id}/withdraw": _step("disputes", dispute_life.win),
    "POST disputes/{id}/prevent": _step("disputes", dispute_life.prevent),
    "POST disputes/{id}/move": _step("disputes", dispute_life.move),
    "POST disputes/{id}/due": _step("disputes", dispute_life.set_due_by),
    "POST disputes/{id}/open_appeal": _step("disputes", dispute_life.open_appeal),
    "POST smart_disputes": smart_disputes,
    "POST early_fraud_warning": early_fraud_warning,
}
