"""Records that nobody edits as content: looked at, filtered and exported, never changed by hand."""

from django.contrib import admin
from django.contrib.admin.utils import label_for_field, unquote
from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _
from post_office.models import Email
from wagtail.admin.paginator import WagtailPaginator
from wagtail.admin.staticfiles import versioned_static
from wagtail_modeladmin.helpers import ButtonHelper, PermissionHelper
from wagtail_modeladmin.options import ModelAdmin, ModelAdminGroup
from wagtail_modeladmin.views import IndexView, InspectView

from marketplace.figures import FIGURES
from marketplace.models import ClimateFactor, Handover, Note, Reservation
from marketplace.permissions import municipalities_for
from marketplace.scoping import elsewhere, name_for
from marketplace.templatetags.figures import figure
from portal.exports import SafeExport


class ReadOnly(PermissionHelper):
    """Look, do not touch."""

    def user_can_create(self, user):
        return False

    def user_can_edit_obj(self, user, obj):
        return False

    def user_can_delete_obj(self, user, obj):
        return False

    def user_can_list(self, user):
        return self.user_has_specific_permission(user, self.get_perm_codename("view"))

    def user_can_inspect_obj(self, user, obj):
        return self.inspect_view_enabled and self.user_can_list(user)


class CorrectButton(ButtonHelper):
    """A way to correct a handover beside each that still holds."""

    def get_buttons_for_obj(self, obj, exclude=None, classnames_add=None, classnames_exclude=None):
        buttons = super().get_buttons_for_obj(obj, exclude, classnames_add, classnames_exclude)
        stands = obj.reverses_id is None and not hasattr(obj, "reversed_by")
        if stands and self.request.user.has_perm("marketplace.add_handover"):
            buttons.append(
                {
                    "url": reverse("correct_handover", args=[obj.pk]),
                    "label": _("Correct"),
                    "classname": self.finalise_classname(["button-secondary"]),
                    "title": _("Correct this handover"),
                }
            )
        return buttons


class NarrowPaginator(WagtailPaginator):
    """Sorts keys alone, and fetches the rows of one page: the rows are wide and there are many."""

    def _get_page(self, rows, *args, **kwargs):
        if isinstance(rows, QuerySet):
            keys = list(rows.values_list("pk", flat=True))
            rows = self.object_list.filter(pk__in=keys)
        return super()._get_page(rows, *args, **kwargs)


class RecordIndexView(SafeExport, IndexView):
    """A list that can be asked by its own filters only.

    modeladmin takes any `?field__lookup=` of the address for a filter, and so lets its reader
    guess at what the list does not show.
    """

    paginator_class = NarrowPaginator

    def get_filters(self, request):
        specs, has_filters, _others, distinct = super().get_filters(request)
        return specs, has_filters, {}, distinct


class RecordInspectView(InspectView):
    """One row, read in the same words as in the list."""

    def dispatch(self, request, *args, **kwargs):
        rows = self.model_admin.get_queryset(request)
        self.instance = get_object_or_404(rows, pk=self.instance_pk)
        return super().dispatch(request, *args, **kwargs)

    def get_page_subtitle(self):
        return self.model_admin.title(self.instance)

    def get_field_label(self, field_name, field=None):
        return label_for_field(field_name, model=self.model, model_admin=self.model_admin)

    def get_field_display_value(self, field_name, field=None):
        shown = getattr(self.model_admin, field_name, None)
        if shown is not None:
            return shown(self.instance)
        return super().get_field_display_value(field_name, field)


class Records(ModelAdmin):
    """Rows to look at, filter and export."""

    permission_helper_class = ReadOnly
    index_view_class = RecordIndexView
    inspect_view_class = RecordInspectView
    inspect_view_enabled = True
    # Nobody changes a record, so there is no history; modeladmin would show it to all staff.
    history_view_enabled = False
    list_per_page = 50

    def get_index_view_extra_css(self):
        return [versioned_static("portal/css/admin-records.css")]

    def title(self, row):
        """What one row is called at the head of its page."""
        return str(row)

    def inspect_view(self, request, instance_pk):
        if not unquote(instance_pk).isdecimal():
            raise Http404
        return super().inspect_view(request, instance_pk)


