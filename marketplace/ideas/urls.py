"""URLs of pupils' ideas."""

from django.urls import path

from . import views

urlpatterns = [
    path("ideer/", views.public_list, name="ideas"),
    path("ideer/<int:pk>/", views.idea, name="idea"),
    path("ideer/<int:pk>/gor/", views.act, name="idea_act"),
    path("ide/<str:token>/", views.send, name="idea_send"),
    path("mitt/ideer/", views.own_list, name="own_ideas"),
    path("mitt/overlamningar/<int:pk>/klassen/", views.invitation, name="idea_invitation"),
    path("mitt/overlamningar/<int:pk>/klassen/qr.svg", views.invitation_qr, name="idea_qr"),
]
