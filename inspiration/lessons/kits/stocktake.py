"""What is to be had for lesson ideas, counted as they count."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from fractions import Fraction
from math import ceil, floor

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, Sum
from wagtail.models import Site

from inspiration.lessons.amounts import WHOLE
from inspiration.lessons.kits.planning import Box, Way, shortlist
from inspiration.lessons.models import LessonIdeaPage, LessonMaterial
from marketplace.exchange.reservations.models import Reservation
from marketplace.listings.models import ListingTag, MaterialListing
from marketplace.materials.models import MaterialCategory
from marketplace.materials.units import GRAM, KG_PER_MASS_UNIT, Unit
from marketplace.organisations.models import Organisation
from marketplace.safety.rules import Judgement, judge
from portal.foundation.users.models import User

MOST_LISTINGS = 600
# The planner counts in thousandths of a unit.
PARTS = 1000
LENGTHS = {Unit.METRE, Unit.RUNNING_METRE}


@dataclass(frozen=True)
class Asker:
    """Who asks, where: signed out, `user` is anonymous and `organisation` None."""

    user: User | AnonymousUser
    organisation: Organisation | None
    site: Site | None


@dataclass(frozen=True)
class Safe:
    """What may be taken of a material: {key: listing}, and their boxes in the same order."""

    listings: dict[int, MaterialListing]
    boxes: tuple[Box, ...]
    known: dict[int, tuple[Box, ...]] = field(default_factory=dict)

    def shortlist(self, needed: int) -> tuple[Box, ...]:
        """Those worth looking at for so much, chosen once for all ideas that need as much."""
        if needed not in self.known:
            self.known[needed] = shortlist(Way(0, needed, self.boxes)).boxes
        return self.known[needed]


class Stocktake:
    """What `asker` can have for `lessons`, in so many queries however many they are.

    Without what the asker has asked for already, and what comes later than on the day `by`.
    """

    def __init__(self, lessons: Iterable[LessonIdeaPage], asker: Asker, by: date | None = None):
        materials = [each for lesson in lessons for each in lesson.materials.all()]
        categories = MaterialCategory.objects.source().order_by()
        self.parents = dict(categories.values_list("pk", "parent_id"))
        self.organisation = asker.organisation
        self.of_category: dict[int, list[MaterialListing]] = defaultdict(list)
        self.of_tag: dict[int, list[MaterialListing]] = defaultdict(list)
        found = list(self._listings(materials, asker, by))
        for listing in found:
            for category in self._line(listing.category_id):
                self.of_category[category].append(listing)
        by_pk = {listing.pk: listing for listing in found}
        tagged = ListingTag.objects.filter(tag__in=tags_of(materials), content_object__in=by_pk)
        for tag, listing in tagged.values_list("tag", "content_object"):
            self.of_tag[tag].append(by_pk[listing])
        self.waiting = asked_for(found)
        self.boxes: dict[tuple[int, str], Box | None] = {}
        self.judged: dict[tuple[int, int], Judgement] = {}
        self.known_safe: dict[tuple, Safe] = {}

    def _line(self, category: int | None) -> Iterator[int]:
        """A category and all above it."""
        while category is not None:
            yield category
            category = self.parents.get(category)

    def _listings(self, materials, asker, by):
        wanted = {each.category_id for each in materials if each.category_id}
        below = [pk for pk in self.parents if wanted & {*self._line(pk)}]
        tagged = ListingTag.objects.filter(tag__in=tags_of(materials)).values("content_object")
        found = (
            MaterialListing.objects.available_to(asker.user)
            .for_site(asker.site)
            .filter(Q(category__in=below) | Q(pk__in=tagged))
            .select_related("stock")
            # Many listings have the same few of them.
            .prefetch_related("organisation__municipality", "category")
        )
        if by:
            found = found.filter(Q(available_from=None) | Q(available_from__lte=by))
        own = asker.organisation
        if own is None:
            return found.newest()[:MOST_LISTINGS]
        asked = Reservation.objects.open().made_by(own).values("listing")
        found = found.exclude(organisation=own).exclude(pk__in=asked)
        nearest = found.nearest_to(own.position)[:MOST_LISTINGS]
        return [listing for listing in nearest if listing.is_open_to(own)]

    def listings_for(self, material: LessonMaterial) -> list[MaterialListing]:
        """What is of its kind or has its word, each once."""
        found = {each.pk: each for each in self.of_category.get(material.category_id, ())}
        found |= {each.pk: each for each in self.of_tag.get(material.tag_id, ())}
        return list(found.values())

    def safe(self, material: LessonMaterial, age: int) -> "Safe":
        """What of `material` suits the age and can be counted as it counts, found once."""
        asked = (material.category_id, material.tag_id, material.unit, age)
        if asked not in self.known_safe:
            found = {
                listing.pk: (listing, box)
                for listing in self.listings_for(material)
                if (box := self.box(listing, material.unit)) and self.judge(listing, age).fitting
            }
            self.known_safe[asked] = Safe(
                {pk: listing for pk, (listing, _box) in found.items()},
                tuple(box for _listing, box in found.values()),
            )
        return self.known_safe[asked]

    def left(self, listing: MaterialListing) -> Decimal:
        """What nobody has been promised or has asked for, in the stock's unit."""
        waiting = self.waiting.get(listing.pk, Decimal(0))
        if waiting and not listing.splittable:
            return Decimal(0)
        return max(listing.stock.left - waiting, Decimal(0))

    def judge(self, listing: MaterialListing, age: int) -> Judgement:
        """`safety.rules.judge`, asked once for each listing and age."""
        if (listing.pk, age) not in self.judged:
            self.judged[listing.pk, age] = judge(listing.answers, age)
        return self.judged[listing.pk, age]

    def box(self, listing: MaterialListing, unit: str) -> Box | None:
        """What is left of `listing`, counted in `unit`; None where that cannot be told."""
        if (listing.pk, unit) not in self.boxes:
            self.boxes[listing.pk, unit] = self._box(listing, unit)
        return self.boxes[listing.pk, unit]

    def _box(self, listing: MaterialListing, unit: str) -> Box | None:
        one = per_unit(listing, unit)
        left = self.left(listing)
        if listing.stock.unit in WHOLE:
            left = left.to_integral_value(ROUND_FLOOR)
        if one is None or left <= 0:
            return None
        least = listing.smallest_part or Decimal(0)
        if listing.stock.unit in WHOLE:
            least = max(least.to_integral_value(ROUND_CEILING), Decimal(1))
        whole = floor(Fraction(left) * one * PARTS)
        return Box(
            key=listing.pk,
            giver=listing.organisation_id,
            left=whole,
            least=min(ceil(Fraction(least) * one * PARTS), whole) if listing.splittable else whole,
            distance=getattr(listing, "distance_km", None) or 0.0,
        )


