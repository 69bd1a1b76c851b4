"""What inspiration adds to Wagtail's admin."""

from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.widgets import Button
from wagtail.contrib.forms.wagtail_hooks import register_forms_menu_item
from wagtail.models import Page
from wagtail.permissions import policy_registry, register_permission_policy
from wagtail.snippets.action_menu import ActionMenuItem
from wagtail.snippets.models import register_snippet

from inspiration.admin import CampaignsGroup
from inspiration.campaigns.admin_views import campaign_poster
from inspiration.campaigns.channels import CampaignChannel, CampaignParticipant
from inspiration.campaigns.dashboard import campaign_progress
from inspiration.campaigns.models import CampaignPage
from inspiration.campaigns.reports import CampaignLinksReport, CampaignsReport
from inspiration.forms.reports import menu_item, urlpatterns
from inspiration.lessons.tips.admin import LessonTipViewSet
from inspiration.lessons.tips.models import LessonTip
from inspiration.newsletter.admin import DraftsOnly, Recorded
from inspiration.newsletter.admin_views import newsletter, send_newsletter, test_newsletter
from inspiration.newsletter.dashboard import newsletter_progress
from inspiration.newsletter.models import Newsletter, NewsletterDelivery, Subscriber
from inspiration.pages.models import InspirationIndexPage
from inspiration.pages.sites import pages_of_site
from inspiration.stories.admin_views import draft_story
from inspiration.stories.choosers import handover_chooser_viewset
from inspiration.stories.services import story_of
from marketplace.desk.dashboard import add_card
from marketplace.ideas.models import Idea
from marketplace.review.pages import TOLD_ABOUT_LISTS
from portal.foundation.hooks import take_over
from portal.foundation.menus import PermittedMenuItem
from portal.foundation.scopes import by_permission, everything, register_public, register_scope

for model in (
    CampaignChannel,
    CampaignParticipant,
    LessonTip,
    Newsletter,
    NewsletterDelivery,
    Subscriber,
):
    register_scope(model, by_permission)
# A page; the reports about campaigns ask who may see them themselves.
register_scope(CampaignPage, everything)
register_public(Page, pages_of_site)
register_permission_policy(Newsletter, DraftsOnly(Newsletter))
register_permission_policy(NewsletterDelivery, Recorded(NewsletterDelivery))
register_permission_policy(Subscriber, Recorded(Subscriber))
register_snippet(CampaignsGroup)
register_snippet(LessonTipViewSet)
add_card(campaign_progress)
add_card(newsletter_progress)


def know_lists(pages):
    """Let each list among `pages` know what is added to it, which a row asks for its button."""
    unread = {page.pk: page for page in pages if "lists" in page.get_deferred_fields()}
    known = InspirationIndexPage.objects.filter(pk__in=unread)
    for pk, lists in known.values_list("pk", "lists"):
        unread[pk].lists = lists


TOLD_ABOUT_LISTS.append(know_lists)


def may_see_answers(user):
    policy = policy_registry.get_by_type(Page)
    return policy.user_has_any_permission(user, ["add", "change", "publish"])


def forms_menu_item():
    return PermittedMenuItem(
        _("Forms"),
        reverse("wagtailforms:index"),
        name="forms",
        icon_name="form",
        order=700,
        may=may_see_answers,
    )


# Theirs asks with every page of the admin whether there is a form.
take_over("register_admin_menu_item", register_forms_menu_item, forms_menu_item)


@hooks.register("construct_page_chooser_queryset")
def with_status(pages, request):
    """Pages to choose from, with what their status says of each."""
    return pages.annotate_approved_schedule().prefetch_workflow_states()


@hooks.register("register_admin_viewset")
def handover_chooser():
    return handover_chooser_viewset


