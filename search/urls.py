"""Addresses of search (see the design: they are fixed)."""

from django.urls import path

from .views import counting, results, saved

app_name = "search"

urlpatterns = [
    path("sok/", results.search, name="search"),
    path("sok/forslag/", results.suggest, name="suggest"),
    path("sok/klick/", counting.click, name="click"),
    path("material/", results.material, name="material"),
    path("mitt/sokningar/", saved.saved_list, name="saved"),
    path("mitt/sokningar/spara/", saved.save, name="save"),
    path("mitt/sokningar/<int:pk>/andra/", saved.change, name="saved_change"),
    path("mitt/sokningar/<int:pk>/bort/", saved.remove, name="saved_remove"),
    path("mitt/sokningar/post/<str:token>/", saved.mail, name="saved_mail"),
]
