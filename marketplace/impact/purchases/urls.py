"""URLs of reported purchases."""

from django.urls import path

from . import views

urlpatterns = [
    path("mitt/inkop/", views.purchases, name="purchases"),
    path("mitt/inkop/mall.xlsx", views.purchases_template, name="purchases_template"),
    path("mitt/inkop/fil/<int:pk>/", views.purchase_import, name="purchase_import"),
    path(
        "mitt/inkop/fil/<int:pk>/svar/",
        views.purchase_import_decide,
        name="purchase_import_decide",
    ),
]
