"""A kit as it is proposed to somebody: what is taken where, what is missing, and why."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import islice

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from inspiration.lessons.amounts import Group
from inspiration.lessons.kits.planning import Kit, Met, Need, Way, plan
from inspiration.lessons.kits.stocktake import PARTS, Stocktake, in_stock_unit
from inspiration.lessons.models import OLDEST, LessonIdeaPage, LessonMaterial
from marketplace.listings.models import MaterialListing
from marketplace.materials.models import MaterialCategory
from marketplace.materials.units import GRAM, format_quantity, rounded
from marketplace.organisations.models import Organisation
from marketplace.safety.presentation import needs_confirmation
from marketplace.safety.rules import PRESCHOOL_AGES

LEFT_OUT = 0
MOST_OTHERS = 8


@dataclass
class Line:
    """So much of a listing, in the unit of its stock."""

    listing: MaterialListing
    quantity: Decimal

    @property
    def amount(self) -> str:
        return format_quantity(self.quantity, self.listing.stock.unit)


@dataclass
class Row:
    """A material of the idea with what else will do; `number` counts from 1."""

    number: int
    materials: list[LessonMaterial]
    group: Group
    chosen: int | None = None
    met: Met | None = None
    lines: list[Line] = field(default_factory=list)
    others: list[MaterialListing] = field(default_factory=list)
    why: str = ""

    @property
    def material(self) -> LessonMaterial:
        """The one that is taken, or else the usual one."""
        taken = self.met.way.key if self.met and self.met.taken else None
        return next((each for each in self.materials if each.pk == taken), self.materials[0])

    @property
    def amount(self) -> str:
        """How much of it the group needs, in words."""
        return self.material.how_much(self.group)

    @property
    def must(self) -> bool:
        return not self.materials[0].is_nice

    @property
    def is_left_out(self) -> bool:
        return self.chosen == LEFT_OUT

    @property
    def options(self) -> list[tuple[str, str, bool]]:
        """What one may choose for it: (value, words, whether it is chosen)."""
        listings = [line.listing for line in self.lines] if self.chosen else []
        found = [("", _("As proposed"), self.chosen is None)]
        for listing in [*listings, *self.others]:
            words = f"{listing.title}, {listing.stock}, {listing.organisation.name}"
            found.append((str(listing.pk), words, self.chosen == listing.pk))
        return [*found, (str(LEFT_OUT), _("Leave it out"), self.is_left_out)]

    @property
    def is_enough(self) -> bool:
        return bool(self.met and self.met.share == 1)

    @property
    def is_missing(self) -> bool:
        """Whether it is needed, counted, and not all there."""
        return self.must and self.met is not None and not self.is_left_out and not self.is_enough

    @property
    def missing_quantity(self) -> Decimal:
        return rounded(Decimal(self.met.missing if self.met else 0) / PARTS, GRAM)

    @property
    def category(self) -> MaterialCategory | None:
        """What a wanted ad for it is filed under. None for a mere word."""
        return next((each.category for each in self.materials if each.category), None)

    @property
    def missing(self) -> str:
        return format_quantity(self.missing_quantity, self.material.unit)


@dataclass
class Proposal:
    """A kit for a group, out of what a stocktake has found; `age` in years is that to be safe."""

    lesson: LessonIdeaPage
    group: Group
    age: int
    rows: list[Row]
    kit: Kit
    listings: dict[int, MaterialListing]

    @property
    def stops(self) -> list[list[Line]]:
        """What is asked for at each giver, a listing once. The nearest giver first."""
        amounts: dict[int, Decimal] = {}
        for row in self.rows:
            for line in row.lines:
                amounts[line.listing.pk] = amounts.get(line.listing.pk, Decimal(0)) + line.quantity
        return [
            [Line(self.listings[each.box.key], amounts[each.box.key]) for each in stop]
            for stop in self.kit.stops.values()
        ]

    @property
    def lines(self) -> list[Line]:
        return [line for stop in self.stops for line in stop]

    @property
    def missing(self) -> list[Row]:
        return [row for row in self.rows if row.is_missing]

    @property
    def wanted(self) -> list[Row]:
        """What a wanted ad can be put up for."""
        return [row for row in self.missing if row.category]

    @property
    def musts(self) -> list[Row]:
        return [row for row in self.rows if row.must and row.met is not None]

    @property
    def there(self) -> int:
        """How many of the things that are needed there is enough of."""
        return sum(row.is_enough for row in self.musts)

    @property
    def seal(self) -> str:
        """What tells this proposal from another: who sends it sends what was shown."""
        return ",".join(f"{line.listing.pk}:{line.quantity.normalize():f}" for line in self.lines)

    def to_confirm(self, organisation: Organisation) -> list[MaterialListing]:
        """What `organisation` must say it has read about before it asks."""
        return [
            line.listing
            for line in self.lines
            if needs_confirmation(line.listing.answers, organisation)
        ]


def age_of(lesson: LessonIdeaPage, organisation: Organisation | None) -> int:
    """The age in years that all material must suit: no preschool has children of school age."""
    age = lesson.youngest(organisation)
    if organisation and organisation.type == Organisation.Type.PRESCHOOL:
        return min(PRESCHOOL_AGES) if age is None else min(age, max(PRESCHOOL_AGES))
    return OLDEST if age is None else age


def rows_of(lesson: LessonIdeaPage, group: Group) -> list[Row]:
    """The materials of an idea, what else will do with what it replaces."""
    rows: list[Row] = []
    for material in lesson.materials.all():
        if material.instead and rows:
            rows[-1].materials.append(material)
        else:
            rows.append(Row(len(rows) + 1, [material], group))
    return rows


def propose(
    lesson: LessonIdeaPage,
    group: Group,
    stocktake: Stocktake,
    chosen: Mapping[int, int] | None = None,
) -> Proposal:
    """The best kit of `lesson` for `group`.

    `chosen` says for the number of a row which listing it has to be, or `LEFT_OUT`.
    """
    age = age_of(lesson, stocktake.organisation)
    rows = rows_of(lesson, group)
    listings: dict[int, MaterialListing] = {}
    needs = []
    for row in rows:
        row.chosen = (chosen or {}).get(row.number)
        need = need_of(row, group, stocktake, age, listings)
        if need:
            needs.append(need)
    kit = plan(needs)
    for met in kit.met:
        fill(rows[met.need.key - 1], met, listings)
    for row in rows:
        row.why = why(row, stocktake, age)
    return Proposal(lesson, group, age, rows, kit, listings)


def need_of(
    row: Row,
    group: Group,
    stocktake: Stocktake,
    age: int,
    listings: dict[int, MaterialListing],
) -> Need | None:
    """What the planner has to meet for `row`, or None where only words say how much.

    Notes in `listings` what it may be met with.
    """
    ways = []
    found: dict[int, MaterialListing] = {}
    for material in row.materials:
        if material.structured_amount is None:
            continue
        amount = material.structured_amount.needed(children=group.children, groups=group.groups)
        needed = int(amount * PARTS)
        safe = stocktake.safe(material, age)
        found |= safe.listings
        if row.chosen is None:
            boxes = safe.shortlist(needed)
        else:
            boxes = tuple(box for box in safe.boxes if box.key == row.chosen)
        ways.append(Way(material.pk, needed, boxes))
    listings |= found
    row.others = list(islice(found.values(), MOST_OTHERS))
    return Need(row.number, tuple(ways), must=row.must) if ways else None


def fill(row: Row, met: Met, listings: dict[int, MaterialListing]) -> None:
    """Note in `row` what is taken for it."""
    row.met = met
    row.lines = [
        Line(listing, in_stock_unit(listing, each.quantity, row.material.unit))
        for each in met.taken
        for listing in [listings[each.box.key]]
    ]
    taken = {line.listing.pk for line in row.lines}
    row.others = [listing for listing in row.others if listing.pk not in taken]


def why(row: Row, stocktake: Stocktake, age: int) -> str:
    """Why there is not enough of a material, in a sentence; "" where there is."""
    if row.is_enough or row.is_left_out:
        return ""
    found = [each for material in row.materials for each in stocktake.listings_for(material)]
    if not found:
        return _("There is none at the moment.")
    safe = [listing for listing in found if stocktake.judge(listing, age).fitting]
    if not safe:
        return unsafe(age, stocktake.judge(found[0], age).reason)
    if row.met is None or (not row.others and not row.lines):
        return _("What there is, is counted in another unit. Check whether it is enough.")
    if row.lines:
        return _("There is no more at the moment.")
    if not row.must:
        return _("It is not somewhere that you go anyway.")
    return _("It is only given away as a whole, which is far more than you need.")


def unsafe(age: int, reason: str) -> str:
    words = ngettext(
        "What is available is not suitable for children from %(age)d year. %(reason)s",
        "What is available is not suitable for children from %(age)d years. %(reason)s",
        age,
    )
    return words % {"age": age, "reason": reason}
