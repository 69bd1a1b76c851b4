"""The card on the admin's first page about how campaigns go."""

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.models import Locale

from inspiration.campaigns.models import CampaignPage
from marketplace.desk.dashboard import SHOWN, Card
from marketplace.roles.models import Role
from marketplace.roles.permissions import has_role


def campaign_progress(request):
    """How far the campaigns that run have come, and what begins next; for communicators."""
    if not has_role(request.user, Role.COMMUNICATOR):
        return None
    today = timezone.localdate()
    campaigns = list(
        CampaignPage.objects.live()
        .filter(locale=Locale.get_default(), ends_on__gte=today)
        .order_by("starts_on", "pk")
        .prefetch_related("municipalities", "categories")
    )
    running = sum(campaign.state == "running" for campaign in campaigns)
    return Card(
        title=_("Campaigns"),
        figure=number_format(running),
        text=ngettext("campaign is running", "campaigns are running", running),
        lines=[
            (
                campaign.title,
                reverse("wagtailadmin_pages:edit", args=[campaign.pk]),
                how_far(campaign),
            )
            for campaign in campaigns[:SHOWN]
        ],
        more=(_("What they have achieved"), reverse("campaigns_report")),
    )


def how_far(campaign):
    """The share of the goal of a campaign that runs; of one to come, in how many days it begins."""
    if campaign.state == "before":
        days = campaign.days_until_start
        return ngettext("in %(days)s day", "in %(days)s days", days) % {"days": days}
    progress = campaign.progress(who=False)
    if progress.reached:
        return _("goal reached")
    return f"{progress.percent}\xa0%"
