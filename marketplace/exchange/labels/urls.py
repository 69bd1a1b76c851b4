"""URLs of labels."""

from django.urls import path

from . import views

urlpatterns = [
    path("mitt/etiketter/", views.labels, name="labels"),
    path("mitt/etiketter/etiketter.pdf", views.labels_as_pdf, name="labels_pdf"),
]
