"""How campaigns and newsletters are looked after in Wagtail's admin, beside the pages."""

import django_filters
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column

from inspiration.campaigns.channels import CampaignChannel, CampaignParticipant
from inspiration.campaigns.models import CampaignPage
from portal.foundation import scopes
from portal.foundation.admin.scoped import ScopedViewSet
from portal.foundation.exports.views import ExportIndexView


class ChannelFilterSet(WagtailFilterSet):
    # The translations of a campaign are one campaign: its links belong to the first of them.
    campaign = django_filters.ModelChoiceFilter(
        label=_("Campaign"),
        queryset=lambda request: CampaignPage.objects.filter(channels__isnull=False).distinct(),
    )

    class Meta:
        model = CampaignChannel
        fields = ["campaign", "type"]


class ChannelViewSet(ScopedViewSet):
    """Tagged links. Those of the standard kinds come with the campaign."""

    model = CampaignChannel
    icon = "link"
    menu_label = _("Links")
    menu_name = "campaign-links"
    list_display = [
        "__str__",
        "campaign",
        Column("link", label=_("Address"), accessor="link"),
        Column("visits", label=_("Visits"), accessor="visits"),
    ]
    filterset_class = ChannelFilterSet
    index_view_class = ExportIndexView
    list_export = ["campaign", "name", "type", "code", "link", "visits", "signed_up", "offered"]
    export_filename = "kampanjlankar"
    export_headings = {
        "link": _("Address"),
        "visits": _("Visits"),
        "signed_up": _("Signed up"),
        "offered": _("Offers"),
    }
    search_fields = ["name", "code", "campaign__title"]
    search_backend_name = None
    copy_view_enabled = False

    def get_queryset(self, request):
        return scopes.listed(CampaignChannel.objects.with_results(), request.user)


class ParticipantViewSet(ScopedViewSet):
    """Organisations that take part. Somebody who has telephoned is added by hand."""

    model = CampaignParticipant
    icon = "group"
    menu_label = _("Taking part")
    menu_name = "campaign-participants"
    list_display = [
        "organisation",
        "campaign",
        Column("municipality", label=_("Municipality"), accessor="organisation.municipality"),
        Column("type", label=_("Kind"), accessor="organisation.get_type_display"),
        "channel",
        "created_at",
    ]
    list_filter = ["campaign"]
    index_view_class = ExportIndexView
    list_export = [
        "campaign",
        "organisation",
        "organisation.type",
        "organisation.municipality",
        "organisation.contact_name",
        "organisation.contact_email",
        "signed_up_by",
        "channel",
        "created_at",
    ]
    export_filename = "kampanjdeltagare"
    export_headings = {
        "organisation.type": _("Kind"),
        "organisation.municipality": _("Municipality"),
        "organisation.contact_name": _("Contact"),
        "organisation.contact_email": _("E-mail address"),
    }
    search_fields = ["organisation__name", "campaign__title"]
    search_backend_name = None
    copy_view_enabled = False

    def get_queryset(self, request):
        return (
            super()
            .get_queryset(request)
            .select_related("campaign", "channel", "organisation__municipality", "signed_up_by")
        )
