"""What the desk does with an appointment on the day, and how it is cancelled."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminTextareaWidget

from backoffice.bookings.closures import CANCEL
from backoffice.refunds.goodwill import GOODWILL
from backoffice.toolkit.actions import Action, ActionForm, Done, ReasonForm
from backoffice.toolkit.sold import called
from bookings import attendance
from bookings.audit import Story, story_of
from bookings.models import Booking, BookingStatus
from core.errors import DomainError
from core.language import Words
from core.money import in_words
from refunds import cancellation

PERMISSION = "bookings.change_booking"


def on_the_booking(done: Words, change: Callable[[Story], None]) -> Callable[[Booking, Done], str]:
    """An action that changes the locked booking and says what it did."""

    def run(booking: Booking, given: Done) -> str:
        with story_of(Booking.objects.filter(pk=booking.pk), by=given.by, now=given.now) as story:
            change(story)
        return str(done) % {"name": called(booking.customer)}

    return run


def cancel_on_wish(booking: Booking, done: Done) -> str:
    """As the customer would: the terms of the booking decide what goes back."""
    try:
        cancelled = cancellation.cancel_booking(
            Booking.objects.filter(pk=booking.pk),
            by=done.by,
            now=done.now,
            reason=done.given["reason"],
            expected_refund=done.given["expected"],
        )
    except cancellation.RefundChanged:
        raise DomainError(
            "refund_changed", _("Meanwhile another amount would go back: look again.")
        ) from None
    if cancelled.record is None:
        return _("It is cancelled; nothing was paid.")
    return _("It is cancelled and %(money)s goes back.") % {
        "money": in_words(cancelled.record.amount, booking.currency)
    }


class WishForm(ReasonForm):
    """What would go back was shown; if it is another amount by now, nothing is cancelled."""

    expected = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, initial: dict[str, Any], row: Booking, **kwargs: Any) -> None:
        quote = cancellation.quote(row, now=timezone.now())
        amount = quote.decision.amount
        super().__init__(*args, row=row, initial=initial | {"expected": amount}, **kwargs)
        back = in_words(amount, row.currency) if amount else _("Nothing")
        self.fields["reason"].help_text = _("%(money)s goes back now, by the terms of this booking.") % {
            "money": back
        }


class NoteForm(ActionForm):
    note = forms.CharField(
        max_length=1000, required=False, widget=UnfoldAdminTextareaWidget(attrs={"rows": 4})
    )

    def __init__(self, *args: Any, initial: dict[str, Any], row: Booking, **kwargs: Any) -> None:
        super().__init__(*args, row=row, initial=initial | {"note": row.note}, **kwargs)


def write_note(booking: Booking, done: Done) -> str:
    """For staff only; the trail says that it changed, never what it says."""
    with story_of(Booking.objects.filter(pk=booking.pk), by=done.by, now=done.now) as story:
        story.change(note=done.given["note"])
        story.record("booking.noted")
    return _("The note is kept.")


def _is_confirmed(booking: Booking) -> bool:
    return booking.status == BookingStatus.CONFIRMED


def _may_be_missed(booking: Booking) -> bool:
    is_there = booking.status in (BookingStatus.CONFIRMED, BookingStatus.COMPLETED)
    return is_there and booking.starts_at <= timezone.now() and booking.arrived_at is None


def _may_be_undone(booking: Booking) -> bool:
    last = booking.starts_at + attendance.NO_SHOW_UNDONE
    return booking.status == BookingStatus.NO_SHOW and timezone.now() <= last


ARRIVED = Action(
    "arrived",
    gettext_lazy("Arrived"),
    PERMISSION,
    gettext_lazy("The customer is here."),
    on_the_booking(gettext_lazy("%(name)s has arrived."), attendance.arrive),
    lambda booking: _is_confirmed(booking) and booking.arrived_at is None,
    ActionForm,
    "how_to_reg",
)
NOT_ARRIVED = Action(
    "not-arrived",
    gettext_lazy("Not arrived after all"),
    PERMISSION,
    gettext_lazy("You take back that the customer has arrived."),
    on_the_booking(
        gettext_lazy("%(name)s has not arrived."), lambda story: attendance.arrive(story, arrived=False)
    ),
    lambda booking: _is_confirmed(booking) and booking.arrived_at is not None,
    ActionForm,
    "undo",
)
NO_SHOW = Action(
    "no-show",
    gettext_lazy("Did not come"),
    PERMISSION,
    gettext_lazy(
        "Nothing goes back, and the evidence of a dispute tells of it. You can take it back for a week."
    ),
    on_the_booking(gettext_lazy("%(name)s did not come."), attendance.no_show),
    _may_be_missed,
    ActionForm,
    "person_off",
)
UNDO_NO_SHOW = Action(
    "came",
    gettext_lazy("Came after all"),
    PERMISSION,
    gettext_lazy("You take back that the customer did not come."),
    on_the_booking(gettext_lazy("%(name)s came after all."), attendance.undo_no_show),
    _may_be_undone,
    ActionForm,
    "undo",
)
NOTE = Action(
    "note",
    gettext_lazy("Note for the day"),
    PERMISSION,
    gettext_lazy("Staff see it in the agenda; the customer doesn't."),
    write_note,
    lambda _booking: True,
    NoteForm,
    "edit_note",
)
ON_WISH = Action(
    "cancel-on-wish",
    gettext_lazy("Cancel for the customer"),
    PERMISSION,
    gettext_lazy("The customer wants it: what goes back is what they would get by cancelling themselves."),
    cancel_on_wish,
    CANCEL.fits,
    WishForm,
    "event_busy",
)

MOVE = Action(
    "move",
    gettext_lazy("Move"),
    PERMISSION,
    gettext_lazy("The next page shows what moving means before it is done."),
    lambda _booking, _done: "",
    lambda booking: _is_confirmed(booking) and booking.starts_at > timezone.now(),
    icon="event_repeat",
    address=lambda booking: reverse("agenda_move", args=[booking.reference]),
)

ON_A_BOOKING = (ARRIVED, NOT_ARRIVED, NO_SHOW, UNDO_NO_SHOW, MOVE, ON_WISH, CANCEL, NOTE, GOODWILL)
