"""URLs of questions about listings."""

from django.urls import path

from . import views

urlpatterns = [
    path("material/<int:pk>/fraga/", views.ask_about_listing, name="ask_about_listing"),
    path("mitt/fragor/<int:pk>/", views.listing_question, name="listing_question"),
]
