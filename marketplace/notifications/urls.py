"""URLs of the inbox and mail preferences."""

from django.urls import path

from . import views

urlpatterns = [
    path("mitt/inkorg/", views.inbox, name="inbox"),
    path("mitt/inkorg/last/", views.mark_read, name="mark_read"),
    path("mitt/inkorg/<int:pk>/", views.open_notification, name="open_notification"),
    path("mitt/post/", views.own_mail_preference, name="own_mail_preference"),
    path("mitt/post/<str:token>/", views.mail_preference, name="mail_preference"),
]
