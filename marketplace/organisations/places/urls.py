"""URLs of places."""

from django.urls import path

from . import views

urlpatterns = [
    path("mitt/organisation/plats/", views.place, name="new_place"),
    path("mitt/organisation/plats/<int:pk>/", views.place, name="place"),
]
