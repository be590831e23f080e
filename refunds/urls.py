from django.urls import path

from refunds.views import CancelView, RefundStatusView

urlpatterns = [
    path("booking/<str:reference>/cancel/", CancelView.as_view(), name="cancel"),
    path("payment/refund-status/", RefundStatusView.as_view(), name="refund-status"),
]
