from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts import erasure
from accounts.models import User
from bookings.audit import By
from payments import gateway

MAY_RETURN = "refund_may_return"


class Command(BaseCommand):
    help = "Empties a customer's personal data for good; what was paid and the audit trail stay."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("customer", help="the user name, or the number in customer:7")
        parser.add_argument("--yes", action="store_true", help="don't ask")

    def handle(self, *args: Any, **options: Any) -> None:
        user = _find(options["customer"])
        now = timezone.now()
        may_return = [w.booking_reference for w in erasure.waits_for(user, now=now) if w.reason == MAY_RETURN]
        if may_return:
            self.stdout.write(f"A bank may still send back the refund of {', '.join(may_return)}.")
        question = (
            f"Erase customer {user.pk} with {user.bookings.count()} bookings? It can't be undone. [y/N] "
        )
        if not options["yes"] and input(question).strip().lower() not in ("y", "yes"):
            raise CommandError("Nothing was erased.")
        try:
            erasure.erase(user, by=By("system", "command"), now=now)
        except erasure.StillOpen as error:
            raise CommandError(str(error)) from error
        except gateway.StripeFailure as error:
            raise CommandError(f"Stripe can't be asked ({error.code}); run it again later.") from error
        self.stdout.write(f"Customer {user.pk} is erased.")


def _find(customer: str) -> User:
    number = customer.removeprefix("customer:")
    wanted = {"pk": int(number)} if number.isascii() and number.isdigit() else {"username": customer}
    user = User.objects.filter(**wanted).first()
    if user is None:
        raise CommandError("There is no such customer.")
    return user
