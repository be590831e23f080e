from django.urls import path

from payments.views import PaymentSheetView, webhook

urlpatterns = [
    path("payment/", PaymentSheetView.as_view(), name="payment-sheet"),
    path("payment/webhook/", webhook, name="webhook"),
]
