from django.urls import path

from accounts.profile import AccountView, ExportView

urlpatterns = [
    path("account/", AccountView.as_view(), name="account"),
    path("account/export/", ExportView.as_view(), name="account_export"),
]
