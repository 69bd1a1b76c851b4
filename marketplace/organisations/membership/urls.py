"""URLs of an organisation and its members."""

from django.urls import path

from . import views

urlpatterns = [
    path("mitt/organisation/", views.organisation, name="organisation"),
    path("mitt/organisation/medlem/<int:pk>/", views.member, name="member"),
    path("inbjudan/<str:token>/", views.join_by_invitation, name="join_by_invitation"),
    path(
        "mitt/organisation/inbjudan/<int:pk>/bort/",
        views.revoke_invitation,
        name="revoke_invitation",
    ),
]
