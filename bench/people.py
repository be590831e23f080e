"""Invented customers with names, addresses and phone numbers that people search by."""

from accounts.models import User
from bench import bulk

CHUNK = 20_000
FIRST = (
    "Amelia Oliver Isla George Ava Noah Ivy Arthur Freya Leo Florence Muhammad Lily Oscar Willow Harry Rosie"
    " Archie Sophia Jack Zofia Henry Anaya Theo Maya Freddie Elena Jude Hana Rafael Ingrid Tomasz Yusuf Kofi"
).split()
LAST = (
    "Smith Jones Taylor Brown Williams Wilson Johnson Davies Patel Robinson Wright Thompson Evans Walker"
    " White Roberts Green Hall Wood Jackson Clarke Khan Hussain Nowak Kowalski Rossi Fischer Dubois Okafor"
    " Mensah Silva Murphy Byrne Campbell Macdonald Begum Singh Kaur Chen Garcia Ivanova Haddad Achebe"
).split()
SYLLABLES = "ba del fi gor hu kel lin mo nar os pel qua ri sto tu vel wen xi yor zan".split()


def customers(count: int) -> list[int]:
    """The keys of so many customers; those who are there from before are among them."""
    mine = User.objects.filter(username__startswith="bench").order_by("pk")
    for start in range(mine.count(), count, CHUNK):
        bulk.insert(User, [_person(number) for number in range(start, min(start + CHUNK, count))])
    return list(mine.values_list("pk", flat=True)[:count])


def _person(number: int) -> bulk.Row:
    first, last = FIRST[number % len(FIRST)], _surname(number // len(FIRST))
    return {
        "username": f"bench{number}",
        "name": f"{first} {last}",
        "email": f"{first}.{last}{number}@example.com".lower(),
        "phone": f"+447{(number * 7919 + 100_000_000) % 1_000_000_000:09}",
        "password": "!",
    }


def _surname(number: int) -> str:
    """Half of them common, half of them rare, as surnames are."""
    if number % 2:
        return LAST[number // 2 % len(LAST)]
    rest, parts = number // 2, []
    for _ in range(3):
        rest, place = divmod(rest, len(SYLLABLES))
        parts.append(SYLLABLES[place])
    return "".join(parts).capitalize()
