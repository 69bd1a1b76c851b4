"""The audit trail in Wagtail's admin: read, filtered and exported, never written."""

import django_filters
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic import IndexView
from wagtail.admin.viewsets.model import ModelViewSet

from portal.foundation.audit.models import AuditEvent
from portal.foundation.audit.services import EventType
from portal.foundation.exports.views import ExportMixin


class AuditFilters(WagtailFilterSet):
    at = django_filters.DateFromToRangeFilter(label=_("When"), widget=DateRangePickerWidget)
    type = django_filters.MultipleChoiceFilter(choices=EventType.choices, label=_("What"))
    actor = django_filters.NumberFilter(label=_("Who (account number)"))

    class Meta:
        model = AuditEvent
        fields = ["at", "type", "actor", "organisation"]


class AuditIndexView(ExportMixin, IndexView):
    """The list, which names people that have typed their names themselves."""

    def paginate_queryset(self, queryset, page_size):
        paginator, page, _rows, is_paginated = super().paginate_queryset(queryset, page_size)
        page.object_list = rows = list(page.object_list)
        AuditEvent.name_together(rows)
        return paginator, page, rows, is_paginated


class AuditViewSet(ModelViewSet):
    model = AuditEvent
    name = "audit"
    icon = "history"
    menu_label = _("Audit trail")
    menu_name = "audit"
    add_to_settings_menu = True
    form_fields = ["organisation"]
    index_view_class = AuditIndexView
    filterset_class = AuditFilters
    list_display = [
        "at",
        Column("type", label=_("What"), accessor="get_type_display", sort_key="type"),
        Column("who", label=_("Who"), accessor="who"),
        Column("acted_for", label=_("For"), accessor="acted_for"),
        Column("about", label=_("About"), accessor="about"),
        Column("more", label=_("Detail"), accessor="more"),
    ]
    list_export = ["at", "get_type_display", "who", "acted_for", "about", "more"]
    export_headings = {
        "get_type_display": _("What"),
        "who": _("Who"),
        "acted_for": _("For"),
        "about": _("About"),
        "more": _("Detail"),
    }
    export_filename = "audit-trail"
    list_per_page = 50
    inspect_view_enabled = False
