"""Records that nobody edits as content: looked at, filtered and exported, never changed by hand."""

from django.contrib.admin.utils import unquote
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from post_office.models import Email
from wagtail.admin.staticfiles import versioned_static
from wagtail_modeladmin.helpers import ButtonHelper, PermissionHelper
from wagtail_modeladmin.options import ModelAdmin, ModelAdminGroup

from marketplace.models import Handover, Note, Reservation
from marketplace.permissions import municipalities_for


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


class Records(ModelAdmin):
    """Rows to look at, filter and export."""

    permission_helper_class = ReadOnly
    inspect_view_enabled = True
    list_per_page = 50

    def get_index_view_extra_css(self):
        return [versioned_static("portal/css/admin-records.css")]


class MunicipalRecords(Records):
    """A coordinator sees those that touch the own municipality."""

    def get_queryset(self, request):
        queryset = super().get_queryset(request)
        own = municipalities_for(request.user)
        return queryset if own is None else self.in_municipalities(queryset, own)

    def inspect_view(self, request, instance_pk):
        # modeladmin looks the row up among all of them.
        get_object_or_404(self.get_queryset(request), pk=unquote(instance_pk))
        return super().inspect_view(request, instance_pk)


class ReservationAdmin(MunicipalRecords):
    model = Reservation
    menu_label = _("Reservations")
    menu_icon = "date"
    list_display = (
        "listing",
        "organisation",
        "state",
        "requested_quantity",
        "accepted_quantity",
        "pickup_at",
        "created_at",
    )
    list_filter = ("state", "created_at")
    search_fields = ("listing__title", "organisation__name", "listing__organisation__name")
    list_export = (
        "pk",
        "listing",
        "giver",
        "organisation",
        "state",
        "requested_quantity",
        "accepted_quantity",
        "created_at",
        "closed_at",
    )
    list_select_related = ("listing__organisation", "organisation")

    @staticmethod
    def in_municipalities(queryset, municipalities):
        return queryset.in_municipalities(municipalities)


class HandoverAdmin(MunicipalRecords):
    model = Handover
    menu_label = _("Handovers")
    menu_icon = "tasks"
    button_helper_class = CorrectButton
    list_display = (
        "handed_over_on",
        "giver",
        "receiver",
        "category",
        "mass_kg",
        "co2e_kg",
        "purchase_avoided_sek",
        "reason",
    )
    list_filter = ("handed_over_on", "receiver_municipality", "would_have_bought")
    search_fields = ("listing__title", "giver__name", "receiver__name")
    list_export = (
        "pk",
        "handed_over_on",
        "giver",
        "giver_municipality",
        "receiver",
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
        "reason",
    )
    list_select_related = (
        "giver",
        "receiver",
        "category",
        "giver_municipality",
        "receiver_municipality",
        "reversed_by",
    )

    @staticmethod
    def in_municipalities(queryset, municipalities):
        return queryset.touching(municipalities)


class NoteAdmin(MunicipalRecords):
    """Thanks and problems after handovers."""

    model = Note
    menu_label = _("Thanks and problems")
    menu_icon = "comment"
    list_display = ("created_at", "kind", "organisation", "reservation", "text")
    list_filter = ("kind", "created_at")
    search_fields = ("text", "organisation__name", "reservation__listing__title")
    list_select_related = (
        "organisation",
        "reservation__organisation",
        "reservation__listing",
    )

    @staticmethod
    def in_municipalities(queryset, municipalities):
        return queryset.in_municipalities(municipalities)


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
