"""URLs of a person's phone: notifications on it, and texts to it."""

from django.urls import path

from . import views

urlpatterns = [
    path("mitt/telefon/", views.phone, name="phone"),
    path("mitt/telefon/notiser/", views.push_on, name="push_on"),
    path("mitt/telefon/notiser/<int:pk>/bort/", views.push_off, name="push_off"),
    path("mitt/telefon/nummer/", views.number_new, name="number_new"),
    path("mitt/telefon/kod/", views.number_confirm, name="number_confirm"),
    path("mitt/telefon/nummer/bort/", views.number_remove, name="number_remove"),
]
