"""URLs of an organisation's own effect."""

from django.urls import path

from . import views

urlpatterns = [
    path("mitt/effekt/", views.own_effect, name="own_effect"),
    path("mitt/effekt/<int:pk>/<int:year>.pdf", views.statement, name="effect_statement"),
]
