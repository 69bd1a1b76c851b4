"""URLs of the waiting list."""

from django.urls import path

from . import views

urlpatterns = [
    path("material/<int:pk>/ko/", views.join_line, name="join_line"),
    path("mitt/ko/<int:pk>/", views.waiting_place, name="waiting_place"),
    path("mitt/ko/<int:pk>/ta/", views.take_offer, name="take_offer"),
    path("mitt/ko/<int:pk>/lamna/", views.leave_line, name="leave_line"),
]
