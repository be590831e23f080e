"""The least that could be done: what our figures are compared with, in the same server."""

import json
from collections.abc import Callable

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path, resolve
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from bookings.models import Booking
from config import urls
from payments import gateway

TABLE = "CREATE TABLE IF NOT EXISTS bench_floor (id text PRIMARY KEY, payload text NOT NULL)"
WEBHOOK = "/bench/straight/webhook/"


def webhook(request: HttpRequest) -> HttpResponse:
    """Verify the signature, read the JSON, one durable insert."""
    body = request.body.decode()
    header = request.headers.get("Stripe-Signature", "")
    if not gateway.signature_fits(body, header, settings.STRIPE_WEBHOOK_SECRETS[0], tolerance=300):
        return JsonResponse({"received": False}, status=400)
    event = json.loads(body)
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO bench_floor (id, payload) VALUES (%s, %s)", [event["id"], body])
    return JsonResponse({"received": True})


def floor_goes_straight(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Take the floors past the middleware, as config.middleware takes the webhook."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith("/bench/straight/"):
            return get_response(request)
        view, arguments, named = resolve(request.path_info)
        response: HttpResponse = view(request, *arguments, **named)
        response["Content-Length"] = len(response.content)
        return response

    return middleware


class OneRow(APIView):
    """Sign-in, one row, JSON."""

    def get(self, request: Request, reference: str) -> Response:
        row = Booking.objects.get(customer=request.user.pk, reference=reference)
        return Response({"reference": row.reference, "status": row.status, "amount": row.amount})


def plain(request: HttpRequest, reference: str) -> HttpResponse:
    """A bare Django view: one query, JSON. Nobody has to sign in."""
    columns = ("reference", "status", "amount")
    return JsonResponse(Booking.objects.filter(reference=reference).values(*columns)[0])


urlpatterns = [
    path("bench/booking/<reference>/", OneRow.as_view()),
    path("bench/straight/webhook/", webhook),
    path("bench/straight/booking/<reference>/", plain),
    path("bench/plain/<reference>/", plain),
    *urls.urlpatterns,
]
handler400, handler403, handler404, handler500 = (
    urls.handler400,
    urls.handler403,
    urls.handler404,
    urls.handler500,
)
