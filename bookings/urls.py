from django.urls import path

from bookings.views import BookingDetail, BookingList, ServiceList

urlpatterns = [
    path("service/", ServiceList.as_view(), name="services"),
    path("booking/", BookingList.as_view(), name="bookings"),
    path("booking/<str:reference>/", BookingDetail.as_view(), name="booking"),
]
