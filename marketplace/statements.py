"""What a company achieved in a year: the figures behind its effect statement."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import F

from . import figures
from .figures import Period
from .models import (
    ClimateFactor,
    Handover,
    Idea,
    ListingPhoto,
    MaterialCategory,
    Municipality,
    Organisation,
)

SHOWN_IDEAS = 4
SHOWN_PHOTOS = 4


@dataclass(frozen=True)
class Factor:
    """A climate factor that the year's handovers were computed with, and how many kilograms."""

    material: str
    kgco2e_per_kg: Decimal
    source: str
    source_year: int
    mass_kg: Decimal


@dataclass(frozen=True)
class Receiver:
    """A school or service, and what it got in the year."""

    organisation: Organisation
    handovers: int
    mass_kg: Decimal


def given(organisation, period):
    """The rows of the ledger that `organisation` has given in `period`, corrections included."""
    return figures.handovers(period=period, giver=organisation)


def totals(organisation, year):
    """{key: value} of the sums over the ledger and the pupils' ideas of a year."""
    period = Period.year(year)
    return figures.totals(given(organisation, period)) | figures.ideas(
        period=period, giver=organisation
    )


def years(organisation):
    """[(year, totals)] of the years in which something was given, the newest first.

    A year whose handovers were all taken back is left out.
    """
    rows = Handover.objects.filter(giver__in=Organisation.objects.known_as(organisation))
    found = (
        (day.year, totals(organisation, day.year)) for day in rows.dates("handed_over_on", "year")
    )
    return [(year, values) for year, values in reversed(list(found)) if values["handovers"]]


def by_month(organisation, year):
    return figures.by_month(given(organisation, Period.year(year)))


def by_material(organisation, year):
    """[(name in the active language, sums)], most kilograms first."""
    names = MaterialCategory.objects.names()
    groups = figures.by_category(given(organisation, Period.year(year)))
    rows = [(names[pk], sums) for pk, sums in groups.items() if any(sums.values())]
    return sorted(rows, key=lambda row: -row[1]["mass_kg"])


def receivers(organisation, year):
    """The `Receiver`s of the year, most kilograms first."""
    now = figures.merged()
    groups = figures.grouped(given(organisation, Period.year(year)), "receiver")
    sums = {}
    for pk, group in groups.items():
        handovers, mass = sums.get(now.get(pk, pk), (0, 0))
        sums[now.get(pk, pk)] = (handovers + group["handovers"], mass + group["mass_kg"])
    known = Organisation.objects.select_related("municipality").in_bulk(sums)
    rows = [Receiver(known[pk], *values) for pk, values in sums.items() if values[0]]
    return sorted(rows, key=lambda row: (-row.mass_kg, row.organisation.name))


def municipalities(organisation, year):
    """The municipalities that the material went to."""
    groups = figures.grouped(given(organisation, Period.year(year)), "receiver_municipality")
    return Municipality.objects.filter(
        pk__in=[pk for pk, sums in groups.items() if any(sums.values())]
    )


def factors(organisation, year):
    """The `Factor`s that the year was computed with, as the ledger keeps them."""
    names = MaterialCategory.objects.names()
    groups = figures.grouped(
        given(organisation, Period.year(year)),
        "category",
        "kgco2e_per_kg",
        "factor_source",
        "factor_source_year",
    )
    rows = [
        Factor(
            names[category],
            factor,
            ClimateFactor(source=source).source_name,
            source_year,
            sums["mass_kg"],
        )
        for (category, factor, source, source_year), sums in groups.items()
        if sums["mass_kg"]
    ]
    return sorted(rows, key=lambda row: (row.material, row.kgco2e_per_kg))


def shown_ideas(organisation, year):
    """Ideas of the year that may be shown to anybody: those that editors have published.

    Those with pictures come first, then those without.
    """
    start, before = Period.year(year).moments
    found = list(
        Idea.objects.to_company(organisation)
        .published()
        .filter(created_at__gte=start, created_at__lt=before)
        .order_by(F("progress__taken_further_at").desc(nulls_last=True), "-created_at")
        .for_cards()[:SHOWN_IDEAS]
    )
    return sorted(found, key=lambda idea: idea.cover is None)


def pictures(organisation, year):
    """The company's own photographs of what it gave most of, one of each listing."""
    groups = figures.grouped(given(organisation, Period.year(year)), "listing")
    kept = [pk for pk, sums in groups.items() if sums["handovers"]]
    photos = ListingPhoto.objects.filter(listing__in=kept).select_related("image")
    first = {}
    for photo in photos.order_by("sort_order", "pk"):
        first.setdefault(photo.listing_id, photo.image)
    chosen = sorted(first, key=lambda pk: -groups[pk]["mass_kg"])
    return [first[pk] for pk in chosen[:SHOWN_PHOTOS]]
