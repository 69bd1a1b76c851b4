"""Kits against brute force, on stocks that chance makes."""

from fractions import Fraction
from itertools import chain, combinations, product

from hypothesis import given, settings
from hypothesis import strategies as st

from inspiration.lessons.kits.planning import Box, Need, Way, plan

# Givers 1–4, each somewhere.
FAR = {1: 1.0, 2: 3.0, 3: 3.0, 4: 8.0}


def every_part(boxes):
    return chain.from_iterable(combinations(boxes, n) for n in range(len(boxes) + 1))


@st.composite
def boxes(draw, key):
    left = draw(st.integers(1, 6))
    least = draw(st.integers(0, left))
    giver = draw(st.sampled_from(sorted(FAR)))
    return Box(key, giver, left, least, FAR[giver])


@st.composite
def stocks(draw):
    """Up to three needs, each with boxes of its own."""
    needs, key = [], 0
    for number in range(draw(st.integers(1, 3))):
        ways = []
        for way in range(draw(st.integers(1, 2))):
            own = [draw(boxes(key + n)) for n in range(draw(st.integers(0, 3)))]
            key += len(own)
            ways.append(Way(10 * number + way, draw(st.integers(1, 8)), tuple(own)))
        needs.append(Need(number, tuple(ways), must=draw(st.booleans())))
    return needs


def every_way_to_meet(need):
    """(share, boxes, unused, size, givers) of all that may be taken for a need."""
    for way in need.ways:
        for chosen in every_part(way.boxes):
            amounts = [range(int(max(box.least, 1)), int(box.left) + 1) for box in chosen]
            for quantities in product(*amounts):
                taken, used = sum(quantities), min(sum(quantities), way.needed)
                unused = taken - used
                if unused > used or (unused and taken > sum(max(b.least, 1) for b in chosen)):
                    continue
                size = Fraction(sum(box.left for box in chosen), way.needed)
                share = Fraction(used, way.needed)
                givers = frozenset(box.giver for box in chosen)
                yield share, len(chosen), Fraction(unused, way.needed), size, givers


def best_by_brute_force(needs):
    """(what is missing, stops, kilometres, boxes, unused, size) of the best of all kits."""
    musts = [need for need in needs if need.must] or needs
    best = None
    for kit in product(*[set(every_way_to_meet(need)) for need in musts]):
        stops = frozenset().union(*(each[4] for each in kit))
        kilometres = round(sum(FAR[giver] for giver in stops), 1)
        sums = [sum(each[n] for each in kit) for n in range(4)]
        cost = (-sums[0], len(stops), kilometres, *sums[1:])
        best = cost if best is None else min(best, cost)
    return best


def cost(needs, kit):
    musts = [met for met in kit.met if met.need.must] or kit.met
    stops = {taken.box.giver for met in musts for taken in met.taken}
    sums = [sum(met.badness[n] for met in musts) for n in range(4)]
    return (sums[0], len(stops), round(sum(FAR[each] for each in stops), 1), *sums[1:])


@settings(max_examples=150)
@given(needs=stocks())
def test_no_kit_is_better_than_the_one_that_is_proposed(needs):
    kit = plan(needs)

    assert cost(needs, kit) == best_by_brute_force(needs)


@st.composite
def shared_stocks(draw):
    """Needs that some boxes are good for at once."""
    there_are = [draw(boxes(key)) for key in range(draw(st.integers(1, 6)))]
    return [
        Need(
            number,
            (
                Way(
                    number,
                    draw(st.integers(1, 8)),
                    tuple(draw(st.sets(st.sampled_from(there_are)))),
                ),
            ),
            must=draw(st.booleans()),
        )
        for number in range(draw(st.integers(1, 4)))
    ]


@settings(max_examples=150)
@given(needs=shared_stocks())
def test_nothing_is_taken_twice_nor_less_than_the_giver_gives(needs):
    kit = plan(needs)

    taken = [each for stop in kit.stops.values() for each in stop]
    assert len({each.box.key for each in taken}) == len(taken)
    for each in taken:
        assert max(each.box.least, each.used) <= each.quantity
        assert each.used > 0
    for met in kit.met:
        assert 0 <= met.missing <= met.way.needed
        assert met.used == sum(each.used for each in met.taken)
    left = {box.key: box.left for need in needs for box in need.boxes}
    assert all(each.quantity <= left[each.box.key] for each in taken)


def test_a_big_roll_is_not_opened_for_a_handful():
    remnant = Box(1, 1, 12)
    roll = Box(2, 1, 500)
    whole = Box(3, 1, 500, least=500)
    need = Need(1, (Way(1, 10, (roll, whole, remnant)),))

    [met] = plan([need]).met

    assert [each.box.key for each in met.taken] == [1]
    [met] = plan([Need(1, (Way(1, 10, (whole,)),))]).met
    assert met.taken == ()
