from django.urls import path

from bookings.move_views import MoveView
from bookings.slot_views import SlotsView
from bookings.views import BookingDetail, BookingList, BusinessView, CalendarFileView, ServiceList

urlpatterns = [
    path("business/", BusinessView.as_view(), name="business"),
    path("service/", ServiceList.as_view(), name="services"),
    path("service/<int:service>/slots/", SlotsView.as_view(), name="slots"),
    path("booking/", BookingList.as_view(), name="bookings"),
    path("booking/<str:reference>/", BookingDetail.as_view(), name="booking"),
    path("booking/<str:reference>/move/", MoveView.as_view(), name="move"),
    path("booking/<str:reference>/calendar.ics", CalendarFileView.as_view(), name="calendar-file"),
]
