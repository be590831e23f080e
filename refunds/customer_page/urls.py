from django.urls import path

from refunds.customer_page import views

urlpatterns = [
    path("", views.page, name="booking-page"),
    path("calendar.ics", views.calendar),
    path("receipt.pdf", views.receipt),
    path("cancel/", views.cancel),
    path("reminders/", views.remind),
]
