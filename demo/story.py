"""What happens to customers and their money. Each step is played over HTTP, shown, and checked."""

from datetime import timedelta
from typing import Any

from demo import salon
from demo.house import House, wait_until
from demo.people import Phone
from demo.telling import confirmed_by, equal, pay, say, title

PRICE = 4500
PAID, REFUNDED = ("payment", PRICE), ("refund", -PRICE)


def play(house: House) -> None:
    """Tell the whole story; NotAsTold if anything comes out differently."""
    cancelled_in_time(house)
    cancelled_too_late(house)
    declined_card(house)
    paid_too_late(house)
    disputed(house)
    salon.play(house)


def cancelled_in_time(house: House) -> None:
    title("Ann cancels 26 hours ahead: everything comes back by itself")
    ann = Phone(house, "ann")
    confirmed(ann, timedelta(hours=26))
    quote = ann.quote()
    say(f"The quote promises {quote['amount']}: {quote['explanation']}")
    ann.cancel(expected_refund=quote["amount"])
    wait_until("Ann's refund has succeeded", lambda: ann.refund_status()["status"] == "succeeded")
    say(f"Ann reads: {ann.refund_status()['message']}")
    check(ann, statement=[PAID, REFUNDED], records=[("in_time", PRICE, "succeeded")], at_stripe=[PRICE])


def cancelled_too_late(house: House) -> None:
    title("Ben cancels 6 hours ahead: nothing comes back, and he is told why")
    ben = Phone(house, "ben")
    confirmed(ben, timedelta(hours=6))
    answer = ben.cancel(expected_refund=ben.quote()["amount"])
    say(f"Ben reads: {answer['explanation']}")
    check(ben, statement=[PAID], records=[("too_late", 0, "not_due")], at_stripe=[])


def declined_card(house: House) -> None:
    title("Cleo's first card is declined; she pays with another")
    cleo = Phone(house, "cleo")
    cleo.book(timedelta(hours=50))
    cleo.open_sheet()
    first = cleo.intent
    house.sandbox.decline(first)
    house.sandbox.wait_delivered()
    check(cleo, statement=[], records=[], at_stripe=[])
    cleo.open_sheet()
    equal("the PaymentIntent of the second try", cleo.intent, first)
    pay(cleo)
    check(cleo, statement=[PAID], records=[], at_stripe=[])


def paid_too_late(house: House) -> None:
    title("Dan's payment arrives after his slot is gone: it goes straight back")
    dan, eve = Phone(house, "dan"), Phone(house, "eve")
    dan.book(timedelta(hours=74))
    dan.open_sheet()
    house.sandbox.delivery(paused=True)
    house.sandbox.pay(dan.intent)
    say("Dan pays, but Stripe's word of it is held up. He gives up and cancels.")
    dan.cancel(expected_refund=0)
    eve.book(timedelta(hours=74))
    say("Eve takes the slot. Now Dan's payment becomes known.")
    house.sandbox.delivery(paused=False)
    wait_until("Dan's money is back", lambda: dan.refund_status()["status"] == "succeeded")
    returned = [("orphaned_payment", PRICE, "succeeded")]
    check(dan, statement=[PAID, REFUNDED], records=returned, at_stripe=[PRICE])
    eve.open_sheet()
    pay(eve)


def disputed(house: House) -> None:
    title("Finn asks his bank for the money and cancels as well: it is paid once")
    finn = Phone(house, "finn")
    confirmed(finn, timedelta(hours=98))
    dispute = house.sandbox.dispute(finn.intent, reason="product_not_received")
    wait_until("the dispute has arrived", lambda: finn.refund_status()["dispute"])
    finn.cancel(expected_refund=PRICE)
    say(f"Finn reads: {finn.refund_status()['message']}")
    equal("Finn's refund while the bank decides", finn.records(), [("in_time", PRICE, "on_hold")])
    house.sandbox.lose(dispute["id"])
    settled = [("in_time", PRICE, "settled_by_dispute")]
    wait_until("the refund is settled by the bank's decision", lambda: finn.records() == settled)
    say(f"The bank gives Finn the money. He reads: {finn.refund_status()['message']}")
    taken = [("chargeback", -PRICE), ("dispute_fee", -1500), PAID]
    check(finn, statement=taken, records=settled, at_stripe=[])


def confirmed(phone: Phone, ahead: timedelta) -> None:
    phone.book(ahead)
    confirmed_by(phone)


def check(phone: Phone, *, statement: list[Any], records: list[Any], at_stripe: list[int]) -> None:
    """Show what our database and Stripe hold for this booking, and see that it is as told."""
    print(f"    database: {phone.booking_status()}; statement {phone.statement()}; refunds {phone.records()}")
    print(f"    Stripe:   refunds {phone.refunds_at_stripe()}")
    equal(f"{phone.name}'s statement", phone.statement(), statement)
    equal(f"{phone.name}'s refund records", phone.records(), records)
    equal(f"{phone.name}'s refunds at Stripe", [amount for amount, _ in phone.refunds_at_stripe()], at_stripe)
