"""Addresses of the exchange (see the design: they are fixed)."""

from django.urls import path

from .views import listing, my_page, reservations

app_name = "marketplace"

urlpatterns = [
    path("material/<int:pk>/boka/", reservations.reserve, name="reserve"),
    path("material/<int:pk>/<slug:slug>/", listing.listing, name="listing"),
    path("mitt/", my_page.my_page, name="my_page"),
    path("mitt/organisation/valj/", my_page.act_for, name="act_for"),
    path("mitt/post/<str:token>/", my_page.mail_preference, name="mail_preference"),
    path("mitt/bokningar/<int:pk>/", reservations.reservation, name="reservation"),
    path("mitt/bokningar/<int:pk>/lova/", reservations.accept, name="accept"),
    path("mitt/bokningar/<int:pk>/neka/", reservations.decline, name="decline"),
    path("mitt/bokningar/<int:pk>/avboka/", reservations.cancel, name="cancel"),
    path("mitt/bokningar/<int:pk>/tid/", reservations.propose_pickup, name="propose_pickup"),
    path("mitt/bokningar/<int:pk>/tid/ja/", reservations.agree_pickup, name="agree_pickup"),
    path("mitt/bokningar/<int:pk>/meddelande/", reservations.message, name="message"),
    path(
        "mitt/bokningar/<int:pk>/overlamning/",
        reservations.confirm_handover,
        name="confirm_handover",
    ),
]
