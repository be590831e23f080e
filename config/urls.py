"""The map: every address and the room that answers it."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView

from config import exceptions, health, signin

api: list[URLPattern | URLResolver] = [
    path("auth/token/", signin.SignInView.as_view()),
    path("auth/logout/", signin.SignOutView.as_view()),
    path("auth/logout-all/", signin.SignOutEverywhereView.as_view()),
    # Cancelling and the refund status live in refunds/, whatever their address says.
    path("", include("refunds.urls")),
    path("", include("bookings.urls")),
    path("", include("payments.urls")),
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", SpectacularSwaggerView.as_view()),
]

urlpatterns = [
    path("", RedirectView.as_view(url="/admin/")),
    path("admin", RedirectView.as_view(url="/admin/")),
    path("admin/", admin.site.urls),
    path("api/v1/", include(api)),
    path("healthz", health.healthz),
    path("readyz", health.readyz),
]

handler400 = exceptions.bad_request
handler403 = exceptions.permission_denied
handler404 = exceptions.not_found
handler500 = exceptions.server_error
