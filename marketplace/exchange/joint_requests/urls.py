"""URLs of joint requests."""

from django.urls import path

from . import views

urlpatterns = [
    path("mitt/bokningar/samlad/<int:pk>/", views.joint_request, name="joint_request"),
    path("mitt/bokningar/samlad/<int:pk>/svar/", views.answer, name="answer_joint_request"),
    path("mitt/bokningar/samlad/<int:pk>/avboka/", views.cancel, name="cancel_joint_request"),
    path(
        "mitt/bokningar/samlad/<int:pk>/overlamning/",
        views.confirm,
        name="confirm_joint_handover",
    ),
    path("mitt/bokningar/<int:pk>/fler/", views.add_more, name="add_more"),
]
