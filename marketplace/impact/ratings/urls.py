"""URLs of ratings."""

from django.urls import path

from . import views

urlpatterns = [
    path("mitt/bokningar/<int:pk>/betyg/", views.rate, name="rate"),
]