class MunicipalRecords(Records):
    """A coordinator sees those that touch the own municipality, and its organisations' names."""

    def get_queryset(self, request):
        queryset = self.named(super().get_queryset(request), request.user)
        own = municipalities_for(request.user)
        return queryset if own is None else self.in_municipalities(queryset, own)


class ReservationAdmin(MunicipalRecords):
    model = Reservation
    menu_label = _("Reservations")
    menu_icon = "date"
    list_display = (
        "listing",
        "receiver",
        "state",
        "requested_quantity",
        "accepted_quantity",
        "pickup_at",
        "created_at",
    )
    list_filter = ("state", "created_at")
    search_fields = ("listing__title", "receiver_name", "giver_name")
    list_export = (
        "pk",
        "listing",
        "giver",
        "receiver",
        "state",
        "requested_quantity",
        "accepted_quantity",
        "created_at",
        "closed_at",
    )
    inspect_view_fields = (
        "listing",
        "giver",
        "receiver",
        "asked_by",
        "state",
        "requested_quantity",
        "accepted_quantity",
        "purpose",
        "pickup_at",
        "pickup_until",
        "pickup_agreed_at",
        "closing_note",
        "created_at",
        "accepted_at",
        "closed_at",
    )
    list_select_related = ("listing__organisation__municipality", "organisation__municipality")

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
        return row.giver_name or elsewhere(row.giver.municipality)

    @admin.display(description=_("Receiver"), ordering="receiver_name")
    def receiver(self, row):
        return row.receiver_name or elsewhere(row.organisation.municipality)

    @admin.display(description=_("Asked by"))
    def asked_by(self, row):
        return (row.receiver_name and row.created_by) or "–"


