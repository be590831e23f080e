from django.urls import path

from payments.views import PaymentSheetView, ReceiptView, webhook

urlpatterns = [
    path("payment/", PaymentSheetView.as_view(), name="payment-sheet"),
    path("booking/<str:reference>/receipt.pdf", ReceiptView.as_view(), name="receipt"),
    path("payment/webhook/", webhook, name="webhook"),
]
