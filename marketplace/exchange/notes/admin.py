"""Thanks and reported problems in the admin: read-only."""

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from marketplace.exchange.notes.models import Note
from marketplace.organisations.scoped_views import MunicipalRecords
from marketplace.organisations.scoping import anonymised_name, name_for


class NoteAdmin(MunicipalRecords):
    """Thanks and problems after handovers."""

    model = Note
    menu_label = _("Thanks and problems")
    menu_icon = "comment"
    list_display = ("created_at", "type", "by_organisation", "about", "text", "handled_at")
    list_export = ("created_at", "type", "by_organisation", "about", "text", "handled_at")
    export_filename = "tack-och-problem"
    list_filter = ("type", "created_at")
    search_fields = ("text", "writer_name", "reservation__listing__title")
    inspect_view_fields = (
        "created_at",
        "type",
        "by_organisation",
        "person",
        "about",
        "text",
        "handled_at",
    )
    list_select_related = ("organisation__municipality", "reservation__listing")

    @staticmethod
    def named(queryset, user):
        return queryset.annotate(
            writer_name=name_for(user, "organisation", "organisation__municipality")
        )

    @staticmethod
    def in_municipalities(queryset, municipalities):
        return queryset.in_municipalities(municipalities)

    @admin.display(description=_("From"), ordering="writer_name")
    def by_organisation(self, row):
        return row.writer_name or anonymised_name(row.organisation.municipality)

    @admin.display(description=_("Written by"))
    def person(self, row):
        return (row.writer_name and row.author) or "–"

    @admin.display(description=_("Material"), ordering="reservation__listing__title")
    def about(self, row):
        address = reverse("marketplace_reservation_modeladmin_inspect", args=[row.reservation_id])
        return format_html('<a href="{}">{}</a>', address, row.reservation.listing)
