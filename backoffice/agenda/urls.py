"""Addresses under /admin/agenda/, for people who are signed in as staff."""

from django.contrib import admin
from django.urls import path

from backoffice.agenda import booking, moving, pages

urlpatterns = [
    path("", admin.site.admin_view(pages.agenda_page), name="agenda"),
    path("book/", admin.site.admin_view(booking.book_page), name="agenda_book"),
    path("customers/", admin.site.admin_view(booking.customers_part), name="agenda_customers"),
    path("move/<str:reference>/", admin.site.admin_view(moving.move_page), name="agenda_move"),
]
