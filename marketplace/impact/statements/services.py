"""The figures behind a company's yearly effect statement."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import F, QuerySet

from marketplace.exchange.handovers.models import Handover
from marketplace.ideas.models import Idea
from marketplace.impact import figures
from marketplace.impact.figures.figure import Values
from marketplace.impact.figures.ledger import Rows
from marketplace.impact.figures.periods import Period
from marketplace.listings.models import ListingPhoto
from marketplace.materials.models import ClimateFactor, MaterialCategory
from marketplace.municipalities.models import Municipality
from marketplace.organisations.models import Organisation
from portal.foundation.images.models import CustomImage

SHOWN_IDEAS = 4
SHOWN_PHOTOS = 4


@dataclass(frozen=True)
class Factor:
    """A climate factor used in the year, and the kilograms it was used for."""

    material: str
    kgco2e_per_kg: Decimal
    source: str
    source_year: int
    mass_kg: Decimal


@dataclass(frozen=True)
class Receiver:
    """A school or service, and what it received in the year."""

    organisation: Organisation
    handovers: int
    mass_kg: Decimal


def given(organisation: Organisation, period: Period) -> Rows:
    """Select the ledger rows of what `organisation` gave in `period`, corrections included."""
    return figures.handovers(period=period, giver=organisation)


def totals(organisation: Organisation, year: int) -> Values:
    """Return {key: value} of the ledger sums, the net climate effect and the pupils' ideas."""
    period = Period.year(year)
    rows = given(organisation, period)
    ideas = figures.ideas(period=period, giver=organisation)
    return figures.totals(rows) | figures.climate(rows).values | ideas


def compared_share(organisation: Organisation, year: int) -> Decimal | None:
    """Return the share, 0 to 1, of the year's kilograms whose factor has been verified.

    None if nothing was given.
    """
    checked = set(
        ClimateFactor.objects.filter(verified=True).values_list(
            "kgco2e_per_kg", "source", "source_year"
        )
    )
    groups = figures.grouped(
        given(organisation, Period.year(year)),
        "kgco2e_per_kg",
        "factor_source",
        "factor_source_year",
    )
    whole = sum(sums["mass_kg"] for sums in groups.values())
    if not whole:
        return None
    return (
        sum((sums["mass_kg"] for key, sums in groups.items() if key in checked), Decimal(0)) / whole
    )


def years(organisation: Organisation) -> list[tuple[int, Values]]:
    """Return [(year, totals)] of the years with handovers, newest first.

    Years whose handovers were all reversed are left out.
    """
    rows = Handover.objects.filter(giver__in=Organisation.objects.known_as(organisation))
    found = (
        (day.year, totals(organisation, day.year)) for day in rows.dates("handed_over_on", "year")
    )
    return [(year, values) for year, values in reversed(list(found)) if values["handovers"]]


def by_month(organisation: Organisation, year: int) -> list[tuple[date, Values]]:
    return figures.by_month(given(organisation, Period.year(year)))


def by_material(organisation: Organisation, year: int) -> list[tuple[str, Values]]:
    """Return [(name in the active language, sums)], most kilograms first."""
    names = MaterialCategory.objects.names()
    groups = figures.by_category(given(organisation, Period.year(year)))
    rows = [(names[pk], sums) for pk, sums in groups.items() if any(sums.values())]
    return sorted(rows, key=lambda row: -row[1]["mass_kg"])


def receivers(organisation: Organisation, year: int) -> list[Receiver]:
    """Return the year's receivers, most kilograms first."""
    now = figures.merged()
    groups = figures.grouped(given(organisation, Period.year(year)), "receiver")
    sums: dict[int, tuple[int, Decimal]] = {}
    for pk, group in groups.items():
        handovers, mass = sums.get(now.get(pk, pk), (0, Decimal(0)))
        sums[now.get(pk, pk)] = (handovers + group["handovers"], mass + group["mass_kg"])
    known = Organisation.objects.select_related("municipality").in_bulk(sums)
    rows = [Receiver(known[pk], *values) for pk, values in sums.items() if values[0]]
    return sorted(rows, key=lambda row: (-row.mass_kg, row.organisation.name))


def municipalities(organisation: Organisation, year: int) -> QuerySet[Municipality]:
    """Return the municipalities that received material."""
    groups = figures.grouped(given(organisation, Period.year(year)), "receiver_municipality")
    return Municipality.objects.filter(
        pk__in=[pk for pk, sums in groups.items() if any(sums.values())]
    )


def factors(organisation: Organisation, year: int) -> list[Factor]:
    """Return the factors used in the year, as the ledger stores them."""
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
            ClimateFactor.in_words(source),
            source_year,
            sums["mass_kg"],
        )
        for (category, factor, source, source_year), sums in groups.items()
        if sums["mass_kg"]
    ]
    return sorted(rows, key=lambda row: (row.material, row.kgco2e_per_kg))


def shown_ideas(organisation: Organisation, year: int) -> list[Idea]:
    """Return ideas of the year that are public, since editors have published them.

    Those with pictures come first, then those without.
    """
    start, before = Period.year(year).moments
    found = list(
        Idea.objects.to_company(organisation)
        .published()
        .filter(created_at__gte=start, created_at__lt=before)
        .order_by(F("progress__adopted_at").desc(nulls_last=True), "-created_at")
        .for_cards()[:SHOWN_IDEAS]
    )
    return sorted(found, key=lambda idea: idea.cover is None)


def pictures(organisation: Organisation, year: int) -> list[CustomImage]:
    """Return the company's photos of what it gave most of, one per listing."""
    groups = figures.grouped(given(organisation, Period.year(year)), "listing")
    kept = [pk for pk, sums in groups.items() if sums["handovers"]]
    photos = ListingPhoto.objects.filter(listing__in=kept).select_related("image")
    first: dict[int, CustomImage] = {}
    for photo in photos.order_by("sort_order", "pk"):
        first.setdefault(photo.listing_id, photo.shown)
    chosen = sorted(first, key=lambda pk: -groups[pk]["mass_kg"])
    return [first[pk] for pk in chosen[:SHOWN_PHOTOS]]
