"""Municipalities in the admin."""

from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column

from marketplace.municipalities.models import Municipality
from portal.foundation.admin.scoped import ScopedViewSet
from portal.foundation.exports.views import ExportIndexView


class MunicipalityIndexView(ExportIndexView):
    export_totals = ("population",)


class PopulationColumn(Column):
    def get_value(self, instance: Municipality) -> str:
        return number_format(instance.population, use_l10n=True, force_grouping=True)


class MunicipalityViewSet(ScopedViewSet):
    model = Municipality
    icon = "site"
    menu_label = _("Municipalities")
    menu_name = "municipalities"
    list_display = ["name", "code", PopulationColumn("population", sort_key="population")]
    index_view_class = MunicipalityIndexView
    list_export = ["name", "code", "population"]
    export_filename = "kommuner"
