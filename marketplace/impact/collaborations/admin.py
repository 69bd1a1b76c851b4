"""Collaborations in the admin."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.admin.widgets.button import Button

from marketplace.impact.collaborations.models import Collaboration
from marketplace.organisations.models import Organisation
from marketplace.organisations.scoping import anonymised_name, filter_viewable
from marketplace.roles.permissions import municipalities_for
from portal.foundation.admin.scoped import ScopedViewSet
from portal.foundation.exports.views import ExportIndexView


class CollaborationIndexView(ExportIndexView):
    """List the coordinator's own collaborations; a party elsewhere is anonymous and unlinked."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        rows = context["object_list"]
        keys = filter_viewable(Collaboration.objects.all(), self.request.user).values_list(
            "pk", flat=True
        )
        self.open = set(keys.filter(pk__in=[each.pk for each in rows]))
        limit = municipalities_for(self.request.user)
        # Without a limit every row is open.
        own = set() if limit is None else set(limit.values_list("pk", flat=True))
        for row in rows:
            if row.pk not in self.open:
                row.company = self.shown(row.company, own)
                row.partner = self.shown(row.partner, own)
        return context

    def to_row_dict(self, item: Collaboration) -> dict[str, Any]:
        """Leave out the note of an anonymised row, since it may name the other party."""
        row = super().to_row_dict(item)
        return row if item.pk in self.open else row | {"note": ""}

    def shown(self, organisation: Organisation, own: set[int]) -> Organisation:
        if organisation.municipality_id in own:
            return organisation
        place = organisation.municipality
        return Organisation(name=anonymised_name(place), municipality=place)

    def get_edit_url(self, instance: Collaboration) -> str | None:
        return super().get_edit_url(instance) if instance.pk in self.open else None

    def get_delete_url(self, instance: Collaboration) -> str | None:
        return super().get_delete_url(instance) if instance.pk in self.open else None

    def get_list_buttons(self, instance: Collaboration) -> list[Button]:
        return super().get_list_buttons(instance) if instance.pk in self.open else []


class CollaborationViewSet(ScopedViewSet):
    model = Collaboration
    index_view_class = CollaborationIndexView
    icon = "link"
    menu_label = _("Collaborations")
    menu_name = "collaborations"
    list_display = ["company", "partner", "type", "started_on"]
    list_export = [
        "company",
        "company.municipality",
        "partner",
        "partner.municipality",
        "type",
        "started_on",
        "ended_on",
        "note",
    ]
    export_headings = {
        "company.municipality": _("Municipality of the company"),
        "partner.municipality": _("Municipality of the partner"),
    }
    export_filename = "samarbeten"
    list_filter = ["type"]
    panels = [
        FieldPanel("type"),
        FieldRowPanel([FieldPanel("company"), FieldPanel("partner")]),
        FieldRowPanel([FieldPanel("started_on"), FieldPanel("ended_on")]),
        FieldPanel("note"),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Collaboration]:
        sides = ("company__municipality", "partner__municipality")
        return super().get_queryset(request).select_related(*sides)
