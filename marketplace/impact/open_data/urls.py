"""URLs of the open data."""

from django.urls import path

from . import views

urlpatterns = [
    path("effekt/data.csv", views.data_csv, name="effect_csv"),
    path("effekt/data.json", views.data_json, name="effect_json"),
    path("effekt/data.csv-metadata.json", views.data_schema, name="effect_schema"),
    path("effekt/dcat.rdf", views.dcat, name="effect_dcat"),
]
