"""The settings that the figures need, in Wagtail's settings menu."""

from django.utils.translation import gettext_lazy as _
from wagtail.snippets.views.snippets import SnippetViewSet

from marketplace.models import CostSharing
from portal.exports import SafeIndexView


class CostSharingViewSet(SnippetViewSet):
    """Cost and key of each year. Its history shows every earlier agreement."""

    model = CostSharing
    icon = "calendar"
    menu_label = _("Cost sharing")
    menu_name = "cost-sharing"
    add_to_settings_menu = True
    list_display = ["year", "cost_sek", "fixed_sek", "basis", "note"]
    index_view_class = SafeIndexView
    list_export = ["year", "cost_sek", "fixed_sek", "basis", "note"]
    export_filename = "kostnadsfordelning"
    inspect_view_enabled = True
