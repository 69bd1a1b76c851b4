"""The log of removals in the admin."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic import IndexView
from wagtail.admin.viewsets.model import ModelViewSet

from portal.foundation.exports.views import ExportMixin
from portal.foundation.privacy.rules import RULES
from portal.site.retention.models import RetentionRun


class RetentionIndexView(ExportMixin, IndexView):
    export_totals = ("removed",)

    def to_row_dict(self, item):
        return {"ran_at": item.ran_at, "what": rule_text(item.rule), "removed": item.removed}


class RetentionRunViewSet(ModelViewSet):
    """What the nightly job has removed, rule by rule."""

    model = RetentionRun
    name = "retention"
    icon = "bin"
    menu_label = _("Removed by age")
    menu_name = "retention"
    add_to_settings_menu = True
    form_fields = ["rule"]
    list_display = [
        "ran_at",
        Column("what", label=_("What"), accessor=lambda run: rule_text(run.rule)),
        "removed",
    ]
    list_filter = ["rule", "ran_at"]
    index_view_class = RetentionIndexView
    list_export = ["ran_at", "what", "removed"]
    export_headings = {"what": _("What")}
    export_filename = "gallring"
    inspect_view_enabled = True
    list_per_page = 50


def rule_text(key):
    return RULES[key].what if key in RULES else key
