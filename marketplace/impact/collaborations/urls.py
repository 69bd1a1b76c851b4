"""URLs of collaborations."""

from django.urls import path

from . import views

urlpatterns = [
    path("mitt/samarbeten/", views.collaborations, name="collaborations"),
    path(
        "mitt/samarbeten/<int:pk>/bort/",
        views.remove_collaboration,
        name="remove_collaboration",
    ),
]
