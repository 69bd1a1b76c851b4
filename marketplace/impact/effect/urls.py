"""URLs of the public effect figures."""

from django.urls import path

from . import views

urlpatterns = [
    path("effekt/", views.effect, name="effect"),
    path("effekt/faktorer/", views.factors, name="effect_factors"),
]
