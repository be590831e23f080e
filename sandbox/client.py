"""A small client of the control calls, for tests, the demo and benchmarks."""

import json
import urllib.error
import urllib.request
from typing import Any, cast

Obj = dict[str, Any]


class ControlError(Exception):
    """The sandbox refused a control call; `body` is its answer."""

    def __init__(self, status: int, body: Obj) -> None:
        super().__init__(f"{status}: {body.get('error', {}).get('message')}")
        self.status = status
        self.body = body


class Sandbox:
    """Amounts are minor units; a method's answer is the object as Stripe shows it."""

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url.rstrip("/")

    def call(self, name: str, *, verb: str = "POST", **body: Any) -> Obj:
        """Any control call by its name, such as `clock/advance`."""
        data = json.dumps({k: v for k, v in body.items() if v is not None}).encode()
        request = urllib.request.Request(  # noqa: S310 the address is the sandbox's
            f"{self.base_url}/_control/{name}",
            data if verb == "POST" else None,
            {"Content-Type": "application/json"},
            method=verb,
        )
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
                return cast(Obj, json.load(answer))
        except urllib.error.HTTPError as error:
            raise ControlError(error.code, json.load(error)) from None

    # The phone's part.

    def pay(self, intent: str, payment_method: str = "pm_card_visa", **change: Any) -> Obj:
        """Confirm; the answer has `payment_intent` and `error` (None if it went well)."""
        return self.call("pay", payment_intent=intent, payment_method=payment_method, **change)

    def decline(self, intent: str) -> Obj:
        """Try to pay with a card that is declined."""
        return self.pay(intent, "pm_card_visa_chargeDeclined")

    def authenticate(self, intent: str, *, passed: bool = True) -> Obj:
        """Finish 3-D Secure."""
        return self.call("authenticate", payment_intent=intent, passed=passed)

    def pay_again(self, intent: str, **change: Any) -> Obj:
        """A second intent with the same metadata succeeds: paid twice."""
        return self.call("copy_intent", payment_intent=intent, **change)

    def seed(self, count: int, **how: Any) -> list[str]:
        """The ids of that many paid intents, made at once and without events."""
        return cast(list[str], self.call("seed", count=count, **how)["payment_intents"])

    # The bank's and the dashboard's part.

    def dashboard_refund(self, intent: str, amount: int | None = None) -> Obj:
        """A refund without metadata of ours; all that is left by default."""
        return self.call("dashboard_refund", payment_intent=intent, amount=amount)

    def succeed_refund(self, refund: str) -> Obj:
        """A pending refund arrives."""
        return self.call(f"refunds/{refund}/succeed")

    def fail_refund(self, refund: str, reason: str | None = None) -> Obj:
        """The bank sends it back, also after it had succeeded."""
        return self.call(f"refunds/{refund}/fail", reason=reason)

    def cancel_refund(self, refund: str) -> Obj:
        """It never leaves."""
        return self.call(f"refunds/{refund}/cancel")

    def dispute(
        self,
        intent: str,
        *,
        reason: str = "fraudulent",
        inquiry: bool = False,
        amount: int | None = None,
        **more: Any,
    ) -> Obj:
        """The customer goes to their bank; `more` may have `case` and `visa_ce3`."""
        how = {"reason": reason, "inquiry": inquiry, "amount": amount, **more}
        return self.call("disputes", payment_intent=intent, **how)

    def win(self, dispute: str) -> Obj:
        """The bank decides for the business."""
        return self.call(f"disputes/{dispute}/win")

    def lose(self, dispute: str) -> Obj:
        """The bank decides for the customer."""
        return self.call(f"disputes/{dispute}/lose")

    def escalate(self, dispute: str) -> Obj:
        """An inquiry becomes a chargeback."""
        return self.call(f"disputes/{dispute}/escalate")

    def close_inquiry(self, dispute: str) -> Obj:
        """The bank asks no more."""
        return self.call(f"disputes/{dispute}/close_inquiry")

    def move_dispute(self, dispute: str, status: str) -> Obj:
        """Any status, also one nobody knows yet."""
        return self.call(f"disputes/{dispute}/move", status=status)

    def open_appeal(self, dispute: str) -> Obj:
        """A lost dispute may be appealed."""
        return self.call(f"disputes/{dispute}/open_appeal")

    def smart_disputes(self, default: str | None) -> Obj:
        """How disputes to come are answered by default; None: the account has no Smart Disputes."""
        return self.call("smart_disputes", default=default or "")

    def set_due_by(self, dispute: str, due_by: int) -> Obj:
        """Another time to answer by (seconds since the epoch); 0 allows no answer."""
        return self.call(f"disputes/{dispute}/due", due_by=due_by)

    def early_fraud_warning(self, charge: str, **how: Any) -> Obj:
        """The card's issuer reports fraud; `how` may have `fraud_type` and `names_intent`."""
        return self.call("early_fraud_warning", charge=charge, **how)

    def set_balance(self, currency: str, available: int) -> Obj:
        """What refunds can be paid from."""
        return self.call("balance", currency=currency, available=available)

    def pay_out(self, currency: str | None = None) -> list[Obj]:
        """Automatic payouts of all that is available."""
        return cast(list[Obj], self.call("payouts", currency=currency)["payouts"])

    def pay_out_by_hand(self, amount: int, currency: str = "gbp", **how: Any) -> Obj:
        """A manual payout; `method="instant"` for an instant one."""
        return self.call("payout", amount=amount, currency=currency, **how)

    def arrive(self, payout: str) -> Obj:
        """The payout is in the bank account."""
        return self.call(f"payouts/{payout}/arrive")

    def fail_payout(self, payout: str, code: str | None = None) -> Obj:
        """The bank sends it back, also after it was paid."""
        return self.call(f"payouts/{payout}/fail", code=code)

    def move(self, type_: str, amount: int, **how: Any) -> Obj:
        """A balance transaction of any type; `source`, `fee`, `currency`, `category`."""
        return self.call("movements", type=type_, amount=amount, **how)

    def withhold(self, movement: str, *, shown: bool = False) -> Obj:
        """Leave a balance transaction out of all lists, or show it again."""
        return self.call(f"movements/{movement}/withhold", shown=shown)

    # The tester's part.

    def reset(self) -> None:
        """Everything back to the start."""
        self.call("reset")

    def advance(self, seconds: float) -> Obj:
        """Move the sandbox's clock and do what has become due."""
        return self.call("clock/advance", seconds=seconds)

    def settle(self) -> Obj:
        """Do all that waits for 'some time later'."""
        return self.call("clock/settle")

    def fault(self, kind: str, **rule: Any) -> Obj:
        """Add a fault; see docs/sandbox.md for kinds and fields."""
        return self.call("faults", kind=kind, **rule)

    def faults(self) -> list[Obj]:
        """The rules in force, with their hits."""
        return cast(list[Obj], self.call("faults", verb="GET")["faults"])

    def clear_faults(self) -> None:
        """No faults."""
        self.call("faults", verb="DELETE")

    def limits(self, *, overall: int | None = None, per_endpoint: int | None = None) -> Obj:
        """A real rate limit, requests a second; none by default."""
        return self.call("limits", overall=overall, per_endpoint=per_endpoint)

    def delivery(self, **switches: Any) -> Obj:
        """Set delivery switches, or only look at them."""
        if switches:
            return self.call("delivery", **switches)
        return self.call("delivery", verb="GET")

    def wait_delivered(self, seconds: float = 10.0) -> bool:
        """Wait until all webhooks have left; False when time ran out."""
        return cast(bool, self.call("delivery/wait", seconds=seconds)["idle"])

    def listen(self, url: str, secret: str, events: list[str] | None = None) -> Obj:
        """Register a webhook endpoint with a secret of one's own."""
        return self.call("webhook_endpoints", url=url, secret=secret, enabled_events=events)

    def roll_secret(self, endpoint: str, keep_seconds: float | None = None) -> str:
        """A new signing secret; the old one signs along, for a day by default."""
        return cast(str, self.call(f"webhook_endpoints/{endpoint}/roll", keep_seconds=keep_seconds)["secret"])

    def send_event(self, event: str) -> Obj:
        """Deliver an event again."""
        return self.call(f"events/{event}/send")

    def emit(self, event_type: str, obj: Obj) -> Obj:
        """An event of any type, also one that Stripe wouldn't send."""
        return self.call("events", type=event_type, object=obj)

    def stats(self) -> Obj:
        """Counts of API requests."""
        return self.call("stats", verb="GET")

    def type_slips(self) -> list[str]:
        """Where answers and events since the last call differed from Stripe's types (`--check-types`)."""
        return cast(list[str], self.call("types/slips")["slips"])

    # Looking at what Stripe holds.

    def state(self) -> Obj:
        """All objects by kind, with counts."""
        return self.call("state", verb="GET")

    def all(self, kind: str, **wanted: Any) -> list[Obj]:
        """The objects of a kind (`refunds`, `events`, …) with these values, oldest first."""
        rows = cast(list[Obj], self.call(f"state/{kind}", verb="GET")[kind])
        return [row for row in rows if all(row.get(k) == v for k, v in wanted.items())]

    def refunds_of(self, intent: str) -> list[Obj]:
        """The refunds of a PaymentIntent, oldest first."""
        return self.all("refunds", payment_intent=intent)

    def disputes_of(self, intent: str) -> list[Obj]:
        """The disputes of a PaymentIntent, oldest first."""
        return self.all("disputes", payment_intent=intent)

    def events_of(self, id_: str) -> list[Obj]:
        """The events about one object, oldest first."""
        return [e for e in self.all("events") if e["data"]["object"].get("id") == id_]
