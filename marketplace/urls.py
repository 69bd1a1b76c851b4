"""Addresses of the exchange (see the design: they are fixed)."""

from django.urls import path

from .views import listing, my_page

app_name = "marketplace"

urlpatterns = [
    path("material/<int:pk>/<slug:slug>/", listing.listing, name="listing"),
    path("mitt/", my_page.my_page, name="my_page"),
]
