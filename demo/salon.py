"""The salon's calendar: an appointment that moves, a time that nobody else got, and a snow day."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import requests

from demo.house import House, NotAsTold, wait_until
from demo.people import Phone
from demo.telling import confirmed_by, equal, say, title

CUT = "Haircut"


def play(house: House) -> None:
    """Tell it; NotAsTold if anything comes out differently."""
    moved(house)
    taken(house)
    snow_day(house)


def moved(house: House) -> None:
    title("Ann moves her haircut: same price, same person, and her old time is free again")
    ann = Phone(house, "ann")
    first, later = times(ann, in_days=3)[0], times(ann, in_days=5)[4]
    booked = book(ann, first)
    say(f"Ann books {booked['service']['name']} with {booked['resource']['name']} at {first['local']}.")
    confirmed_by(ann)
    address = f"booking/{ann.reference}/move/"
    quote = ann.get(f"{address}?starts_at={later['starts_at']}")
    say(f"The app says: free cancellation would then end {quote['refundable_until']}.")
    there = ann.post(
        address, {"starts_at": later["starts_at"], "expected_refundable_until": quote["refundable_until"]}
    )
    equal("Ann's new time", there["starts_at"], later["starts_at"])
    equal("who she goes to", there["resource"], booked["resource"])
    free_again = next(slot for slot in times(ann, in_days=3) if slot["starts_at"] == first["starts_at"])
    equal("who is free again", booked["resource"]["id"] in free_again["resources"], True)


def taken(house: House) -> None:
    title("Six want the same time of three people: three get it, three read that it is taken")
    six = [Phone(house, name) for name in ("ann", "ben", "cleo", "dan", "eve", "finn")]
    wanted = times(six[0], in_days=6)[2]
    with ThreadPoolExecutor(len(six)) as pool:
        answers = list(pool.map(lambda phone: try_to_book(phone, wanted), six))
    won = sorted(answer["resource"]["name"] for answer in answers if "resource" in answer)
    say(f"They go to {', '.join(won)}.")
    equal("who is busy", won, ["Maria", "Noor", "Olga"])
    equal("what the others read", [one["code"] for one in answers if "code" in one], ["slot_taken"] * 3)
    for phone, answer in zip(six, answers, strict=True):
        if "reference" in answer:
            phone.post(f"booking/{answer['reference']}/cancel/", {})


def snow_day(house: House) -> None:
    title("A snow day: it is closed first, so nobody can book into it, and everybody in it gets all back")
    ben, cleo = Phone(house, "ben"), Phone(house, "cleo")
    snow = times(ben, in_days=8)
    book(ben, snow[1])
    confirmed_by(ben)
    day = snow[0]["local"][:10]
    close(house, day)
    equal("what Cleo reads", try_to_book(cleo, snow[5])["code"], "not_offered")
    (closed,) = cleo.get(f"service/{haircut(cleo)}/slots/?from={day}&days=1")["days"]
    equal("why there is no free time", (closed["why_none"], closed["slots"]), ("closed", []))
    wait_until("Ben's refund has succeeded", lambda: ben.refund_status()["status"] == "succeeded")
    say(f"Cleo can't book into it. Ben reads: {ben.refund_status()['message']}")


def haircut(phone: Phone) -> int:
    return int(next(one["id"] for one in phone.get("service/")["results"] if one["name"] == CUT))


def times(phone: Phone, *, in_days: int) -> list[dict[str, Any]]:
    """The free times of a haircut on that day."""
    day = (datetime.now(UTC) + timedelta(days=in_days)).date()
    (found,) = phone.get(f"service/{haircut(phone)}/slots/?from={day}&days=1")["days"]
    if not found["slots"]:
        raise NotAsTold(f"There is no free time on {day}: {found['why_none']}.")
    return list(found["slots"])


def book(phone: Phone, slot: dict[str, Any]) -> dict[str, Any]:
    booked = phone.post("booking/", {"service": haircut(phone), "starts_at": slot["starts_at"]})
    phone.reference = booked["reference"]
    return booked


def try_to_book(phone: Phone, slot: dict[str, Any]) -> dict[str, Any]:
    wish = {"service": haircut(phone), "starts_at": slot["starts_at"]}
    return dict(phone.session.post(f"{phone.house.url}/api/v1/booking/", json=wish, timeout=60).json())


def close(house: House, day: str) -> None:
    """Close a day as staff do it: look at the dry run, type the count, confirm."""
    staff = requests.Session()
    login = f"{house.url}/admin/login/"
    staff.get(login, timeout=60)
    signed_in = {"username": "admin", "password": "demo", "csrfmiddlewaretoken": staff.cookies["csrftoken"]}
    staff.post(login, signed_in, timeout=60)
    address = f"{house.url}/admin/refunds/closure/begin/?day={day}"
    page = staff.get(address, timeout=60).text
    listed = re.findall(r'name="shown" value="(\d+)"', page)
    say(f"Staff look at {day}: {len(listed)} would be cancelled. They confirm.")
    given = {"key": str(uuid4()), "count": len(listed), "reason": "Snow", "choose": "1", "looked": "1"}
    more = {"booking": listed, "shown": listed, "csrfmiddlewaretoken": staff.cookies["csrftoken"]}
    answer = staff.post(address, given | more, headers={"Referer": address}, timeout=60)
    if "/begin/" in answer.url or not answer.ok:
        raise NotAsTold(f"The day could not be closed: {answer.status_code}")
