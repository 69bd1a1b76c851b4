"""Reported purchases in the admin: read-only, except for corrections with a reason."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html_join
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from wagtail_modeladmin.helpers import ButtonHelper

from marketplace.impact.figures.formatting import figure
from marketplace.impact.purchases.models import PurchaseReport, PurchaseReportQuerySet
from marketplace.impact.purchases.permissions import can_correct_purchase
from marketplace.municipalities.models import Municipality
from marketplace.organisations.scoped_views import MunicipalRecords


class CorrectButton(ButtonHelper):
    """Add a button for correcting a purchase to each row."""

    def get_buttons_for_obj(
        self,
        obj: PurchaseReport,
        exclude: list[str] | None = None,
        classnames_add: list[str] | None = None,
        classnames_exclude: list[str] | None = None,
    ) -> list[dict[str, Any]]:
        buttons = super().get_buttons_for_obj(obj, exclude, classnames_add, classnames_exclude)
        if can_correct_purchase(self.request.user, obj):
            buttons.append(
                {
                    "url": reverse("correct_purchase", args=[obj.pk]),
                    "label": _("Correct"),
                    "classname": self.finalise_classname(["button-secondary"]),
                    "title": _("Correct this purchase"),
                }
            )
        return buttons


class PurchaseReportAdmin(MunicipalRecords):
    model = PurchaseReport
    menu_label = _("Reported purchases")
    menu_icon = "doc-full"
    button_helper_class = CorrectButton
    list_display = ("organisation", "when", "category", "mass", "cost", "reported_at")
    list_filter = ("year", "term", "municipality")
    search_fields = ("organisation__name",)
    ordering = ("-year", "term", "-pk")
    list_select_related = ("organisation", "municipality", "category")
    export_filename = "inkop"
    export_totals = ("mass_kg", "cost_sek")
    list_export = (
        "pk",
        "organisation",
        "municipality",
        "year",
        "term",
        "category",
        "mass_kg",
        "mass_estimated",
        "cost_sek",
        "cost_estimated",
        "reported_at",
    )
    inspect_view_fields = (
        "organisation",
        "municipality",
        "when",
        "category",
        "mass",
        "mass_estimated",
        "cost",
        "cost_estimated",
        "reported_at",
        "trace",
    )

    @staticmethod
    def in_municipalities(
        queryset: PurchaseReportQuerySet, municipalities: Iterable[Municipality]
    ) -> PurchaseReportQuerySet:
        return queryset.reported_in(municipalities)

    @admin.display(description=_("Term"), ordering="year")
    def when(self, row: PurchaseReport) -> str:
        return f"{row.get_term_display()} {row.year}"

    @admin.display(description=_("Kilograms"), ordering="mass_kg")
    def mass(self, row: PurchaseReport) -> str:
        return figure(row.mass_kg, "mass_kg")

    @admin.display(description=_("Cost"), ordering="cost_sek")
    def cost(self, row: PurchaseReport) -> str:
        return figure(row.cost_sek, "value_sek")

    @admin.display(description=_("Corrections"))
    def trace(self, row: PurchaseReport) -> str:
        """List the values before each correction, and the reasons."""
        lines = [
            (
                date_format(localtime(each.corrected_at), "Y-m-d"),
                figure(each.mass_kg_before, "mass_kg"),
                figure(each.cost_sek_before, "value_sek"),
                each.corrected_by or _("somebody who has left"),
                each.reason,
            )
            for each in row.corrections.select_related("corrected_by")
        ]
        return format_html_join("", "<p>{}: {}, {} ({}: {})</p>", lines) or "–"
