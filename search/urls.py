"""Addresses of search (see the design: they are fixed)."""

from django.urls import path

from search.results.views import material, search, suggest
from search.saved.views import change, mail, remove, save, saved_list
from search.statistics.views import click

app_name = "search"

urlpatterns = [
    path("sok/", search, name="search"),
    path("sok/forslag/", suggest, name="suggest"),
    path("sok/klick/", click, name="click"),
    path("material/", material, name="material"),
    path("mitt/sokningar/", saved_list, name="saved"),
    path("mitt/sokningar/spara/", save, name="save"),
    path("mitt/sokningar/<int:pk>/andra/", change, name="saved_change"),
    path("mitt/sokningar/<int:pk>/bort/", remove, name="saved_remove"),
    path("mitt/sokningar/post/<str:token>/", mail, name="saved_mail"),
]
