"""The effect as open data: one row per month, receiving municipality and material category.

It names no organisations or people. CSV, JSON and the API serve the same rows, and `COLUMNS`
describes them for all three.
"""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy

from marketplace.impact import figures
from marketplace.impact.figures.ledger import Rows
from marketplace.materials.models import MaterialCategory
from marketplace.municipalities.models import Municipality
from portal.foundation.text_types import StrOrPromise

LICENCE = "https://creativecommons.org/publicdomain/zero/1.0/"
# The same, as data portals know it by name: DCAT-AP-SE says that it must be spelt so.
LICENCE_NAME = "http://creativecommons.org/publicdomain/zero/1.0/"


@dataclass(frozen=True)
class Column:
    """A column of the data: its name, XML Schema type and description."""

    name: str
    datatype: str
    description: StrOrPromise


COLUMNS = [
    Column("month", "gYearMonth", gettext_lazy("The month of the handovers, such as 2026-03.")),
    Column(
        "municipality_code",
        "string",
        gettext_lazy("Official four-digit code of the receiving municipality."),
    ),
    Column("municipality", "string", gettext_lazy("Name of the receiving municipality.")),
    Column("category", "string", gettext_lazy("Permanent name of the material category.")),
    Column("category_name", "string", gettext_lazy("Name of the material category.")),
    *(
        Column(key, "integer" if key == "handovers" else "decimal", figures.FIGURES[key].definition)
        for key in [*figures.AMOUNTS, *figures.CLIMATE_KEYS]
    ),
]


def rows(chosen: Rows) -> list[dict[str, Any]]:
    """Return the data of `chosen` ledger rows (see `figures.handovers`) as sorted dicts.

    Groups that corrections have reduced to nothing are left out.
    """
    places = {each.pk: each for each in Municipality.objects.all()}
    slugs = {pk: slug for pk, slug, _parent in MaterialCategory.objects.tree()}
    names = MaterialCategory.objects.names()
    fields = ("month", "receiver_municipality", "category")
    groups = figures.grouped(chosen, *fields)
    climate = figures.climate_by(chosen, *fields)
    data = [
        {
            "month": f"{month:%Y-%m}",
            "municipality_code": places[place].code,
            "municipality": places[place].name,
            "category": slugs[category],
            "category_name": names[category],
            **sums,
            **climate.get((month, place, category), figures.Climate()).values,
        }
        for (month, place, category), sums in groups.items()
        if any(sums.values())
    ]
    return sorted(data, key=lambda row: (row["month"], row["municipality_code"], row["category"]))
