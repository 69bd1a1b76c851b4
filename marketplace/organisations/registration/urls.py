"""URLs of registering and finding organisations."""

from django.urls import path

from . import views

urlpatterns = [
    path("mitt/organisation/registrera/", views.register, name="organisation_register"),
    path("organisationer/forslag/", views.find_organisation, name="find_organisation"),
]
