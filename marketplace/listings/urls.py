"""URLs of listings."""

from django.urls import path

from . import views

urlpatterns = [
    path("material/<int:pk>/spara/", views.remember_listing, name="remember_listing"),
    path("material/<int:pk>/anmal/", views.report_listing, name="report_listing"),
    path("material/<int:pk>/<slug:slug>/", views.listing, name="listing"),
]
