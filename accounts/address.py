"""A person's address, as staff change it: what allauth keeps of it follows."""

from allauth.account.models import EmailAddress

from accounts.backends import who_may_be
from accounts.models import User
from core.errors import DomainError


def change_address(user: User, address: str) -> None:
    """Give a person another address, or none; staff vouch for it. Raises DomainError `address_taken`."""
    address = address.strip().lower()
    if address == user.email:
        return
    if address and any(other.pk != user.pk for other in who_may_be(address)):
        raise DomainError("address_taken", "Somebody else has this address.")
    EmailAddress.objects.filter(user=user).delete()
    if address:
        EmailAddress.objects.create(user=user, email=address, primary=True, verified=True)
    user.email = address
    user.save(update_fields=["email"])
