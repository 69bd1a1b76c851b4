"""Reservations in the admin: read-only."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from marketplace.exchange.reservations.models import Reservation
from marketplace.materials.units import format_quantity
from marketplace.organisations.scoped_views import MunicipalRecords
from marketplace.organisations.scoping import anonymised_name, name_for


class ReservationAdmin(MunicipalRecords):
    model = Reservation
    menu_label = _("Reservations")
    menu_icon = "date"
    list_display = (
        "listing",
        "receiver",
        "state",
        "asked_for",
        "promised",
        "pickup_at",
        "created_at",
    )
    list_filter = ("state", "created_at")
    search_fields = ("listing__title", "receiver_name", "giver_name")
    export_filename = "bokningar"
    list_export = (
        "pk",
        "listing",
        "giver",
        "receiver",
        "state",
        "requested_quantity",
        "accepted_quantity",
        "unit",
        "pickup_at",
        "created_at",
        "closed_at",
    )
    inspect_view_fields = (
        "listing",
        "giver",
        "receiver",
        "asked_by",
        "state",
        "asked_for",
        "promised",
        "purpose",
        "pickup_at",
        "pickup_until",
        "pickup_agreed_at",
        "closing_note",
        "created_at",
        "accepted_at",
        "closed_at",
    )
    list_select_related = (
        "listing__stock",
        "listing__organisation__municipality",
        "organisation__municipality",
    )

    @staticmethod
    def named(queryset, user):
        giver, receiver = "listing__organisation", "organisation"
        return queryset.annotate(
            giver_name=name_for(user, giver, f"{giver}__municipality"),
            receiver_name=name_for(user, receiver, f"{receiver}__municipality"),
        )

    @staticmethod
    def in_municipalities(queryset, municipalities):
        return queryset.in_municipalities(municipalities)

    def title(self, row):
        return row.listing

    @admin.display(description=_("Giver"), ordering="giver_name")
    def giver(self, row):
        return row.giver_name or anonymised_name(row.giver.municipality)

    @admin.display(description=_("Receiver"), ordering="receiver_name")
    def receiver(self, row):
        return row.receiver_name or anonymised_name(row.organisation.municipality)

    @admin.display(description=_("Asked for"), ordering="requested_quantity")
    def asked_for(self, row):
        return format_quantity(row.requested_quantity, row.listing.stock.unit)

    @admin.display(description=_("Confirmed"), ordering="accepted_quantity")
    def promised(self, row):
        if row.accepted_quantity is None:
            return "–"
        return format_quantity(row.accepted_quantity, row.listing.stock.unit)

    @admin.display(description=_("Unit"))
    def unit(self, row):
        return row.listing.stock.get_unit_display()

    @admin.display(description=_("Asked by"))
    def asked_by(self, row):
        return (row.receiver_name and row.created_by) or "–"
