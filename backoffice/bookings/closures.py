"""Cancel for the business: choose a day, look at a dry run, type the count, and watch it being done."""

import uuid
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminIntegerFieldWidget, UnfoldAdminTextareaWidget

from accounts.models import User
from backoffice.bookings import closure_approval
from backoffice.calendar.closing_form import DayForm
from backoffice.toolkit.actions import Action, Done, NeedsReasonForm
from backoffice.toolkit.readonly import ReadOnlyAdmin
from backoffice.toolkit.show import page_url
from backoffice.toolkit.sold import appointment_link, called
from backoffice.toolkit.unfold import display
from bookings.calendar.closing import Closing
from bookings.models import Booking
from core.errors import DomainError
from core.money import in_words
from refunds import cancellation, closures
from refunds.models.closures import Closure, Outcome

PERMISSION = "refunds.cancel_for_business"


def cancel_one(booking: Booking, done: Done) -> str:
    cancelled = cancellation.cancel_booking(
        Booking.objects.filter(pk=booking.pk),
        by=done.by,
        now=done.now,
        reason=done.given["reason"],
        by_business=True,
    )
    if cancelled.record is None:
        return _("It is cancelled; nothing was paid.")
    return _("It is cancelled and %(money)s goes back.") % {
        "money": in_words(cancelled.record.amount, booking.currency)
    }


CANCEL = Action(
    name="cancel",
    label=gettext_lazy("Cancel for the business"),
    permission=PERMISSION,
    explain=gettext_lazy(
        "The customer gets everything back, however late it is, and is told that you cancelled."
    ),
    run=cancel_one,
    fits=lambda booking: booking.status in Booking.OCCUPYING and booking.starts_at > timezone.now(),
    form=NeedsReasonForm,
    icon="event_busy",
)


