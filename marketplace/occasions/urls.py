"""URLs of bookings."""

from django.urls import path

from marketplace.occasions import views

urlpatterns = [
    path("mitt/platser/<int:pk>/boka/", views.book_occasion, name="book_occasion"),
    path("mitt/platser/bokning/<int:pk>/avboka/", views.cancel, name="cancel_place"),
]