def tags_of(materials: Iterable[LessonMaterial]) -> set[int]:
    return {each.tag_id for each in materials if each.tag_id}


def asked_for(listings: Iterable[MaterialListing]) -> dict[int, Decimal]:
    """{listing: how much of it waits for an answer}, in the stock's unit."""
    requests = Reservation.objects.requested().filter(listing__in=[each.pk for each in listings])
    return dict(
        requests.values("listing")
        .annotate(waiting=Sum("requested_quantity"))
        .order_by()
        .values_list("listing", "waiting")
    )


def per_unit(listing: MaterialListing, unit: str) -> Fraction | None:
    """How many `unit` one unit of the listing's stock is; None where that cannot be told."""
    own = listing.stock.unit
    if own == unit or {own, unit} <= LENGTHS:
        return Fraction(1)
    if unit in KG_PER_MASS_UNIT:
        return Fraction(listing.stock.kg_per_unit) / Fraction(KG_PER_MASS_UNIT[Unit(unit)])
    return None


def in_stock_unit(listing: MaterialListing, parts: int, unit: str) -> Decimal:
    """So many `PARTS` of `unit` as one asks for them: rounded up in the listing's own unit."""
    exact = Fraction(parts, PARTS) / (per_unit(listing, unit) or Fraction(1))
    amount = Decimal(exact.numerator) / Decimal(exact.denominator)
    step = Decimal(1) if listing.stock.unit in WHOLE else GRAM
    return amount.quantize(step, rounding=ROUND_CEILING)
