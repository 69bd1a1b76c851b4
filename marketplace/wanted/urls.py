"""URLs of wanted ads."""

from django.urls import path

from marketplace.wanted.questions.views import question

from . import views

urlpatterns = [
    path("efterlysningar/", views.wanted_list, name="wanted_list"),
    path("efterlysningar/oversikt/", views.wanted_overview, name="wanted_overview"),
    path("efterlysningar/fraga/<str:token>/", question, name="giver_question"),
    path("efterlysningar/ny/", views.wanted_edit, name="wanted_new"),
    path("efterlysningar/<int:pk>/andra/", views.wanted_edit, name="wanted_edit"),
    path("efterlysningar/<int:pk>/avsluta/", views.wanted_close, name="wanted_close"),
    path("efterlysningar/<int:pk>/", views.wanted_short, name="wanted_short"),
    path("efterlysningar/<int:pk>/<slug:slug>/", views.wanted_ad, name="wanted_ad"),
]
