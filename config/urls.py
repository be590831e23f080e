"""The map: every address and the room that answers it."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path, re_path
from django.views.generic import RedirectView

from accounts import leaving_page, sign_in
from backoffice import site
from config import exceptions, schema
from operations import health, metrics

api: list[URLPattern | URLResolver] = [
    path("auth/token/", sign_in.SignInView.as_view()),
    path("auth/logout/", sign_in.SignOutView.as_view()),
    path("auth/logout-all/", sign_in.SignOutEverywhereView.as_view()),
    # Cancelling and the refund status live in refunds/, whatever their address says.
    path("", include("refunds.urls")),
    path("", include("bookings.urls")),
    path("", include("payments.urls")),
    path("", include("accounts.urls")),
    path("accounts/", include("allauth.headless.urls")),
    path("schema/", schema.document, name="schema"),
    path("docs/", schema.page),
]

urlpatterns = [
    path("", RedirectView.as_view(url="/admin/")),
    path("admin", RedirectView.as_view(url="/admin/")),
    path("admin/", include("accounts.staff.urls")),
    path("admin/", admin.site.admin_view(site.landing)),
    path("admin/agenda/", include("backoffice.agenda.urls")),
    path("admin/", admin.site.urls),
    path("api/v1/", include(api)),
    re_path("^api/", exceptions.nothing_here),
    # For customers without the app: the signed link is in each mail about a booking.
    path("b/<str:reference>/", include("refunds.customer_page.urls")),
    path("account/delete/", leaving_page.ask, name="account_delete"),
    path("account/delete/confirm/", leaving_page.confirm, name="account_delete_confirm"),
    path("healthz", health.healthz),
    path("readyz", health.readyz),
    path("metrics", metrics.metrics),
]

handler400 = exceptions.bad_request
handler403 = exceptions.permission_denied
handler404 = exceptions.not_found
handler500 = exceptions.server_error
