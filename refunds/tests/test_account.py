"""The account of a payment, pure: whatever its records, nobody is promised more than everything, or less."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from payments.books.statement import Balance
from payments.models import Payment
from refunds import account
from refunds.models import Dispute, RefundRecord

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
PAID = 4500
ENDED = ["queued", "on_hold", "failed", "canceled", "needs_attention", "pending", "superseded"]
ENDED += ["withdrawn", "settled_by_dispute", "paid_otherwise"]


def record(amount: int, status: str = "queued", rule: str = "goodwill", **more: object) -> RefundRecord:
    fields = {"requested_at": NOW, "currency": "gbp", "decision": {}} | more
    return RefundRecord(amount=amount, status=status, rule=rule, **fields)


def in_time(amount: int, status: str = "queued", **more: object) -> RefundRecord:
    return record(amount, status, "in_time", decision={"inputs": {"paid": PAID}}, **more)


def lost(amount: int) -> Dispute:
    return Dispute(amount=amount, status="lost", is_open=False, is_charge_refundable=False)


def books(*records: RefundRecord, refunded: int = 0, disputes: tuple[Dispute, ...] = ()) -> account.Books:
    payment = Payment(amount=PAID, currency="gbp", status="succeeded")
    balance = Balance(paid=PAID, refunded=refunded, charged_back=0)
    return account.Books(payment, balance, list(records), list(disputes))


def test_what_only_waits_for_approval_is_owed_to_nobody() -> None:
    sums = account.add_up(books(record(2500, "on_hold", held_for="approval")))
    assert (sums.owed, sums.left, sums.waiting, sums.asked, sums.kept) == (0, 0, 0, 2500, 2000)


def test_a_refund_other_means_and_a_closed_chargeback_count_once_each() -> None:
    given_back = books(
        in_time(3500, "succeeded"),
        record(300, "paid_otherwise"),
        record(500, "settled_by_dispute"),
        refunded=3500,
        disputes=(lost(500),),
    )
    sums = account.add_up(given_back)
    assert (sums.given, sums.left, sums.too_much) == (4300, 200, 0)
    assert account.missing(given_back) == 200


def test_an_open_chargeback_gives_nothing_yet_and_leaves_nothing_to_give_away() -> None:
    disputed = Dispute(amount=PAID, status="needs_response", is_open=True, is_charge_refundable=False)
    sums = account.add_up(books(in_time(PAID, "on_hold", held_for="dispute"), disputes=(disputed,)))
    assert (sums.given, sums.left, sums.kept, sums.at_stake) == (0, PAID, 0, PAID)


def test_sent_after_it_was_paid_otherwise_it_was_given_twice() -> None:
    sums = account.add_up(books(in_time(PAID, "succeeded", paid_otherwise=PAID), refunded=PAID))
    assert sums.too_much == PAID


def test_two_refunds_that_stripe_would_not_both_make_are_no_danger() -> None:
    sums = account.add_up(books(in_time(PAID, "sending"), record(PAID, "pending", "dashboard")))
    assert sums.too_much == 0


def test_what_is_given_up_without_knowing_may_be_out() -> None:
    unsure = in_time(PAID, "needs_attention", first_sent_at=NOW)
    assert account.add_up(books(unsure)).on_its_way == PAID
    assert account.shares(books(unsure)) == {}
    sure = in_time(PAID, "needs_attention")
    assert account.shares(books(sure)) == {sure.pk: PAID}


def test_what_can_go_out_comes_before_what_came_back() -> None:
    back, ready = record(4000, "failed", requested_at=NOW - timedelta(days=1)), record(1000)
    assert account.shares(books(back, ready)) == {ready.pk: 1000, back.pk: 3500}
    assert account.share_of(books(back, ready), back) == 3500


def test_a_withdrawn_obligation_is_waived_and_withdrawn_goodwill_is_not() -> None:
    assert account.missing(books(in_time(PAID, "withdrawn"))) == 0
    assert (
        account.missing(books(in_time(2000, "succeeded"), record(2500, "withdrawn"), refunded=2000)) == 2500
    )


def test_goodwill_is_owed_as_it_was_promised_not_as_it_was_trimmed() -> None:
    trimmed = record(500, decision={"amount": 2500})
    assert account.missing(books(trimmed)) == 2000
    withdrawn_rest = record(2000, "withdrawn", rest_of=trimmed)
    assert account.missing(books(trimmed, withdrawn_rest)) == 0


records = st.lists(
    st.builds(
        record,
        amount=st.integers(1, PAID),
        status=st.sampled_from(ENDED),
        rule=st.sampled_from(["goodwill", "dashboard", "in_time"]),
        held_for=st.sampled_from(["", "approval", "dispute", "staff"]),
    ),
    max_size=5,
)


@given(records=records, refunded=st.integers(0, PAID), taken=st.integers(0, PAID), everything=st.booleans())
def test_what_is_left_is_shared_out_and_never_more(
    records: list[RefundRecord], refunded: int, taken: int, everything: bool
) -> None:
    if everything:
        records = [*records, in_time(1, "not_due")]
    these = books(*records, refunded=refunded, disputes=(lost(taken),))
    sums, kept = account.add_up(these), account.shares(these)
    assert all(share >= 0 for share in kept.values())
    assert sum(kept.values()) + account.missing(these) == sums.left
    assert account.missing(these) >= 0
    assert sums.given + sums.on_its_way + sums.left <= max(PAID, sums.given + sums.on_its_way)
    assert 0 <= sums.kept <= sums.refundable
    for one in records:
        assert account.share_of(these, one) <= one.amount
