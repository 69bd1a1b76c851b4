"""URLs of pickup times."""

from django.urls import path

from . import views

urlpatterns = [
    path("mitt/hamttider/", views.pickup_times, name="pickup_times"),
    path("mitt/hamttider/<int:pk>/bort/", views.remove_pickup_time, name="remove_pickup_time"),
]
