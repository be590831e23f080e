"""A second person agrees to all refunds of one closure, having seen how many and how much."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Sum
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _

from backoffice.toolkit.show import page_url
from bookings.audit import By
from core.errors import DomainError
from core.money import in_words
from refunds import closures
from refunds.models.closures import Closure

PERMISSION = "refunds.approve_refund"
COUNT_DIGITS = 6


def waiting(closure: Closure, user: Any) -> dict[str, Any]:
    """What waits for a second person, and whether this one is it, for the closure's page."""
    records = closures.waiting_for_approval(closure)
    sums = records.order_by("currency").values_list("currency").annotate(Sum("amount"))
    return {
        "to_approve": records.count(),
        "sums_to_approve": ", ".join(in_words(amount, currency) for currency, amount in sums),
        "may_approve": user.pk != closure.requested_by_id and user.has_perm(PERMISSION),
    }


def approve(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """POST: approve them; `count` is how many the page showed."""
    closure = Closure.objects.filter(pk=key).first()
    if closure is None or request.method != "POST":
        raise Http404
    if not request.user.has_perm(PERMISSION):
        raise PermissionDenied
    count, by = request.POST.get("count", ""), By(f"staff:{request.user.pk}", "admin")
    seen = int(count) if count.isdecimal() and len(count) < COUNT_DIGITS else -1
    try:
        done = closures.approve_all(closure, by=by, now=timezone.now(), count=seen)
    except DomainError as error:
        messages.error(request, error.detail)
    else:
        left = closures.waiting_for_approval(closure).count()
        told = _("%(done)s refunds are approved and go out in a moment; %(left)s wait.")
        messages.success(request, told % {"done": done, "left": left})
    return HttpResponseRedirect(page_url(closure))
