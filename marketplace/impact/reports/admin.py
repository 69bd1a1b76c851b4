"""The settings that the figures need, in Wagtail's settings menu."""

from django.utils.translation import gettext_lazy as _

from marketplace.impact.costs.models import CostSharing
from portal.foundation.admin.scoped import ScopedViewSet
from portal.foundation.exports.views import ExportIndexView


class CostSharingViewSet(ScopedViewSet):
    """Cost and key of each year. Its history shows every earlier agreement."""

    model = CostSharing
    icon = "calendar"
    menu_label = _("Cost sharing")
    menu_name = "cost-sharing"
    add_to_settings_menu = True
    list_display = ["year", "cost_sek", "fixed_sek", "basis", "note"]
    index_view_class = ExportIndexView
    list_export = ["year", "cost_sek", "fixed_sek", "basis", "note"]
    export_filename = "kostnadsfordelning"
    inspect_view_enabled = True
