"""Addresses of the exchange (see the design: they are fixed)."""

from django.urls import path

from . import views

app_name = "marketplace"

urlpatterns = [
    path("material/<int:pk>/<slug:slug>/", views.listing, name="listing"),
    path("mitt/", views.my_page, name="my_page"),
]
