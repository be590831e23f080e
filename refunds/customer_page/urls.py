from django.urls import path

from refunds.customer_page import views
from refunds.customer_page.moving import move

urlpatterns = [
    path("", views.page, name="booking-page"),
    path("calendar.ics", views.calendar),
    path("receipt.pdf", views.receipt),
    path("cancel/", views.cancel),
    path("move/", move),
    path("reminders/", views.remind),
]
