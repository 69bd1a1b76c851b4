"""URLs of hubs, their shelves and cards."""

from django.urls import path

from marketplace.hubs import card_views, shelf_views, views
from marketplace.hubs.arrivals import views as arrivals

urlpatterns = [
    path("nav/", views.hubs, name="hubs"),
    path("nav/kort/<str:token>/", card_views.use_card, name="use_hub_card"),
    path("nav/hylla/", shelf_views.offline_shelf, name="offline_shelf"),
    path("nav/hylla/<str:token>/", shelf_views.shelf, name="shelf"),
    path("nav/hylla/<str:token>/angra/<uuid:key>/", shelf_views.undo, name="undo_scan"),
    path("nav/<slug:slug>/", views.hub, name="hub"),
    path("nav/<slug:slug>/tid/<int:pk>/", views.hub_time, name="hub_time"),
    path("nav/<slug:slug>/ta-emot/", views.take_in, name="take_in"),
    path("nav/<slug:slug>/vantas/", arrivals.arrivals, name="arrivals"),
    path("nav/<slug:slug>/vantas/<int:pk>/framme/", arrivals.receive, name="arrival_received"),
    path("nav/<slug:slug>/vantas/<int:pk>/hamtat/", arrivals.hand_over, name="arrival_handed"),
    path("nav/<slug:slug>/vantas/<int:pk>/bort/", arrivals.close, name="arrival_closed"),
    path("nav/<slug:slug>/ny-hylla/", views.new_shelf, name="new_shelf"),
    path("nav/<slug:slug>/hylla/<int:pk>/rakna/", views.count_shelf, name="count_shelf"),
    path("nav/<slug:slug>/hyllor.pdf", views.shelf_labels, name="shelf_labels"),
    path("mitt/navkort/", card_views.cards, name="hub_cards"),
    path("mitt/navkort/<int:pk>/kort.pdf", card_views.card_pdf, name="hub_card_pdf"),
    path("mitt/navkort/<int:pk>/bort/", card_views.revoke, name="revoke_hub_card"),
]
