"""URLs of clearing out."""

from django.urls import path

from marketplace.offers.clearing import views

urlpatterns = [
    path("mitt/rensa/", views.clearings, name="clearings"),
    path("mitt/rensa/<int:pk>/", views.clearing, name="clearing"),
    path("mitt/rensa/<int:pk>/skicka/", views.send, name="send_clearing"),
    path("mitt/rensa/sak/<int:pk>/bort/", views.drop, name="drop_cleared"),
]
