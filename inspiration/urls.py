"""Addresses of inspiration that are no pages."""

from django.urls import path

from . import feeds, newsletter_views, views

app_name = "inspiration"
urlpatterns = [
    path("tagg/<str:slug>/", views.tag, name="tag"),
    path("tagg/<str:slug>/rss/", feeds.TagFeed(), name="tag_rss"),
    path("tagg/<str:slug>/atom/", feeds.AtomTagFeed(), name="tag_atom"),
    path("nyhetsbrev/", newsletter_views.newsletter, name="newsletter"),
    path("nyhetsbrev/bekrafta/<str:token>/", newsletter_views.confirm, name="confirm"),
    path("nyhetsbrev/mitt/<str:token>/", newsletter_views.subscription, name="subscription"),
    path("nyhetsbrev/avsluta/<str:token>/", newsletter_views.unsubscribe, name="unsubscribe"),
]
