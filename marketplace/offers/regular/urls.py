"""URLs of regular offers."""

from django.urls import path

from . import views

urlpatterns = [
    path("mitt/igen/<str:token>/", views.answer, name="regular_offer_answer"),
    path("mitt/aterkommande/<int:pk>/", views.regular_offer, name="regular_offer"),
]
