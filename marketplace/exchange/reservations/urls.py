"""URLs of reservations."""

from django.urls import path

from . import views

urlpatterns = [
    path("material/<int:pk>/boka/", views.reserve, name="reserve"),
    path("mitt/bokningar/<int:pk>/", views.reservation, name="reservation"),
    path("mitt/bokningar/<int:pk>/lova/", views.accept, name="accept"),
    path("mitt/bokningar/<int:pk>/neka/", views.decline, name="decline"),
    path("mitt/bokningar/<int:pk>/avboka/", views.cancel, name="cancel"),
    path("mitt/bokningar/<int:pk>/forlang/", views.prolong, name="prolong"),
    path("mitt/bokningar/<int:pk>/kalender.ics", views.calendar, name="pickup_calendar"),
    path("mitt/bokningar/<int:pk>/tack/", views.thank, name="thank"),
    path("mitt/bokningar/<int:pk>/problem/", views.report_problem, name="report_problem"),
    path("mitt/bokningar/<int:pk>/tid/", views.propose_pickup, name="propose_pickup"),
    path("mitt/bokningar/<int:pk>/tid/ja/", views.agree_pickup, name="agree_pickup"),
    path("mitt/bokningar/<int:pk>/meddelande/", views.message, name="message"),
    path("mitt/bokningar/<int:pk>/svar/", views.say_bought, name="say_bought"),
    path(
        "mitt/bokningar/<int:pk>/overlamning/",
        views.confirm_handover,
        name="confirm_handover",
    ),
]
