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


def owed(*records: RefundRecord) -> int:
    return account.add_up(books(*records)).owed


def test_a_payment_without_its_line_yet_counts_as_what_was_asked_once_it_is_paid() -> None:
    nothing = Balance(paid=0, refunded=0, charged_back=0)
    for status, paid in {"succeeded": PAID, "processing": 0}.items():
        payment = Payment(amount=PAID, currency="gbp", status=status)
        assert account.add_up(account.Books(payment, nothing, [], [])).paid == paid
    assert account.add_up(books()).paid == PAID


def test_what_is_promised_hangs_on_the_rule_and_on_how_it_ended() -> None:
    # Stripe's dashboard promised nothing once it ended, and nobody promised what nobody agreed to.
    assert owed(record(1000, "succeeded", "dashboard")) == 1000
    assert [owed(record(1000, status, "dashboard")) for status in ("failed", "canceled", "superseded")] == [
        0
    ] * 3
    assert owed(record(1000, "superseded", held_for="approval")) == 0
    assert owed(record(1000, "superseded")) == 1000
    assert owed(record(1000, "queued", held_for="approval")) == 1000
    assert owed(record(1000, "superseded", held_for="dispute")) == 1000
    # Neither what was waived nor the receipt of a decision is a promise, nor is a rest beside its first.
    first = record(1000, "succeeded")
    assert owed(record(1000, "withdrawn"), record(0, "not_due", "too_late", decision={"amount": 700})) == 0
    assert owed(first, record(400, "queued", rest_of=first)) == 1000
    assert owed(first, record(400, "withdrawn", rest_of=first)) == 600
    assert owed(first, record(400, "withdrawn")) == 1000
    assert owed(record(0, "queued", decision={"amount": 0})) == 0


def test_everything_is_owed_by_a_stored_decision_and_not_by_a_rule_s_name() -> None:
    assert not account.owes_everything(books(record(100, "succeeded", "in_time")))
    assert not account.owes_everything(books(record(100, decision={"inputs": {}})))
    assert account.owes_everything(books(in_time(100)))


def test_only_goodwill_on_hold_for_approval_is_merely_asked() -> None:
    for only in (
        record(1, "on_hold", held_for="dispute"),
        record(1, "queued", held_for="approval"),
        record(1, "on_hold", "business_cancelled", held_for="approval"),
    ):
        assert not account.is_only_asked(only)
        assert not account.was_only_asked(only) or only.status != "on_hold"
    assert account.is_only_asked(record(1, "on_hold", held_for="approval"))


def test_what_ended_before_anybody_agreed_was_only_asked() -> None:
    unheard = ("on_hold", "withdrawn", "superseded", "settled_by_dispute")
    assert all(account.was_only_asked(record(1, status, held_for="approval")) for status in unheard)
    assert not account.was_only_asked(record(1, "succeeded", held_for="approval"))
    assert not account.was_only_asked(record(1, "withdrawn"))
    assert not account.was_only_asked(record(1, "withdrawn", "in_time", held_for="approval"))


def test_a_dashboard_refund_is_owed_until_it_ended() -> None:
    assert account.is_owed_again(record(1, "needs_attention", "dashboard"))
    assert not account.is_owed_again(record(1, "failed", "dashboard"))
    assert account.is_owed_again(record(1, "failed"))


def test_those_nearest_to_going_out_give_first() -> None:
    kinds = [
        record(100, "queued", "in_time"),
        record(100, "on_hold", "goodwill"),
        record(100, "needs_attention", "in_time"),
        record(100, "canceled", "in_time"),
        record(100, "failed", "in_time"),
    ]
    mixed = [kinds[3], kinds[1], kinds[4], kinds[0], kinds[2]]
    order = sorted(mixed, key=account._precedence)
    assert [one.status for one in order] == ["queued", "on_hold", "needs_attention", "canceled", "failed"]
    first = record(100, "failed")
    rest, older = record(100, "failed", rest_of=first), record(100, "failed", requested_at=NOW - timedelta(1))
    assert sorted([rest, first, older], key=account._precedence) == [older, first, rest]


def test_what_is_to_come_is_on_its_way_or_a_share_of_what_is_left() -> None:
    going, back = record(1000, "pending"), record(4000, "failed")
    assert account.to_come(books(going, back)) == {going.pk: 1000, back.pk: 3500}
    assert account.to_come(books(record(500, "queued"), refunded=PAID)) == {}


def test_what_has_no_share_left_gives_nothing_and_a_held_one_its_own_if_released() -> None:
    assert account.share_of(books(refunded=PAID), record(500)) == 0
    asked = record(2000, "on_hold", held_for="approval")
    assert account.share_of(books(asked), asked) == 2000
