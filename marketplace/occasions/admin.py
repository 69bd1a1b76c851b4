"""Bookings in the admin: looked at and exported; organisations change their own."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from marketplace.occasions.models import Booking
from marketplace.organisations.scoped_views import MunicipalRecords
from marketplace.organisations.scoping import anonymised_name, name_for


class BookingAdmin(MunicipalRecords):
    """Who comes to what, and who stands in line: the list for the door."""

    model = Booking
    menu_label = _("Booked places")
    menu_icon = "date"
    list_display = ("occasion", "who", "people", "state", "created_at")
    list_export = ("occasion", "who", "people", "state", "created_at")
    export_filename = "bokade-platser"
    list_filter = ("state", "occasion__starts_at")
    search_fields = ("occasion__title", "booker_name")
    inspect_view_fields = ("occasion", "who", "person", "people", "state", "created_at")
    list_select_related = ("occasion", "organisation__municipality")

    @staticmethod
    def named(queryset, user):
        return queryset.annotate(
            booker_name=name_for(user, "organisation", "organisation__municipality")
        )

    @staticmethod
    def in_municipalities(queryset, municipalities):
        return queryset.filter(organisation__municipality__in=municipalities)

    @admin.display(description=_("Organisation"), ordering="booker_name")
    def who(self, row):
        return row.booker_name or anonymised_name(row.organisation.municipality)

    @admin.display(description=_("Booked by"))
    def person(self, row):
        return (row.booker_name and row.created_by) or "–"