class HandoverAdmin(MunicipalRecords):
    model = Handover
    menu_label = _("Handovers")
    menu_icon = "tasks"
    button_helper_class = CorrectButton
    list_display = (
        "handed_over_on",
        "from_giver",
        "to_receiver",
        "category",
        "mass",
        "climate",
        "avoided",
        "reason",
    )
    list_filter = ("handed_over_on", "receiver_municipality", "would_have_bought")
    search_fields = ("listing__title", "giver_name", "receiver_name")
    list_export = (
        "pk",
        "handed_over_on",
        "from_giver",
        "giver_municipality",
        "to_receiver",
        "receiver_municipality",
        "category",
        "quantity",
        "unit",
        "mass_kg",
        "kgco2e_per_kg",
        "co2e_kg",
        "sek_per_kg",
        "value_sek",
        "would_have_bought",
        "purchase_avoided_sek",
        "factor_source",
        "factor_source_year",
        "reverses_id",
        "replaces_id",
        "reason",
        "who",
        "recorded_at",
    )
    inspect_view_fields = (
        "handed_over_on",
        "listing",
        "category",
        "from_giver",
        "giver_municipality",
        "to_receiver",
        "receiver_municipality",
        "quantity",
        "unit",
        "mass_kg",
        "kgco2e_per_kg",
        "co2e_kg",
        "sek_per_kg",
        "value_sek",
        "factor_source",
        "factor_source_year",
        "would_have_bought",
        "stated_cost_sek",
        "purchase_avoided_sek",
        "trace",
        "reason",
        "who",
        "recorded_at",
    )
    list_select_related = (
        "category",
        "giver_municipality",
        "receiver_municipality",
        "recorded_by",
        "reversed_by",
    )

    @staticmethod
    def named(queryset, user):
        return queryset.annotate(
            giver_name=name_for(user, "giver", "giver_municipality", "giver__municipality"),
            receiver_name=name_for(
                user, "receiver", "receiver_municipality", "receiver__municipality"
            ),
        )

    @staticmethod
    def in_municipalities(queryset, municipalities):
        return queryset.touching(municipalities)

    def title(self, row):
        return _("%(day)s: %(giver)s → %(receiver)s, %(mass)s") % {
            "day": date_format(row.handed_over_on, "Y-m-d"),
            "giver": self.from_giver(row),
            "receiver": self.to_receiver(row),
            "mass": figure(row.mass_kg, "mass_kg"),
        }

    @admin.display(description=_("Giver"), ordering="giver_name")
    def from_giver(self, row):
        return row.giver_name or elsewhere(row.giver_municipality)

    @admin.display(description=_("Receiver"), ordering="receiver_name")
    def to_receiver(self, row):
        return row.receiver_name or elsewhere(row.receiver_municipality)

    @admin.display(description=_("source of the factor"), ordering="factor_source")
    def factor_source(self, row):
        return ClimateFactor(source=row.factor_source).source_name

    @admin.display(description=FIGURES["mass_kg"].name, ordering="mass_kg")
    def mass(self, row):
        return figure(row.mass_kg, "mass_kg")

    @admin.display(description=FIGURES["co2e_kg"].name, ordering="co2e_kg")
    def climate(self, row):
        return figure(row.co2e_kg, "co2e_kg")

    @admin.display(
        description=FIGURES["purchase_avoided_sek"].name, ordering="purchase_avoided_sek"
    )
    def avoided(self, row):
        return figure(row.purchase_avoided_sek, "purchase_avoided_sek")

    @admin.display(description=_("Recorded by"))
    def who(self, row):
        """Corrections are made by the portal's own people; the rest by either side's."""
        known = row.reason or (row.giver_name and row.receiver_name)
        return (known and row.recorded_by) or "–"

    @admin.display(description=_("Corrections"))
    def trace(self, row):
        """What this row takes away or stands for, and what has been done to it, with links."""
        others = [
            (_("Reverses %(row)s"), row.reverses),
            (_("Replaces %(row)s"), row.replaces),
            (_("Reversed by %(row)s"), getattr(row, "reversed_by", None)),
            (_("Replaced by %(row)s"), getattr(row, "replaced_by", None)),
        ]
        links = [
            (words % {"row": f"#{other.pk}"}, self.url_helper.get_action_url("inspect", other.pk))
            for words, other in others
            if other
        ]
        return format_html_join(", ", '<a href="{1}">{0}</a>', links) or "–"


class NoteAdmin(MunicipalRecords):
    """Thanks and problems after handovers."""

    model = Note
    menu_label = _("Thanks and problems")
    menu_icon = "comment"
    list_display = ("created_at", "kind", "by_organisation", "about", "text")
    list_filter = ("kind", "created_at")
    search_fields = ("text", "writer_name", "reservation__listing__title")
    inspect_view_fields = ("created_at", "kind", "by_organisation", "person", "about", "text")
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
        return row.writer_name or elsewhere(row.organisation.municipality)

    @admin.display(description=_("Written by"))
    def person(self, row):
        return (row.writer_name and row.author) or "–"

    @admin.display(description=_("Material"), ordering="reservation__listing__title")
    def about(self, row):
        address = reverse("marketplace_reservation_modeladmin_inspect", args=[row.reservation_id])
        return format_html('<a href="{}">{}</a>', address, row.reservation.listing)


class EmailAdmin(Records):
    """Mail that the portal has sent or tries to send."""

    model = Email
    menu_label = _("Sent mail")
    menu_icon = "mail"
    inspect_view_fields = ("to", "subject", "message", "status", "created", "last_updated")
    list_display = ("created", "to", "subject", "status", "number_of_retries")
    list_filter = ("status", "created")
    search_fields = ("subject", "to")


class LedgerGroup(ModelAdminGroup):
    menu_label = _("Handed over")
    menu_icon = "tasks"
    menu_order = 115
    items = (ReservationAdmin, HandoverAdmin, NoteAdmin, EmailAdmin)
