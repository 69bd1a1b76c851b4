"""Hubs in the admin: coordinators set up those of their municipality."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column

from marketplace.hubs.models import Hub
from portal.foundation.admin.columns import YesNoColumn
from portal.foundation.admin.scoped import ScopedViewSet


class HubViewSet(ScopedViewSet):
    """Where a hub is, who looks after it, and when it is open."""

    model = Hub
    icon = "home"
    menu_label = _("Hubs")
    menu_name = "hubs"
    list_display = [
        "name",
        "organisation",
        Column("municipality", label=_("Municipality"), accessor="organisation.municipality"),
        YesNoColumn("is_active", label=_("in use")),
    ]
    search_fields = ["name", "town"]
    search_backend_name = None
    copy_view_enabled = False

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("organisation__municipality")
