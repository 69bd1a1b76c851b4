"""Recalls in the admin: read-only."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from marketplace.offers.recalls.models import Recall
from marketplace.organisations.scoped_views import MunicipalRecords
from marketplace.organisations.scoping import anonymised_name, name_for


class RecallAdmin(MunicipalRecords):
    """What nobody is to use any longer, and how many were told."""

    model = Recall
    menu_label = _("Recalls")
    menu_icon = "warning"
    list_display = ("recalled_at", "listing", "from_giver", "receivers", "reason")
    list_export = ("recalled_at", "listing", "from_giver", "receivers", "reason")
    export_filename = "aterkallat"
    list_filter = ("recalled_at",)
    search_fields = ("listing__title", "reason", "giver_name")
    inspect_view_fields = ("recalled_at", "listing", "from_giver", "receivers", "reason")
    list_select_related = ("listing__organisation__municipality",)

    @staticmethod
    def named(queryset, user):
        return queryset.annotate(
            giver_name=name_for(
                user, "listing__organisation", "listing__organisation__municipality"
            )
        )

    @staticmethod
    def in_municipalities(queryset, municipalities):
        return queryset.filter(listing__organisation__municipality__in=municipalities)

    @admin.display(description=_("Giver"), ordering="giver_name")
    def from_giver(self, row):
        return row.giver_name or anonymised_name(row.listing.organisation.municipality)
