"""URLs of sharing out."""

from django.urls import path

from marketplace.exchange.sharing import views

urlpatterns = [path("mitt/dela/<int:pk>/", views.share_out, name="share_out")]
