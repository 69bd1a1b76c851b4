"""URLs of my page."""

from django.urls import path

from . import listing_actions, views

urlpatterns = [
    path("mitt/", views.my_page, name="my_page"),
    path("mitt/organisation/valj/", views.act_for, name="act_for"),
    path("mitt/paborjat/<int:pk>/kasta/", views.throw_away_form, name="throw_away_form"),
    path("mitt/material/", listing_actions.listing_actions, name="listing_actions"),
]
