"""What the pages add to Wagtail's admin."""

from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.widgets import Button
from wagtail.snippets.action_menu import ActionMenuItem

from marketplace.models import Idea

from . import admin_views, reports, stories
from .choosers import handover_chooser_viewset


@hooks.register("register_admin_viewset")
def handover_chooser():
    return handover_chooser_viewset


@hooks.register("register_admin_urls")
def admin_urls():
    return [
        path("ideer/<int:pk>/berattelse/", admin_views.draft_story, name="draft_story"),
        *reports.urlpatterns,
    ]


@hooks.register("register_reports_menu_item")
def answer_report():
    return reports.menu_item()


class StoryMenuItem(ActionMenuItem):
    """One press: a draft of a story, filled in with what the idea knows."""

    template_name = "inspiration/admin/draft_story_button.html"
    icon_name = "doc-full-inverse"

    def is_shown(self, context):
        progress = getattr(context.get("instance"), "progress", None)
        return context["view"] == "edit" and progress is not None and bool(progress.approved_at)

    def get_context_data(self, parent_context):
        idea = parent_context["instance"]
        begun = stories.story_of(idea)
        return super().get_context_data(parent_context) | {
            "url": reverse("wagtailadmin_pages:edit", args=[begun.pk]) if begun else None,
            "address": reverse("draft_story", args=[idea.pk]),
            "label": _("Open its story") if begun else _("Make a story of it"),
        }


@hooks.register("register_snippet_action_menu_item")
def story_menu_item(model):
    return StoryMenuItem(order=15) if model is Idea else None


@hooks.register("register_snippet_listing_buttons")
def story_button(snippet, user, next_url=None):
    """From the list to the story that has been begun."""
    if isinstance(snippet, Idea) and snippet.progress.story_begun_at:
        begun = stories.story_of(snippet)
        if begun:
            yield Button(
                _("Open its story"),
                reverse("wagtailadmin_pages:edit", args=[begun.pk]),
                icon_name="doc-full-inverse",
                priority=20,
            )
