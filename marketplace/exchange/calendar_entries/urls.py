from django.urls import path

from . import views

urlpatterns = [
    path("mitt/kalender/", views.calendar_feed_page, name="calendar_feed_page"),
    path("kalender/<str:token>.ics", views.calendar_feed, name="calendar_feed"),
]