class ConfirmForm(forms.Form):
    """`key` becomes the closure's id, so a form that is sent twice is one closure."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    count = forms.IntegerField(
        min_value=0, label=gettext_lazy("How many are cancelled"), widget=UnfoldAdminIntegerFieldWidget
    )
    reason = forms.CharField(max_length=500, widget=UnfoldAdminTextareaWidget(attrs={"rows": 2}))


@admin.register(Closure)
class ClosureAdmin(ReadOnlyAdmin[Closure]):
    """Days on which the business cancelled, and what came of each booking."""

    list_display = ("requested_at", "asked_by", "outcomes")
    list_select_related = ("requested_by",)
    list_before_template = "backoffice/closure_begin.html"
    change_form_template = "backoffice/closure.html"
    fields = ("requested_at", "asked_by", "reason")

    @display(description=gettext_lazy("Asked by"))
    def asked_by(self, closure: Closure) -> str:
        return called(closure.requested_by)

    @display(description=gettext_lazy("What came of it"))
    def outcomes(self, closure: Closure) -> str:
        return ", ".join(f"{n} {outcome}" for outcome, n in closures.progress(closure).items() if n)

    def get_urls(self) -> list[URLPattern]:
        begin = self.admin_site.admin_view(self.begin_view)
        resume = self.admin_site.admin_view(self.resume_view)
        approve = self.admin_site.admin_view(closure_approval.approve)
        return [
            path("begin/", begin, name="refunds_closure_begin"),
            path("<uuid:key>/resume/", resume, name="refunds_closure_resume"),
            path("<uuid:key>/approve/", approve, name="refunds_closure_approve"),
            *super().get_urls(),
        ]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        closure = self.get_object(request, object_id)
        more = _watched(closure) | closure_approval.waiting(closure, request.user) if closure else {}
        return super().change_view(request, object_id, form_url, more)

    def begin_view(self, request: HttpRequest) -> HttpResponse:
        """Choose a time; then its dry run; then, on POST, begin."""
        if not request.user.has_perm(PERMISSION):
            raise PermissionDenied
        asked = DayForm(request.GET or None)
        if not (asked.is_bound and asked.is_valid()):
            return self._page(request, {"form": asked, "title": _("Cancel a day for the business")})
        closing = asked.closing()
        given = request.POST if request.method == "POST" else request.GET
        chosen = _ticked(closing.bookings(), given)
        form = ConfirmForm(request.POST if request.method == "POST" else None, initial={"key": uuid.uuid4()})
        if request.method == "POST" and form.is_valid():
            closure = _begin(request, chosen, form, closing)
            if closure is not None:
                return HttpResponseRedirect(page_url(closure))
        more = {"form": form, "day": closing.first_day, "asked": asked}
        return self._page(request, _dry_run(closing, chosen) | more)

    def resume_view(self, request: HttpRequest, key: uuid.UUID) -> HttpResponse:
        """Try again what failed."""
        closure = Closure.objects.filter(pk=key).first()
        if closure is None or request.method != "POST":
            raise Http404
        if not request.user.has_perm(PERMISSION):
            raise PermissionDenied
        messages.success(
            request, _("%(number)s bookings are tried again.") % {"number": closures.resume(closure)}
        )
        return HttpResponseRedirect(page_url(closure))

    def _page(self, request: HttpRequest, more: dict[str, Any]) -> HttpResponse:
        back = reverse("admin:refunds_closure_changelist")
        context = {**self.admin_site.each_context(request), "opts": self.model._meta, "back": back, **more}
        template = "closure_dry_run.html" if "day" in more else "closure_day.html"
        return TemplateResponse(request, f"backoffice/{template}", context)


def _ticked(bookings: QuerySet[Booking], given: QueryDict) -> list[Booking]:
    """All of the time at first, then those whose boxes are ticked."""
    if "choose" not in given:
        return list(bookings)
    ticked = set(given.getlist("booking"))
    return [booking for booking in bookings if str(booking.pk) in ticked]


def _begin(
    request: HttpRequest, chosen: list[Booking], form: ConfirmForm, closing: Closing
) -> Closure | None:
    staff = request.user
    if not isinstance(staff, User):
        raise PermissionDenied
    try:
        return closures.begin(
            bookings=chosen,
            staff=staff,
            now=timezone.now(),
            closing=closing,
            shown=_shown(request.POST),
            **form.cleaned_data,
        )
    except DomainError as error:
        form.add_error(None, error.detail)
        return None


def _shown(given: QueryDict) -> set[int] | None:
    """The bookings that were on the page; None for a page that does not say."""
    listed = given.getlist("shown")
    return {int(pk) for pk in listed if pk.isdecimal()} if "looked" in given else None


def _dry_run(closing: Closing, chosen: list[Booking]) -> dict[str, Any]:
    seen = closures.preview(chosen, now=timezone.now())
    picked = {booking.pk for booking in chosen}
    quotes = {quote.booking.pk: quote for quote in seen.quotes}
    return {
        "title": _("Cancel %(time)s for the business") % {"time": _in_words(closing)},
        "closed": _in_words(closing),
        "lines": [
            {
                "booking": booking,
                "customer": called(booking.customer),
                "ticked": booking.pk in picked,
                "refund": _refund(quotes.get(booking.pk)),
            }
            for booking in closing.bookings()
        ],
        "count": len(chosen),
        "refunds": [in_words(amount, currency) for currency, amount in seen.refunds.items()],
        "available": [in_words(amount, code) for code, amount in (seen.available or {}).items()],
        "covered": seen.is_covered,
    }


def _in_words(closing: Closing) -> str:
    words = f"{closing.first_day:%A %-d %B %Y}"
    if closing.last_day != closing.first_day:
        words += _(" to %(last_day)s") % {"last_day": f"{closing.last_day:%A %-d %B %Y}"}
    if closing.opens is not None and closing.closes is not None:
        words += _(", %(opens)s to %(closes)s") % {
            "opens": f"{closing.opens:%H:%M}",
            "closes": f"{closing.closes:%H:%M}",
        }
    return words + (f", {closing.resource}" if closing.resource else "")


def _refund(quote: cancellation.Quote | None) -> str:
    if quote is None:
        return ""
    if not quote.cancellable:
        return _("has started: can't be cancelled")
    return in_words(quote.decision.amount, quote.booking.currency)


def _watched(closure: Closure) -> dict[str, Any]:
    counted = closures.progress(closure)
    items = closure.items.select_related("booking__customer", "booking__service")
    rows = [
        [
            called(item.booking.customer),
            appointment_link(item.booking),
            item.get_outcome_display(),
            item.code.replace("_", " "),
            in_words(item.amount, item.booking.currency) if item.amount else "",
        ]
        for item in items
    ]
    total = sum(counted.values())
    return {
        "counted": {str(Outcome(name).label): n for name, n in counted.items()},
        "total": total,
        "done": total - counted[Outcome.WAITING],
        "waiting": counted[Outcome.WAITING],
        "failed": counted[Outcome.FAILED],
        "table": {
            "headers": [_("Customer"), _("Appointment"), _("Outcome"), _("Why"), _("Given back")],
            "rows": rows,
        },
    }