@hooks.register("register_admin_urls")
def admin_urls():
    return [
        *urlpatterns,
        path("ideer/<int:pk>/berattelse/", draft_story, name="draft_story"),
        path("kampanjer/<int:pk>/affisch/", campaign_poster, name="campaign_poster"),
        path("nyhetsbrev/<int:pk>/", newsletter, name="send_newsletter"),
        path("nyhetsbrev/<int:pk>/prov/", test_newsletter, name="test_newsletter"),
        path("nyhetsbrev/<int:pk>/skicka/", send_newsletter, name="send_newsletter_now"),
        path(
            "reports/kampanjer/",
            CampaignsReport.as_view(),
            name="campaigns_report",
        ),
        path(
            "reports/kampanjer/results/",
            CampaignsReport.as_view(results_only=True),
            name="campaigns_report_results",
        ),
        path(
            "reports/kampanjlankar/",
            CampaignLinksReport.as_view(),
            name="campaign_links_report",
        ),
        path(
            "reports/kampanjlankar/results/",
            CampaignLinksReport.as_view(results_only=True),
            name="campaign_links_report_results",
        ),
    ]


@hooks.register("register_reports_menu_item")
def answer_report():
    return menu_item()


def _may_see_campaigns(user):
    return any(
        user.has_perm(f"inspiration.{action}_campaignchannel")
        for action in ("add", "change", "view")
    )


@hooks.register("register_reports_menu_item")
def campaigns_report_item():
    return PermittedMenuItem(
        _("Campaign results"),
        reverse("campaigns_report"),
        name="campaign-results",
        icon_name="success",
        order=100,
        may=_may_see_campaigns,
    )


@hooks.register("register_reports_menu_item")
def campaign_links_report_item():
    return PermittedMenuItem(
        _("What links led to"),
        reverse("campaign_links_report"),
        name="campaign-links-report",
        icon_name="link",
        order=110,
        may=_may_see_campaigns,
    )


@hooks.register("register_page_header_buttons")
def campaign_buttons(page, user, view_name, next_url=None):
    if isinstance(page.specific, CampaignPage) and page.permissions_for_user(user).can_edit():
        yield Button(
            _("Poster (PDF)"),
            reverse("campaign_poster", args=[page.pk]),
            icon_name="download",
            priority=12,
        )


@hooks.register("register_snippet_listing_buttons")
def newsletter_buttons(snippet, user, next_url=None):
    if isinstance(snippet, Newsletter) and user.has_perm("inspiration.send_newsletter"):
        yield Button(
            _("Test and send") if snippet.is_draft else _("Results"),
            reverse("send_newsletter", args=[snippet.pk]),
            icon_name="mail",
            priority=5,
        )


class SendMenuItem(ActionMenuItem):
    """From writing to sending: the page where a test is sent, and then all."""

    label = _("Test and send")
    name = "action-test-and-send"
    icon_name = "mail"
    order = 50

    def is_shown(self, context):
        return context["view"] == "edit" and context["request"].user.has_perm(
            "inspiration.send_newsletter"
        )

    def get_url(self, context):
        return reverse("send_newsletter", args=[context["instance"].pk])


@hooks.register("register_snippet_action_menu_item")
def newsletter_menu_item(model):
    return SendMenuItem() if model is Newsletter else None


class StoryMenuItem(ActionMenuItem):
    """One press: a draft of a story, filled in with what the idea knows."""

    template_name = "inspiration/stories/admin/draft_story_button.html"
    icon_name = "doc-full-inverse"

    def is_shown(self, context):
        progress = getattr(context.get("instance"), "progress", None)
        return context["view"] == "edit" and progress is not None and bool(progress.approved_at)

    def get_context_data(self, parent_context):
        idea = parent_context["instance"]
        story = story_of(idea)
        return super().get_context_data(parent_context) | {
            "url": reverse("wagtailadmin_pages:edit", args=[story.pk]) if story else None,
            "address": reverse("draft_story", args=[idea.pk]),
            "label": _("Open its story") if story else _("Turn it into a story"),
        }


@hooks.register("register_snippet_action_menu_item")
def story_menu_item(model):
    return StoryMenuItem(order=15) if model is Idea else None


@hooks.register("register_snippet_listing_buttons")
def story_button(snippet, user, next_url=None):
    """Link from the list to the story of an idea."""
    if isinstance(snippet, Idea) and snippet.progress.story_started_at:
        story = story_of(snippet)
        if story:
            yield Button(
                _("Open its story"),
                reverse("wagtailadmin_pages:edit", args=[story.pk]),
                icon_name="doc-full-inverse",
                priority=20,
            )
