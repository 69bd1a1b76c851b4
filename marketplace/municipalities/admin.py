"""Municipalities in the admin."""

from django.utils.translation import gettext_lazy as _

from marketplace.municipalities.models import Municipality
from portal.foundation.admin.scoped import ScopedViewSet
from portal.foundation.exports.views import ExportIndexView


class MunicipalityIndexView(ExportIndexView):
    export_totals = ("population",)


class MunicipalityViewSet(ScopedViewSet):
    model = Municipality
    icon = "site"
    menu_label = _("Municipalities")
    menu_name = "municipalities"
    list_display = ["name", "code", "population"]
    index_view_class = MunicipalityIndexView
    list_export = ["name", "code", "population"]
    export_filename = "kommuner"
