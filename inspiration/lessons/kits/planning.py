"""Puts a kit together: enough of each material, from few places. Knows no database.

What is wanted, in this order: as much as there is of what is needed; few givers; near ones; few
boxes; little that comes along unused; and of several boxes that would do, the smaller ones, so that
a big one is not opened for a handful. What is only nice to have never makes one go further.

Quantities are whole numbers of whatever small part the caller counts in.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from itertools import combinations, islice

# What must be taken whole is left alone when less than half of it would be used.
MOST_TAKEN_FOR_USED = 2
# Boxes of a material that are looked at: the nearest that are enough, the largest that are not.
MOST_BOXES = 6
# What is smaller than this is an error of rounding.
CLOSE = 1e-6
# Sets of givers that are tried before the quick way has to do.
MOST_SETS = 1000


@dataclass(frozen=True)
class Box:
    """What is left of a listing, counted in the unit of who needs it.

    `least` is what must be taken at least: all of it where it is not divided. `distance` in km.
    """

    key: int
    giver: int
    left: int
    least: int = 0
    distance: float = 0.0


@dataclass(frozen=True)
class Way:
    """One material that a need can be met with, and how much of it."""

    key: int
    needed: int
    boxes: tuple[Box, ...]


@dataclass(frozen=True)
class Need:
    """A material of the idea with what else will do; the first way is the usual one."""

    key: int
    ways: tuple[Way, ...]
    must: bool = True

    @property
    def boxes(self) -> list[Box]:
        return [box for way in self.ways for box in way.boxes]


@dataclass(frozen=True)
class Taken:
    """So much of a box; `used` of it is needed."""

    box: Box
    quantity: int
    used: int


@dataclass(frozen=True)
class Met:
    """How far a need is met, and with what."""

    need: Need
    way: Way
    taken: tuple[Taken, ...] = ()

    @cached_property
    def used(self) -> int:
        return sum(each.used for each in self.taken)

    @cached_property
    def share(self) -> Fraction:
        """1 where there is enough."""
        return Fraction(self.used, self.way.needed)

    @cached_property
    def missing(self) -> int:
        return self.way.needed - self.used

    @cached_property
    def badness(self) -> tuple:
        """What speaks against it, less being better: what is missing, boxes, unused, their size."""
        unused = sum(each.quantity for each in self.taken) - self.used
        size = sum(each.box.left for each in self.taken)
        needed = self.way.needed
        return (-self.share, len(self.taken), Fraction(unused, needed), Fraction(size, needed))


@dataclass(frozen=True)
class Kit:
    """A met need per need, in their order."""

    met: tuple[Met, ...]

    @property
    def stops(self) -> dict[int, list[Taken]]:
        """{giver: what is taken there, each box once}, the nearest first."""
        boxes: dict[int, Taken] = {}
        for each in (taken for met in self.met for taken in met.taken):
            before = boxes.get(each.box.key, Taken(each.box, 0, 0))
            boxes[each.box.key] = Taken(
                each.box, before.quantity + each.quantity, before.used + each.used
            )
        found: dict[int, list[Taken]] = {}
        for taken in sorted(boxes.values(), key=lambda taken: taken.box.distance):
            found.setdefault(taken.box.giver, []).append(taken)
        return found


def plan(needs: Iterable[Need]) -> Kit:
    """The best kit for `needs`: exactly so where few give, nearly so where many do."""
    return _Planner(tuple(needs)).best()


def meet(need: Need, way: Way, boxes: list[Box]) -> Met:
    """Meet `need` in one `way` with some of `boxes`: as far as possible, then with the fewest."""
    ready = [box for box in boxes if is_enough(way, box)]
    if ready:
        return Met(need, way, take(way.needed, (min(ready, key=lambda box: fit(way, box)),)))
    if sum(box.left for box in boxes) <= way.needed:
        return Met(need, way, _all(boxes))
    best = Met(need, way)
    for count in range(fewest_boxes(way, boxes), len(boxes) + 1):
        for chosen in combinations(boxes, count):
            met = Met(need, way, take(way.needed, chosen))
            if met.badness < best.badness:
                best = met
        if not best.missing:
            return best
    # Too much would come along of any that are enough: some of those that are not.
    short = sorted((box for box in boxes if box.left < way.needed), key=lambda box: -box.left)
    every = (chosen for count in range(1, len(short) + 1) for chosen in combinations(short, count))
    found = (Met(need, way, take(way.needed, chosen)) for chosen in every)
    return min([best, *found], key=lambda met: met.badness)


def is_enough(way: Way, box: Box) -> bool:
    """Whether `box` is enough by itself, and not far too much."""
    return box.left >= way.needed and box.least <= way.needed * MOST_TAKEN_FOR_USED


def fit(way: Way, box: Box) -> tuple[int, int]:
    """How much of a box that is enough comes along, and how large it is."""
    return (max(box.least, way.needed), box.left)


def fewest_boxes(way: Way, boxes: Iterable[Box]) -> int:
    """How many of `boxes`, which are enough together, are needed at least."""
    together, count = 0, 0
    for left in sorted((box.left for box in boxes), reverse=True):
        if together >= way.needed:
            break
        together, count = together + left, count + 1
    return count


def shortlist(way: Way) -> Way:
    """`way` with the boxes worth looking at: of those that are enough, one from each giver."""
    ready: dict[int, Box] = {}
    for box in sorted(way.boxes, key=lambda box: fit(way, box)):
        if is_enough(way, box):
            ready.setdefault(box.giver, box)
    near = sorted(ready.values(), key=lambda box: box.distance)[:MOST_BOXES]
    short = sorted((box for box in way.boxes if box.left < way.needed), key=lambda box: -box.left)
    return replace(way, boxes=(*near, *short[:MOST_BOXES]))


def take(needed: int, boxes: tuple[Box, ...]) -> tuple[Taken, ...]:
    """`needed` out of all of `boxes`, or nothing where too much would come along unused."""
    least = sum(box.least for box in boxes)
    if least > needed * MOST_TAKEN_FOR_USED:
        return () if sum(box.left for box in boxes) > needed else _all(boxes)
    more = max(needed - least, 0)
    taken = []
    for box in boxes:
        quantity = box.least + min(more, box.left - box.least)
        more -= quantity - box.least
        used = min(quantity, needed)
        needed -= used
        taken.append(Taken(box, quantity, used))
    return tuple(taken)


def _all(boxes: Iterable[Box]) -> tuple[Taken, ...]:
    return tuple(Taken(box, box.left, box.left) for box in boxes)


@dataclass
class _Planner:
    """Tries sets of givers, the small ones first."""

    needs: tuple[Need, ...]
    known: dict[tuple, Met] = field(default_factory=dict)

    def __post_init__(self):
        self.needs = tuple(
            replace(need, ways=tuple(map(shortlist, need.ways))) for need in self.needs
        )
        # What is needed chooses first, and of that what has the fewest boxes.
        self.order = sorted(self.needs, key=lambda need: (not need.must, len(need.boxes)))
        self.musts = [need for need in self.order if need.must] or self.order
        self.givers_of = {need.key: {box.giver for box in need.boxes} for need in self.needs}
        self.keys_of = {need.key: {box.key for box in need.boxes} for need in self.needs}
        self.distance = {box.giver: box.distance for need in self.musts for box in need.boxes}
        self.givers = sorted(self.distance, key=lambda giver: (self.distance[giver], giver))
        self.most = [most_of_each(need) for need in self.musts]

    def best(self) -> Kit:
        return self.filled(self.fewest())

    def fewest(self) -> tuple[int, ...]:
        """The fewest givers that have as much of what is needed as all together, near ones."""
        aim = self.shares(tuple(self.givers))
        least = [float(share) - CLOSE for share in aim]
        tried = 0
        for count in range(len(self.givers) + 1):
            sets = list(islice(combinations(self.givers, count), MOST_SETS - tried))
            hopeful = [givers for givers in sets if self.may_be_enough(givers, least)]
            enough = [givers for givers in hopeful if self.is_enough(givers, aim)]
            if enough:
                return min(self.nearest(enough), key=self.cost)
            tried += len(sets)
            if tried >= MOST_SETS:
                break
        return self.quickly(aim)

    def quickly(self, aim: list[Fraction]) -> tuple[int, ...]:
        """Leave out one giver after the other, the farthest first, while it is still enough."""
        kept = tuple(self.givers)
        for giver in reversed(self.givers):
            fewer = tuple(each for each in kept if each != giver)
            if self.is_enough(fewer, aim):
                kept = fewer
        return kept

    def shares(self, givers: tuple[int, ...]) -> list[Fraction]:
        return [met.share for met in self.meet_all(self.musts, givers)]

    def may_be_enough(self, givers: tuple[int, ...], least: list[float]) -> bool:
        """A quick look that says no only where it cannot be: most sets end here."""
        for most, share in zip(self.most, least, strict=True):
            if sum([most.get(giver, 0.0) for giver in givers]) <= share:
                return False
        return True

    def is_enough(self, givers: tuple[int, ...], aim: list[Fraction]) -> bool:
        return all(share >= most for share, most in zip(self.shares(givers), aim, strict=True))

    def far(self, givers: tuple[int, ...]) -> float:
        return round(sum(self.distance[giver] for giver in givers), 1)

    def nearest(self, sets: list[tuple[int, ...]]) -> list[tuple[int, ...]]:
        """Those of `sets` of givers that are no farther away than the nearest."""
        least = min(map(self.far, sets))
        return [givers for givers in sets if self.far(givers) == least]

    def cost(self, givers: tuple[int, ...]) -> tuple:
        """What tells sets of givers apart that are as far away."""
        columns = zip(*(met.badness for met in self.meet_all(self.musts, givers)), strict=True)
        return (*(sum(column) for column in columns), givers)

    def filled(self, givers: tuple[int, ...]) -> Kit:
        met = {each.need.key: each for each in self.meet_all(self.order, givers)}
        return Kit(tuple(met[need.key] for need in self.needs))

    def meet_all(self, needs: Iterable[Need], givers: tuple[int, ...]) -> list[Met]:
        """Meet one need after the other, each with what those before have left."""
        spent: dict[int, int] = {}
        found = []
        for need in needs:
            met = self.meet_one(need, givers, spent)
            for taken in met.taken:
                spent[taken.box.key] = spent.get(taken.box.key, 0) + taken.quantity
            found.append(met)
        return found

    def meet_one(self, need: Need, givers: tuple[int, ...], spent: dict[int, int]) -> Met:
        visited = tuple(giver for giver in givers if giver in self.givers_of[need.key])
        gone = tuple((key, spent[key]) for key in spent if key in self.keys_of[need.key])
        asked = (need.key, visited, gone)
        if asked not in self.known:
            met = [meet(need, way, _rest(way, visited, spent)) for way in need.ways]
            self.known[asked] = min(met, key=lambda each: each.badness)
        return self.known[asked]


def most_of_each(need: Need) -> dict[int, float]:
    """{giver: the share of `need` that it can meet at most}."""
    found: dict[int, float] = {}
    for way in need.ways:
        for giver in {box.giver for box in way.boxes}:
            left = sum(box.left for box in way.boxes if box.giver == giver)
            found[giver] = found.get(giver, 0.0) + left / way.needed
    return found


def _rest(way: Way, givers: tuple[int, ...], spent: dict[int, int]) -> list[Box]:
    """The boxes at `givers` without what is spent of them."""
    found = []
    for box in way.boxes:
        if box.giver not in givers:
            continue
        gone = spent.get(box.key, 0)
        if not gone:
            found.append(box)
        elif box.left > gone:
            rest = replace(box, left=box.left - gone, least=max(box.least - gone, 0))
            found.append(rest)
    return found
