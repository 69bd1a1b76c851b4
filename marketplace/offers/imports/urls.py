"""URLs of imports of listings."""

from django.urls import path

from . import views

urlpatterns = [
    path("mitt/material/fil/", views.import_list, name="imports"),
    path("mitt/material/fil/mall.xlsx", views.import_template, name="import_template"),
    path("mitt/material/fil/<int:pk>/", views.import_detail, name="import"),
    path("mitt/material/fil/<int:pk>/svar/", views.import_decide, name="import_decide"),
]
