"""URLs of offering material."""

from django.urls import path

from . import suggestion_views, views

urlpatterns = [
    path("material/erbjud/", views.offer, name="offer"),
    path("material/erbjud/utkast/<int:pk>/kasta/", views.throw_away, name="throw_away_offer"),
    path("material/erbjud/kategorier/", suggestion_views.categories, name="offer_categories"),
    path("material/erbjud/vikt/", suggestion_views.weight, name="offer_weight"),
    path("material/<int:pk>/andra/", views.edit, name="offer_edit"),
    path("material/<int:pk>/igen/", views.copy, name="offer_again"),
    path("material/<int:pk>/avsluta/", views.withdraw, name="withdraw"),
    path("material/<int:pk>/oppna/", views.reopen, name="reopen"),
]
