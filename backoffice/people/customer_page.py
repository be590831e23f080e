"""What a customer's page tells: a fixed number of queries, however long they have been with us."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import Sum
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import erasure
from accounts.models import Customer, Note, User
from backoffice.toolkit.show import link, money
from bookings.models import Booking, Message
from core.money import in_words
from payments.models import PaymentTransaction, TransactionKind

LATEST = 50
PAID = (TransactionKind.PAYMENT,)
GIVEN_BACK = (TransactionKind.REFUND, TransactionKind.REFUND_RETURNED)


@dataclass(frozen=True)
class CustomerPage:
    """Facts by name, and tables as Unfold draws them."""

    facts: dict[str, str]
    bookings: dict[str, Any]
    notes: list[Note]
    mails: dict[str, Any]


def of(customer: Customer, request: HttpRequest) -> CustomerPage:
    may_see_money = request.user.has_perm("payments.view_payment")
    return CustomerPage(
        facts=_facts(customer, may_see_money=may_see_money),
        bookings=_bookings(customer),
        notes=list(Note.objects.filter(customer_id=customer.pk).select_related("written_by")[:LATEST]),
        mails=_mails(customer),
    )


def _facts(customer: Customer, *, may_see_money: bool) -> dict[str, str]:
    facts = {
        _("Name"): customer.name or "-",
        _("Phone"): customer.phone or "-",
        "E-mail": customer.email or "-",
        _("Language"): customer.language or _("not said"),
        _("With us since"): f"{timezone.localtime(customer.date_joined):%-d %B %Y}",
        _("Account"): _account(customer),
    }
    if may_see_money:
        facts |= {_("Paid"): _sums(customer, PAID), _("Given back"): _sums(customer, GIVEN_BACK)}
    return facts


def _account(customer: Customer) -> str:
    if customer.username.startswith("erased-"):
        return "erased"
    if not customer.is_active:
        user = User.objects.get(pk=customer.pk)
        open_now = {waiting.booking_reference for waiting in erasure.waits_for(user, now=timezone.now())}
        asked = hasattr(user, "deletion")
        return (
            _("to be deleted after %(reasons)s") % {"reasons": ", ".join(sorted(open_now)) or _("a moment")}
            if asked
            else _("sign-in is off")
        )
    return _("address not verified yet") if customer.email_unverified else "open"


def _sums(customer: Customer, kinds: tuple[str, ...]) -> str:
    """The sum of these lines, in each currency, without its sign."""
    lines = PaymentTransaction.objects.filter(booking__customer=customer.pk, kind__in=kinds)
    sums: dict[str, int] = defaultdict(int)
    for currency, total in lines.order_by().values_list("currency").annotate(Sum("amount")):
        sums[currency] += abs(total)
    return ", ".join(in_words(total, currency) for currency, total in sums.items() if total) or "nothing"


def _bookings(customer: Customer) -> dict[str, Any]:
    found = Booking.objects.filter(customer_id=customer.pk).select_related("service").order_by("-starts_at")
    rows = [
        [
            link(booking),
            f"{timezone.localtime(booking.starts_at):%a %-d %b %Y, %H:%M}",
            booking.service.name,
            money(booking),
            booking.get_status_display(),
        ]
        for booking in found[:LATEST]
    ]
    return {"headers": [_("Booking"), _("Appointment"), _("Service"), _("Price"), _("State")], "rows": rows}


def _mails(customer: Customer) -> dict[str, Any]:
    sent = Message.objects.filter(booking__customer=customer.pk, to=Message.To.CUSTOMER)
    rows = [
        [
            f"{timezone.localtime(mail.sent_at):%-d %b %Y, %H:%M}" if mail.sent_at else "waiting",
            mail.kind.replace("_", " ").capitalize(),
            link(mail.booking),
        ]
        for mail in sent.select_related("booking").order_by("-id")[:LATEST]
    ]
    return {"headers": [_("Sent"), _("What"), _("Booking")], "rows": rows}
