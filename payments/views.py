from typing import Any, cast

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from bookings.audit import By
from bookings.models import Booking, Business
from bookings.views import booking_of
from core.errors import problem_document
from core.fields import TextField
from core.files import OnlyForm, PdfRenderer
from core.throttles import exact_address_of
from payments import checkout
from payments.books import receipts
from payments.events import webhooks
from payments.traces import Origin


class SheetRequest(serializers.Serializer[Any]):
    booking_reference = TextField(max_length=20)
    mobile_stripe_version = serializers.RegexField(
        r"^\d{4}-\d{2}-\d{2}(\.[a-z]+)?\Z", required=False, max_length=40
    )
    install_id = serializers.RegexField(
        r"^[A-Za-z0-9_-]{15,64}\Z",
        required=False,
        help_text="The app's own random id for this device: told to a bank if the payment is disputed.",
    )


class SheetAnswer(serializers.Serializer[Any]):
    """Stripe's own names, as initPaymentSheet reads them; one of the two secrets, never both."""

    paymentIntent = serializers.CharField()  # noqa: N815
    customer = serializers.CharField()
    publishableKey = serializers.CharField()  # noqa: N815
    customerSessionClientSecret = serializers.CharField(required=False)  # noqa: N815
    ephemeralKey = serializers.CharField(required=False)  # noqa: N815
    booking_reference = serializers.CharField()
    amount = serializers.IntegerField()
    currency = serializers.CharField()


class PaymentSheetView(APIView):
    """Prepare the payment sheet for a booking. Asked twice, it gives the same PaymentIntent."""

    @extend_schema(request=SheetRequest, responses=SheetAnswer, operation_id="payment_sheet")
    def post(self, request: Request) -> Response:
        asked = SheetRequest(data=request.data)
        asked.is_valid(raise_exception=True)
        try:
            sheet = checkout.open_sheet(
                user=cast(AbstractUser, request.user),
                reference=asked.validated_data["booking_reference"],
                mobile_version=asked.validated_data.get("mobile_stripe_version"),
                by=By(f"customer:{request.user.pk}", "api"),
                now=timezone.now(),
                origin=_origin(request, asked.validated_data),
            )
        except Booking.DoesNotExist:
            raise Http404 from None
        return Response(_answer(sheet))


def _origin(request: Request, asked: dict[str, Any]) -> Origin:
    address = exact_address_of(request)
    return Origin(ip=str(address) if address else None, install_id=asked.get("install_id", ""))


class ReceiptView(APIView):
    """What was paid for a booking and given back, as a PDF in the customer's language."""

    renderer_classes = (PdfRenderer,)
    content_negotiation_class = OnlyForm

    @extend_schema(responses={(200, "application/pdf"): OpenApiTypes.BINARY}, operation_id="booking_receipt")
    def get(self, request: Request, reference: str) -> Response:
        booking = get_object_or_404(booking_of(request, reference))
        pdf = receipts.pdf(booking, Business.current().zone)
        if pdf is None:
            raise Http404
        return Response(pdf, headers=receipts.download(booking))


def _answer(sheet: checkout.Sheet) -> dict[str, Any]:
    answer = {
        "paymentIntent": sheet.client_secret,
        "customer": sheet.customer,
        "publishableKey": settings.STRIPE_PUBLISHABLE_KEY,
        "customerSessionClientSecret": sheet.customer_session,
        "ephemeralKey": sheet.ephemeral_key,
        "booking_reference": sheet.booking.reference,
        "amount": sheet.booking.amount,
        "currency": sheet.booking.currency,
    }
    return {name: value for name, value in answer.items() if value is not None}


@csrf_exempt
def webhook(request: HttpRequest) -> HttpResponse:
    """Take in one event. 200 once it is stored, 400 or 413 if it isn't Stripe's, 500 to get it again.

    A plain view: DRF's negotiation and authentication would be work that the webhook doesn't need.
    """
    if request.method != "POST":
        return _refused(405, "method_not_allowed", {"Allow": "POST"})
    try:
        body = request.body
    except RequestDataTooBig:
        return _refused(413, "too_large")
    if len(body) > settings.WEBHOOK_MAX_BYTES:
        return _refused(413, "too_large")
    try:
        webhooks.receive(body, request.headers.get("Stripe-Signature", ""), now=timezone.now())
    except webhooks.BadWebhook:
        return _refused(400, "bad_webhook")
    return JsonResponse({"received": True})


def _refused(status: int, code: str, headers: dict[str, str] | None = None) -> JsonResponse:
    body = problem_document(status, code, "This is not an event that Stripe signed for us.")
    return JsonResponse(body, status=status, headers=headers, content_type="application/problem+json")
