"""URLs of recalls."""

from django.urls import path

from . import views

urlpatterns = [
    path("material/<int:pk>/aterkalla/", views.recall, name="recall"),
]
