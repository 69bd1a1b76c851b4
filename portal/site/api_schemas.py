"""What the API answers with. The figures come from their registry, so that none is written twice.

The registry is complete once all apps are ready, which is before the URLs are read.
"""

from datetime import date
from typing import Any

from ninja import Field, Schema
from pydantic import create_model

from marketplace.impact.figures.definitions import FIGURES
from marketplace.impact.figures.figure import Figure


class MunicipalityOut(Schema):
    code: str = Field(description="Official code (Statistics Sweden), four digits.")
    name: str
    slug: str
    population: int
    population_year: int


class CategoryOut(Schema):
    slug: str = Field(description="Lasting name, the same in all languages.")
    name: str
    parent: str | None = Field(description="Slug of the category above.")
    kgco2e_per_kg: float | None = Field(description="Climate factor in force today.")
    sek_per_kg: float | None = Field(description="Price of new material in force today.")


class ListingOut(Schema):
    id: int
    title: str
    description: str
    category: str = Field(description="Slug of the category.")
    tags: list[str]
    municipality: str = Field(description="Official code of the giver's municipality.")
    left: float = Field(description="What nobody has been promised, in `unit`.")
    unit: str
    kg_per_unit: float
    condition: str
    suitable_from_age: int | None
    fits_from_age: int | None
    available_from: date | None
    available_until: date | None
    delivery_offered: bool
    url: str


class PageOut(Schema):
    id: int
    type: str
    title: str
    summary: str
    tags: list[str]
    published: date
    language: str
    url: str


class DefinitionOut(Schema):
    key: str
    name: str
    unit: str
    definition: str
    source: str


def figure_field(figure: Figure) -> Any:
    """Return the type and field of a figure: whole numbers for counts, null where none exists."""
    number: Any = float if figure.decimals or figure.empty else int
    if figure.empty:
        return number | None, Field(description=figure.empty)
    return number, ...


# Figures of reports for coordinators: costs, purchases and comparisons with other municipalities.
NOT_PUBLIC = {
    "rating",
    "ratings",
    "goal_kg",
    "goal_percent",
    "given_kg",
    "received_kg",
    "population",
    "cost_fixed_sek",
    "cost_rest_sek",
    "cost_sek",
    "reports",
    "bought_kg",
    "bought_sek",
}
PUBLIC_FIELDS: dict[str, Any] = {
    key: figure_field(figure) for key, figure in FIGURES.items() if key not in NOT_PUBLIC
}
FiguresOut: Any = create_model(
    "FiguresOut",
    __base__=Schema,
    **PUBLIC_FIELDS,
)


class TotalsOut(FiguresOut):
    climate_method: str = Field(description="Version of the method of the net figures.")
    start: date = Field(description="First day of the period.")
    end: date = Field(description="Last day of the period.")


class MunicipalityFiguresOut(FiguresOut):
    municipality: str = Field(description="Official code of the receiver's municipality.")
    goal_kg: float | None


class RowOut(Schema):
    month: str = Field(description="For example, 2026-03.")
    municipality_code: str
    municipality: str
    category: str
    category_name: str
    mass_kg: float
    co2e_kg: float
    co2e_net_kg: float
    co2e_net_low_kg: float
    co2e_net_high_kg: float
    transport_co2e_kg: float
    transport_km: float
    value_sek: float
    purchase_avoided_sek: float
    handovers: int
    pieces: float
