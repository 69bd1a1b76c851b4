"""URLs of what nobody took."""

from django.urls import path

from marketplace.offers.unplaced import views

urlpatterns = [path("mitt/kvar/<int:pk>/", views.unplaced, name="unplaced")]
