"""URLs of followed listings."""

from django.urls import path

from marketplace.exchange.follows import views

urlpatterns = [path("material/<int:pk>/folj/", views.follow_listing, name="follow_listing")]
