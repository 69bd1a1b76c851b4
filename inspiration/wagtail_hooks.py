"""What inspiration adds to Wagtail's admin."""

from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.widgets import Button
from wagtail.permissions import register_permission_policy
from wagtail.snippets.action_menu import ActionMenuItem
from wagtail.snippets.models import register_snippet

from . import admin_views, campaign_reports, reports
from .models import CampaignPage, Newsletter, NewsletterDelivery, Subscriber
from .viewsets import CampaignsGroup, DraftsOnly, Recorded

register_permission_policy(Newsletter, DraftsOnly(Newsletter))
register_permission_policy(NewsletterDelivery, Recorded(NewsletterDelivery))
register_permission_policy(Subscriber, Recorded(Subscriber))
register_snippet(CampaignsGroup)


@hooks.register("register_admin_urls")
def admin_urls():
    return [
        *reports.urlpatterns,
        path("kampanjer/<int:pk>/affisch/", admin_views.campaign_poster, name="campaign_poster"),
        path("nyhetsbrev/<int:pk>/", admin_views.newsletter, name="send_newsletter"),
        path("nyhetsbrev/<int:pk>/prov/", admin_views.test_newsletter, name="test_newsletter"),
        path(
            "nyhetsbrev/<int:pk>/skicka/", admin_views.send_newsletter, name="send_newsletter_now"
        ),
        path(
            "reports/kampanjer/",
            campaign_reports.CampaignsReport.as_view(),
            name="campaigns_report",
        ),
        path(
            "reports/kampanjer/results/",
            campaign_reports.CampaignsReport.as_view(results_only=True),
            name="campaigns_report_results",
        ),
        path(
            "reports/kampanjlankar/",
            campaign_reports.CampaignLinksReport.as_view(),
            name="campaign_links_report",
        ),
        path(
            "reports/kampanjlankar/results/",
            campaign_reports.CampaignLinksReport.as_view(results_only=True),
            name="campaign_links_report_results",
        ),
    ]


@hooks.register("register_reports_menu_item")
def answer_report():
    return reports.menu_item()


class CampaignReportItem(MenuItem):
    """Shown to those who may see campaigns' links."""

    def is_shown(self, request):
        return any(
            request.user.has_perm(f"inspiration.{action}_campaignchannel")
            for action in ("add", "change", "view")
        )


@hooks.register("register_reports_menu_item")
def campaigns_report_item():
    return CampaignReportItem(
        _("Campaign results"),
        reverse("campaigns_report"),
        name="campaign-results",
        icon_name="success",
        order=100,
    )


@hooks.register("register_reports_menu_item")
def campaign_links_report_item():
    return CampaignReportItem(
        _("Campaign links"),
        reverse("campaign_links_report"),
        name="campaign-links-report",
        icon_name="link",
        order=110,
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
