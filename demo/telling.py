"""How the story is told, and how it is seen that it came out as told."""

from demo.house import NotAsTold, wait_until
from demo.people import Phone


def pay(phone: Phone) -> None:
    phone.house.sandbox.pay(phone.intent)
    wait_until(f"{phone.name}'s booking is confirmed", lambda: phone.booking_status() == "confirmed")
    say(f"{phone.name.title()} pays for {phone.reference}; Stripe's webhook confirms it.")


def confirmed_by(phone: Phone) -> None:
    """Pay for what is booked, and see that it is confirmed."""
    phone.open_sheet()
    pay(phone)


def equal(what: str, found: object, told: object) -> None:
    if found != told:
        raise NotAsTold(f"Of {what} the story tells {told}, but it is {found}.")


def title(text: str) -> None:
    print(f"\n{text}", flush=True)


def say(text: str) -> None:
    print(f"  - {text}", flush=True)
