"""URLs of the driver's day."""

from django.urls import path

from . import views

urlpatterns = [
    path("kor/<str:token>/", views.driver, name="driver"),
    path("kor/<str:token>/<int:pk>/", views.tap, name="driver_tap"),
]
