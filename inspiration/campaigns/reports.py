"""Reports on campaigns: what each achieved, and what came of each link."""

import django_filters
from django.db.models import Count, Sum
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.reports import ReportView
from wagtail.models import Locale
from wagtail.permission_policies import ModelPermissionPolicy

from inspiration.campaigns.channels import CampaignChannel, ChannelVisits
from inspiration.campaigns.models import CampaignPage
from inspiration.campaigns.services import add_handovers
from marketplace.impact.figures.formatting import figure_number
from portal.foundation.exports.views import ExportMixin


class CampaignFilterSet(WagtailFilterSet):
    starts_on = django_filters.DateFromToRangeFilter(
        label=_("Starts"), widget=DateRangePickerWidget
    )

    class Meta:
        model = CampaignPage
        fields = ["measure", "starts_on"]


def reached(campaign: CampaignPage) -> str:
    """What counts towards the goal, whose unit has a column of its own."""
    key = "mass_kg" if campaign.measure == CampaignPage.Measure.KILOGRAMS else "handovers"
    return figure_number(campaign.achieved.value, key)


def avoided(campaign: CampaignPage) -> str:
    return figure_number(campaign.achieved.co2e_kg, "co2e_kg")


class CampaignsReport(ExportMixin, ReportView):
    """One row per campaign. Achieved: the ledger in the period, where and of what it is about."""

    model = CampaignPage
    permission_policy = ModelPermissionPolicy(CampaignChannel)
    any_permission_required = {"add", "change", "view"}
    page_title = _("Campaign results")
    header_icon = "success"
    index_url_name = "campaigns_report"
    index_results_url_name = "campaigns_report_results"
    filterset_class = CampaignFilterSet
    default_ordering = "-starts_on"
    export_filename = "kampanjer"
    list_export = [
        "title",
        "starts_on",
        "ends_on",
        "goal",
        "measure",
        "achieved.value",
        "achieved.percent",
        "achieved.kg",
        "achieved.co2e_kg",
        "achieved.handovers",
        "achieved.givers",
        "achieved.receivers",
        "taking_part",
        "offered",
        "visits",
    ]
    export_headings = {
        "title": _("Campaign"),
        "starts_on": _("First day"),
        "ends_on": _("Last day"),
        "goal": _("Goal"),
        "measure": _("Counted in"),
        "achieved.value": _("Reached"),
        "achieved.percent": _("Percent of the goal"),
        "achieved.kg": _("kg"),
        "achieved.co2e_kg": _("kg CO2e avoided"),
        "achieved.handovers": _("Handovers"),
        "achieved.givers": _("Givers"),
        "achieved.receivers": _("Receivers"),
        "taking_part": _("Signed up"),
        "offered": _("Listings in the period"),
        "visits": _("Visits by links"),
    }

    @property
    def columns(self):
        return [
            Column("title", label=_("Campaign")),
            Column("starts_on", label=_("First day"), sort_key="starts_on"),
            Column("ends_on", label=_("Last day"), sort_key="ends_on"),
            Column("goal", label=_("Goal")),
            Column("unit", label=_("Counted in"), accessor="get_measure_display"),
            Column("value", label=_("Reached"), accessor=reached),
            Column("percent", label=_("Percent"), accessor="achieved.percent"),
            Column("co2e_kg", label=_("kg CO2e avoided"), accessor=avoided),
            Column("taking_part", label=_("Signed up")),
            Column("offered", label=_("Listings in the period")),
            Column("visits", label=_("Visits by links")),
        ]

    def get_base_queryset(self):
        return (
            CampaignPage.objects.filter(locale=Locale.get_default())
            .prefetch_related("municipalities", "categories")
            .annotate(taking_part=Count("participants"))
        )

    def decorate_paginated_queryset(self, object_list):
        campaigns = list(object_list)
        visits = dict(
            ChannelVisits.objects.filter(channel__campaign__in=campaigns)
            .values_list("channel__campaign")
            .annotate(sum=Sum("visits"))
        )
        for campaign in campaigns:
            campaign.achieved = campaign.progress()
            campaign.offered = campaign.listings().count()
            campaign.visits = visits.get(campaign.pk, 0)
        return campaigns


class ChannelFilterSet(WagtailFilterSet):
    class Meta:
        model = CampaignChannel
        fields = ["campaign", "type"]


class CampaignLinksReport(ExportMixin, ReportView):
    """One row per link: its visits, and what those who came by it signed up, offered and gave."""

    model = CampaignChannel
    permission_policy = ModelPermissionPolicy(CampaignChannel)
    any_permission_required = {"add", "change", "view"}
    page_title = _("What links led to")
    header_icon = "link"
    index_url_name = "campaign_links_report"
    index_results_url_name = "campaign_links_report_results"
    filterset_class = ChannelFilterSet
    default_ordering = "campaign"
    export_filename = "kampanjlankar"
    list_export = [
        "campaign",
        "name",
        "type",
        "code",
        "link",
        "visits",
        "signed_up",
        "offered",
        "handovers",
        "handed_kg",
        "handed_co2e_kg",
    ]
    export_headings = {
        "campaign": _("Campaign"),
        "name": _("Name"),
        "type": _("Kind"),
        "code": _("Code"),
        "link": _("Link"),
        "visits": _("Visits"),
        "signed_up": _("Signed up"),
        "offered": _("Offers"),
        "handovers": _("Handovers"),
        "handed_kg": _("kg"),
        "handed_co2e_kg": _("kg CO2e avoided"),
    }

    @property
    def columns(self):
        return [
            Column("link_name", label=_("Link"), accessor=str),
            Column("campaign", label=_("Campaign"), sort_key="campaign"),
            Column("code", label=_("Code")),
            Column("visits", label=_("Visits"), sort_key="visits"),
            Column("signed_up", label=_("Signed up"), sort_key="signed_up"),
            Column("offered", label=_("Offers"), sort_key="offered"),
            Column("handovers", label=_("Handovers")),
            Column("handed_kg", label=_("kg")),
        ]

    def get_base_queryset(self):
        return CampaignChannel.objects.with_results()

    def decorate_paginated_queryset(self, object_list):
        return add_handovers(list(object_list))
