"""Reports on handovers."""

from collections.abc import Collection
from decimal import Decimal

from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from marketplace.impact import figures
from marketplace.impact.figures.climate import together
from marketplace.impact.figures.figure import Values
from marketplace.impact.figures.ledger import AMOUNTS
from marketplace.impact.figures.parties import PARTIES
from marketplace.impact.reports.base import FigureReport, Row
from marketplace.materials.models import MaterialCategory
from marketplace.organisations.models import Organisation
from marketplace.organisations.scoping import anonymised_name
from marketplace.roles.permissions import figure_municipalities
from portal.foundation.collation import swedish_order

# The sums over the ledger, with the climate effect net right after it gross.
LEDGER_KEYS = [
    key
    for amount in AMOUNTS
    for key in ([amount, *figures.CLIMATE_KEYS] if amount == "co2e_kg" else [amount])
]


def with_climate(sums: Values, climate: figures.Climate | None) -> Values:
    """Add the net climate effect to `sums`; `climate` is None if there were no handovers."""
    return sums | (climate or figures.Climate()).values


class MunicipalityReport(FigureReport):
    """A row for each municipality, and one for all of them."""

    page_title = gettext_lazy("Key figures per municipality")
    index_url_name = "figure_reports:municipalities"
    index_results_url_name = "figure_reports:municipalities_results"
    export_filename = "nyckeltal"
    about = gettext_lazy(
        "What changed hands, for the municipality that the receiver belonged to on that day."
    )

    @cached_property
    def shown_keys(self) -> list[str]:
        goals = ["goal_kg", "goal_percent"] if self.chosen.is_whole else []
        return ["mass_kg", *goals, *(key for key in LEDGER_KEYS if key != "mass_kg"), *PARTIES]

    def rows(self) -> list[Row]:
        chosen = self.chosen.handovers()
        sums = figures.by_municipality(chosen)
        climate = figures.climate_by_municipality(chosen)
        nothing = dict.fromkeys([*AMOUNTS, *PARTIES], 0)
        goals = figures.goals(self.chosen.period)

        def with_goal(values: Values, goal: Decimal | None) -> Values:
            percent = figures.percent_of_goal(values["mass_kg"], goal)
            return values | {"goal_kg": goal, "goal_percent": percent}

        rows = [
            Row(
                each.name,
                with_goal(
                    with_climate(sums.get(each.pk, nothing), climate.get(each.pk)), goals[each.pk]
                ),
                pk=each.pk,
            )
            for each in self.chosen.municipalities
        ]
        if len(rows) > 1:
            total = with_climate(figures.summed(sums), together(climate.values()))
            whole = figures.goal_together([goals[pk] for pk in self.chosen.keys])
            rows.append(Row(_("All together"), with_goal(total, whole), is_total=True))
        return rows


class CategoryReport(FigureReport):
    """A row for each material that changed hands."""

    page_title = gettext_lazy("Key figures per material")
    index_url_name = "figure_reports:categories"
    index_results_url_name = "figure_reports:categories_results"
    export_filename = "material"
    name_label = gettext_lazy("Material")
    key_words = [("top", gettext_lazy("Main material"))]
    keys = LEDGER_KEYS

    def rows(self) -> list[Row]:
        chosen = self.chosen.handovers()
        groups = figures.by_category(chosen, top=False)
        climate = figures.climate_by(chosen, "category")
        names = MaterialCategory.objects.names()
        tops = MaterialCategory.objects.tops()
        rows = [
            Row(
                names[pk],
                with_climate(sums, climate.get(pk)),
                {"top": names[tops[pk]]},
                pk=pk,
            )
            for pk, sums in groups.items()
            if any(sums.values())
        ]
        rows.sort(key=lambda row: (swedish_order(row.words["top"]), -row.values["mass_kg"]))
        return with_sum(rows)


class MonthReport(FigureReport):
    """A row for each month of the period."""

    page_title = gettext_lazy("Key figures per month")
    index_url_name = "figure_reports:months"
    index_results_url_name = "figure_reports:months_results"
    export_filename = "manader"
    name_label = gettext_lazy("Month")
    keys = LEDGER_KEYS

    def rows(self) -> list[Row]:
        chosen = self.chosen.handovers()
        climate = figures.climate_by(chosen, "month")
        rows = [
            Row(date_format(month, "Y-m"), with_climate(sums, climate.get(month)))
            for month, sums in figures.by_month(chosen)
        ]
        return with_sum(rows)


class OrganisationReport(FigureReport):
    """A row for each organisation that gave or received.

    Handovers count in the municipality that the organisation belonged to on that day. A coordinator
    therefore sees their own municipality's organisations, and not the other party.
    """

    page_title = gettext_lazy("Key figures per organisation")
    index_url_name = "figure_reports:organisations"
    index_results_url_name = "figure_reports:organisations_results"
    export_filename = "organisationer"
    name_label = gettext_lazy("Organisation")
    key_words = [("type", gettext_lazy("Kind"))]
    keys = [
        "given_kg",
        "received_kg",
        "handovers",
        "co2e_kg",
        *figures.CLIMATE_KEYS,
        "value_sek",
        "purchase_avoided_sek",
    ]
    about = gettext_lazy(
        "Companies by what they gave, schools and services by what they received, while they "
        "belonged to the municipality. The other end may be in another one."
    )

    def rows(self) -> list[Row]:
        given = self.chosen.handovers(municipalities=None, giver_municipalities=self.chosen.keys)
        found: dict[int, Values] = {}
        now = figures.merged()
        here: set[int] = set()
        for side, key, handovers in (
            ("giver", "given_kg", given),
            ("receiver", "received_kg", self.chosen.handovers()),
        ):
            for pk, sums in figures.sums_and_climate_by(handovers, side).items():
                here.add(pk)
                values = found.setdefault(now.get(pk, pk), dict.fromkeys(self.keys, 0))
                values[key] += sums["mass_kg"]
                for name in self.keys[2:]:
                    values[name] += sums[name]
        organisations = Organisation.objects.select_related("municipality").in_bulk(found)
        labels = dict(Organisation.Type.choices)
        rows = [
            Row(
                self.named(organisations[pk], here),
                values,
                {"type": labels[organisations[pk].type]},
                pk=pk,
            )
            for pk, values in found.items()
            if any(values.values())
        ]
        return sorted(
            rows,
            key=lambda row: (
                -row.values["given_kg"] - row.values["received_kg"],
                swedish_order(row.name),
            ),
        )

    def named(self, organisation: Organisation, here: Collection[int]) -> str:
        """Return the name, unless one of `here` was merged into an organisation outside them."""
        visible = {each.pk for each in self.chosen.visible}
        if organisation.pk in here or self.sees_all or organisation.municipality_id in visible:
            return organisation.name
        return anonymised_name(organisation.municipality)

    @cached_property
    def sees_all(self) -> bool:
        return figure_municipalities(self.request.user) is None


def with_sum(rows: list[Row]) -> list[Row]:
    """Append a row of totals if there are several rows."""
    if len(rows) < 2:
        return rows
    total = {key: sum(row.values[key] for row in rows) for key in rows[0].values}
    return [*rows, Row(_("All together"), total, is_total=True)]
