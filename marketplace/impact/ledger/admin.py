"""The ledger of handovers in the admin: read-only."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, TypeAlias, TypedDict

from django.contrib import admin
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _
from wagtail_modeladmin.helpers import ButtonHelper

from marketplace.exchange.handovers.models import Handover, HandoverQuerySet
from marketplace.exchange.handovers.permissions import can_correct_handover
from marketplace.impact.figures.definitions import FIGURES
from marketplace.impact.figures.formatting import figure
from marketplace.materials.models import ClimateFactor
from marketplace.municipalities.models import Municipality
from marketplace.organisations.scoped_views import MunicipalRecords
from marketplace.organisations.scoping import anonymised_name, name_for
from portal.foundation.text_types import StrOrPromise
from portal.foundation.users.models import User


class Names(TypedDict):
    """The names the user may see; "" for an organisation of another municipality."""

    giver_name: str
    receiver_name: str


if TYPE_CHECKING:
    # Installed for development only.
    from django_stubs_ext import WithAnnotations

    NamedHandover: TypeAlias = WithAnnotations[Handover, Names]
else:
    NamedHandover = Handover


class CorrectButton(ButtonHelper):
    """Add a button for correcting a handover, unless it has been reversed."""

    def get_buttons_for_obj(
        self,
        obj: Handover,
        exclude: list[str] | None = None,
        classnames_add: list[str] | None = None,
        classnames_exclude: list[str] | None = None,
    ) -> list[dict[str, Any]]:
        buttons = super().get_buttons_for_obj(obj, exclude, classnames_add, classnames_exclude)
        stands = obj.reverses_id is None and not hasattr(obj, "reversed_by")
        if stands and can_correct_handover(self.request.user, obj):
            buttons.append(
                {
                    "url": reverse("correct_handover", args=[obj.pk]),
                    "label": _("Correct"),
                    "classname": self.finalise_classname(["button-secondary"]),
                    "title": _("Correct this handover"),
                }
            )
        return buttons


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
        "recalled",
    )
    list_filter = ("handed_over_on", "receiver_municipality", "would_have_bought")
    search_fields = ("listing__title", "giver_name", "receiver_name")
    export_filename = "overlamningar"
    export_totals = ("mass_kg", "co2e_kg", "value_sek", "purchase_avoided_sek")
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
        "recalled",
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
        "recalled",
        "reason",
        "who",
        "recorded_at",
    )
    list_select_related = (
        "category",
        "listing__recall",
        "giver_municipality",
        "receiver_municipality",
        "recorded_by",
        "reversed_by",
    )

    @staticmethod
    def named(queryset: HandoverQuerySet, user: User) -> HandoverQuerySet:
        return queryset.annotate(
            giver_name=name_for(user, "giver", "giver_municipality", "giver__municipality"),
            receiver_name=name_for(
                user, "receiver", "receiver_municipality", "receiver__municipality"
            ),
        )

    @staticmethod
    def in_municipalities(
        queryset: HandoverQuerySet, municipalities: Iterable[Municipality]
    ) -> HandoverQuerySet:
        return queryset.touching(municipalities)

    def title(self, row: NamedHandover) -> str:
        return _("%(day)s: %(giver)s → %(receiver)s, %(mass)s") % {
            "day": date_format(row.handed_over_on, "Y-m-d"),
            "giver": self.from_giver(row),
            "receiver": self.to_receiver(row),
            "mass": figure(row.mass_kg, "mass_kg"),
        }

    @admin.display(description=_("Giver"), ordering="giver_name")
    def from_giver(self, row: NamedHandover) -> str:
        return row.giver_name or anonymised_name(row.giver_municipality)

    @admin.display(description=_("Receiver"), ordering="receiver_name")
    def to_receiver(self, row: NamedHandover) -> str:
        return row.receiver_name or anonymised_name(row.receiver_municipality)

    @admin.display(description=_("source of the factor"), ordering="factor_source")
    def factor_source(self, row: Handover) -> StrOrPromise:
        return ClimateFactor.in_words(row.factor_source)

    @admin.display(description=FIGURES["mass_kg"].name, ordering="mass_kg")
    def mass(self, row: Handover) -> str:
        return figure(row.mass_kg, "mass_kg")

    @admin.display(description=FIGURES["co2e_kg"].name, ordering="co2e_kg")
    def climate(self, row: Handover) -> str:
        return figure(row.co2e_kg, "co2e_kg")

    @admin.display(
        description=FIGURES["purchase_avoided_sek"].name, ordering="purchase_avoided_sek"
    )
    def avoided(self, row: Handover) -> str:
        return figure(row.purchase_avoided_sek, "purchase_avoided_sek")

    @admin.display(description=_("Recall"))
    def recalled(self, row: Handover) -> str:
        """Say when the material was recalled; "" if it was not."""
        recall = getattr(row.listing, "recall", None)
        if recall is None:
            return ""
        return _("Recalled %(day)s") % {
            "day": date_format(timezone.localtime(recall.recalled_at), "Y-m-d")
        }

    @admin.display(description=_("Recorded by"))
    def who(self, row: NamedHandover) -> User | str:
        """Name who recorded it, unless they may belong to an organisation the user cannot see."""
        known = row.reason or (row.giver_name and row.receiver_name)
        return (known and row.recorded_by) or "–"

    @admin.display(description=_("Corrections"))
    def trace(self, row: Handover) -> str:
        """Link to the rows that this one reverses or replaces, or that reverse or replace it."""
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
