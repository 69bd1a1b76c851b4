"""URLs of the safety rules."""

from django.urls import path

from . import views

urlpatterns = [
    path("sakerhet/", views.safety, name="safety"),
    path("sakerhet/safety_rules.csv", views.safety_rules, name="safety_rules"),
]
