from django.urls import path

from . import feeds, views

app_name = "inspiration"
urlpatterns = [
    path("tagg/<str:slug>/", views.tag, name="tag"),
    path("tagg/<str:slug>/rss/", feeds.TagFeed(), name="tag_rss"),
    path("tagg/<str:slug>/atom/", feeds.AtomTagFeed(), name="tag_atom"),
]
