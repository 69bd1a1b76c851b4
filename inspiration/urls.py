"""Addresses of inspiration that are no pages."""

from django.urls import path

from inspiration.events.views import events_calendar
from inspiration.forms.needs import post_need
from inspiration.lessons.having import what_for
from inspiration.lessons.kits.views import (
    kit,
    kit_calendar_file,
    kit_cancel,
    kit_document,
    lesson_document,
    lesson_kit,
)
from inspiration.lessons.tips.views import tip, tip_edit, tip_new, tip_remove, tips
from inspiration.newsletter.views import confirm, newsletter, subscription, unsubscribe
from inspiration.pages.feeds import AtomTagFeed, TagFeed
from inspiration.pages.views import tag

app_name = "inspiration"
urlpatterns = [
    path("tagg/<str:slug>/", tag, name="tag"),
    path("tagg/<str:slug>/rss/", TagFeed(), name="tag_rss"),
    path("tagg/<str:slug>/atom/", AtomTagFeed(), name="tag_atom"),
    path("idebank/jag-har/", what_for, name="what_for"),
    path("idebank/tips/", tips, name="tips"),
    path("idebank/tips/nytt/", tip_new, name="tip_new"),
    path("idebank/tips/<int:pk>/", tip, name="tip"),
    path("idebank/<int:pk>/sa-gjorde-vi/", tip_new, name="tip_about"),
    path("mitt/tips/<int:pk>/andra/", tip_edit, name="tip_edit"),
    path("mitt/tips/<int:pk>/ta-bort/", tip_remove, name="tip_remove"),
    path("idebank/<int:pk>/kit/", lesson_kit, name="lesson_kit"),
    path("idebank/<int:pk>/ide.pdf", lesson_document, name="lesson_document"),
    path("mitt/kit/<int:pk>/", kit, name="kit"),
    path("mitt/kit/<int:pk>/plan.pdf", kit_document, name="kit_document"),
    path("mitt/kit/<int:pk>/kalender.ics", kit_calendar_file, name="kit_calendar"),
    path("mitt/kit/<int:pk>/avboka/", kit_cancel, name="kit_cancel"),
    path("behov/efterlys/", post_need, name="post_need"),
    path("handelser/kalender.ics", events_calendar, name="events_calendar"),
    path("nyhetsbrev/", newsletter, name="newsletter"),
    path("nyhetsbrev/bekrafta/<str:token>/", confirm, name="confirm"),
    path("nyhetsbrev/mitt/<str:token>/", subscription, name="subscription"),
    path("nyhetsbrev/avsluta/<str:token>/", unsubscribe, name="unsubscribe"),
]
