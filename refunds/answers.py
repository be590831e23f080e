"""The answers of the refund endpoints, as the contract has them (API.md)."""

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from rest_framework import serializers

from bookings.answers import BookingAnswer
from bookings.models import Business
from refunds.cancellation import Cancelled, Quote
from refunds.models import Dispute, RefundRecord, RefundRule, RefundStatus
from refunds.status import Standing
from refunds.wording import customer as words


class QuotedRefund(serializers.Serializer[Any]):
    amount = serializers.IntegerField()
    currency = serializers.CharField()
    rule = serializers.ChoiceField(RefundRule.choices)
    explanation = serializers.CharField()


class QuoteAnswer(serializers.Serializer[Any]):
    booking_reference = serializers.CharField()
    cancellable = serializers.BooleanField()
    refund = QuotedRefund()
    refundable_until = serializers.DateTimeField()
    server_time = serializers.DateTimeField()


class RefundAnswer(serializers.Serializer[Any]):
    id = serializers.CharField()
    amount = serializers.IntegerField()
    currency = serializers.CharField()
    status = serializers.ChoiceField(RefundStatus.choices)
    rule = serializers.ChoiceField(RefundRule.choices)
    requested_at = serializers.DateTimeField()
    settled_at = serializers.DateTimeField(allow_null=True)
    message = serializers.CharField()


class CancelledRefund(RefundAnswer):
    """As in the status; where nothing was paid there is no record, so no id and no dates."""

    id = serializers.CharField(allow_null=True)
    requested_at = serializers.DateTimeField(allow_null=True)
    explanation = serializers.CharField()


class CancelAnswer(serializers.Serializer[Any]):
    booking = BookingAnswer()
    refund = CancelledRefund()


class DisputeAnswer(serializers.Serializer[Any]):
    amount = serializers.IntegerField()
    currency = serializers.CharField()
    status = serializers.CharField()
    reason = serializers.CharField()
    opened_at = serializers.DateTimeField()


class RefundStatusAnswer(serializers.Serializer[Any]):
    booking_reference = serializers.CharField()
    booking_status = serializers.CharField()
    currency = serializers.CharField()
    paid = serializers.IntegerField()
    refunded = serializers.IntegerField()
    in_progress = serializers.IntegerField()
    status = serializers.ChoiceField(words.HEADLINE_WORDS)
    message = serializers.CharField()
    refunds = RefundAnswer(many=True)
    dispute = DisputeAnswer(allow_null=True)


def quote(quoted: Quote) -> dict[str, Any]:
    booking = quoted.booking
    answer = {
        "booking_reference": booking.reference,
        "cancellable": quoted.cancellable,
        "refund": {
            "amount": quoted.decision.amount,
            "currency": booking.currency,
            "rule": quoted.decision.rule,
            "explanation": words.of_quote(quoted),
        },
        "refundable_until": booking.refundable_until,
        "server_time": quoted.terms.now,
    }
    return dict(QuoteAnswer(answer).data)


def cancellation(done: Cancelled) -> dict[str, Any]:
    booking: dict[str, Any] = dict(BookingAnswer(done.booking).data)
    return {"booking": booking, "refund": _record(done.record) if done.record else _nothing(done)}


def _record(record: RefundRecord) -> dict[str, Any]:
    explanation = words.of_decision(record.decision, record.currency)
    # Only what has settled is told with its day; a cancellation rarely has, and is spared the question.
    zone = Business.current().zone if record.settled_at else ZoneInfo("UTC")
    return _refund(record, zone) | {"explanation": explanation}


def _nothing(done: Cancelled) -> dict[str, Any]:
    message = str(words.GOES_BACK_ONCE_IT_ARRIVES if done.is_processing else words.NOTHING_PAID)
    return {
        "id": None,
        "amount": 0,
        "currency": done.booking.currency,
        "status": RefundStatus.NOT_DUE,
        "rule": RefundRule.NOTHING_PAID,
        "requested_at": None,
        "settled_at": None,
        "message": message,
        "explanation": message,
    }


def standing(found: Standing) -> dict[str, Any]:
    """As RefundStatusAnswer describes it; built by hand, because DRF copies every field for each answer."""
    word, message = told(found)
    return {
        "booking_reference": found.booking.reference,
        "booking_status": found.booking.status,
        "currency": found.booking.currency,
        "paid": found.paid,
        "refunded": found.refunded,
        "in_progress": found.in_progress,
        "status": word,
        "message": message,
        "refunds": [_refund(record, found.zone, found.to_come.get(record.pk)) for record in found.records],
        "dispute": _most_pressing(found.disputes),
    }


def told(found: Standing) -> tuple[str, str]:
    """The one word for where a booking's money stands, and the same in a sentence or two."""
    if found.is_processing and not found.records:
        return words.while_processing(found.booking)
    money = words.Money(found.booking, found.records, found.disputes, found.accounts, found.to_come)
    word = words.headline(money)
    return word, words.of_headline(word, money, found.zone)


def _refund(record: RefundRecord, zone: ZoneInfo, to_come: int | None = None) -> dict[str, Any]:
    return {
        "id": str(record.pk),
        "amount": record.amount,
        "currency": record.currency,
        "status": record.status,
        "rule": record.rule,
        "requested_at": record.requested_at,
        "settled_at": record.settled_at,
        "message": words.of_record(record, zone, to_come=to_come),
    }


def _most_pressing(disputes: Sequence[Dispute]) -> dict[str, Any] | None:
    """The open one if there is one, else the newest."""
    if not disputes:
        return None
    dispute = next((dispute for dispute in disputes if dispute.is_open), disputes[0])
    return {
        "amount": dispute.amount,
        "currency": dispute.currency,
        "status": dispute.status,
        "reason": dispute.reason,
        "opened_at": dispute.opened_at,
    }
