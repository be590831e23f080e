"""The map: every address and the room that answers it."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path, re_path
from django.views.generic import RedirectView

from config import exceptions, health, metrics, schema, signin

api: list[URLPattern | URLResolver] = [
    path("auth/token/", signin.SignInView.as_view()),
    path("auth/logout/", signin.SignOutView.as_view()),
    path("auth/logout-all/", signin.SignOutEverywhereView.as_view()),
    # Cancelling and the refund status live in refunds/, whatever their address says.
    path("", include("refunds.urls")),
    path("", include("bookings.urls")),
    path("", include("payments.urls")),
    path("schema/", schema.document, name="schema"),
    path("docs/", schema.page),
]

urlpatterns = [
    path("", RedirectView.as_view(url="/admin/")),
    path("admin", RedirectView.as_view(url="/admin/")),
    path("admin/", admin.site.urls),
    path("api/v1/", include(api)),
    re_path("^api/", exceptions.nothing_here),
    path("healthz", health.healthz),
    path("readyz", health.readyz),
    path("metrics", metrics.metrics),
]

handler400 = exceptions.bad_request
handler403 = exceptions.permission_denied
handler404 = exceptions.not_found
handler500 = exceptions.server_error
