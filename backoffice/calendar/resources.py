"""People, rooms and things, and the business itself."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import URLField
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.calendar.fields import LengthField
from backoffice.calendar.in_the_way import LocksCalendar, MindsBookings
from backoffice.toolkit.plain_texts import PlainTexts
from backoffice.toolkit.show import linked
from backoffice.toolkit.unfold import ModelAdmin, display
from bookings.models import Business, Resource


class ResourceForm(PlainTexts, MindsBookings):
    """A name on one line, and bookings in the way."""


@admin.register(Resource)
class ResourceAdmin(LocksCalendar, ModelAdmin[Resource]):
    """Who or what appointments need. Nobody is deleted: bookings point to them."""

    form = ResourceForm
    fields = ("name", "kind", "user", "is_active", "go_ahead")
    autocomplete_fields = ()
    list_display = ("name", "kind", "can_do", "week", "is_active")
    list_filter = ("is_active", "kind")
    search_fields = ("name",)
    raw_id_fields = ("user",)

    @display(description=gettext_lazy("Can do"))
    def can_do(self, resource: Resource) -> str:
        return ", ".join(service.name for service in resource.services.all()) or _("nothing yet")

    @display(description=gettext_lazy("Hours"))
    def week(self, resource: Resource) -> str:
        return linked(f"{reverse('admin:bookings_hours_week')}?resource={resource.pk}", _("Week"))

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("services")

    def has_delete_permission(self, request: HttpRequest, obj: Resource | None = None) -> bool:
        return False


class BusinessForm(PlainTexts, forms.ModelForm):  # type: ignore[type-arg]  # not generic when it runs
    step = LengthField("minutes", label=gettext_lazy("Times are offered every"))
    lead = LengthField("hours", label=gettext_lazy("Bookable until before"))
    horizon = LengthField("days", label=gettext_lazy("Bookable ahead for"))

    class Meta:
        model = Business
        fields = ("step", "lead", "horizon")


@admin.register(Business)
class BusinessAdmin(LocksCalendar, ModelAdmin[Business]):
    """The one row: its list is its page."""

    form = BusinessForm
    fields = tuple(field.name for field in Business._meta.fields if field.editable)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if isinstance(db_field, URLField):
            kwargs["assume_scheme"] = "https"
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            return super().changelist_view(request, extra_context)
        Business.objects.get_or_create(pk=Business.ONLY)
        return HttpResponseRedirect(reverse("admin:bookings_business_change", args=[Business.ONLY]))

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Business | None = None) -> bool:
        return False
