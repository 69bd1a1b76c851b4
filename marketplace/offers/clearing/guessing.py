"""What a thing probably is and weighs, by the word that somebody wrote in passing.

Earlier listings know best: what others called by the same word. Then the names of the categories.
"""

import re
from collections import Counter
from decimal import Decimal

from django.db.models import Avg

from marketplace.exchange.stock.models import Stock
from marketplace.listings.models import MaterialListing
from marketplace.materials.models import MaterialCategory
from marketplace.materials.units import Unit
from marketplace.offers.suggestions import words_of

COUNTED = re.compile(r"^\s*(\d{1,6})\s+(?=\S)")
WORD = re.compile(r"[^\W\d_]{3,}")
# Endings of number and form that a word may have, and still be the same: stol, stolar, stolarna.
SHORTEST_STEM = 4
USUAL_KG = Decimal(1)
MOST_EARLIER = 200


def count_and_word(text: str) -> tuple[int | None, str]:
    """(12, "Stolar") of "12 stolar"; (None, "Stolar") of what has no number in front."""
    found = COUNTED.match(text)
    rest = text[found.end() :] if found else text
    rest = " ".join(rest.split())
    return int(found.group(1)) if found else None, rest[:1].upper() + rest[1:]


def guess_category(title: str) -> MaterialCategory | None:
    """The category that `title` is probably of, or None."""
    words = sorted(words_of(title), key=len, reverse=True)
    for word in words:
        if known := _by_earlier(word):
            return known
    names = MaterialCategory.objects.by_any_name()
    for word in words:
        for name, category in names.items():
            if any(_same(word, part) for part in WORD.findall(name)):
                return category
    return None


def _by_earlier(word: str) -> MaterialCategory | None:
    """What most earlier listings are of that have the word itself, not only its letters, as title.

    “Lampor” is not in “Flamskydd”, and a box of something else is not a box.
    """
    earlier = MaterialListing.objects.filter(
        title__icontains=word[: max(SHORTEST_STEM, len(word) - 2)], first_published_at__isnull=False
    )
    found = Counter(
        category
        for category, title in earlier.values_list("category", "title")[:MOST_EARLIER]
        if any(_same(word, each) for each in words_of(title))
    ).most_common(1)
    return MaterialCategory.objects.get(pk=found[0][0]) if found else None


def _same(one: str, other: str) -> bool:
    """Whether two words are forms of one: one begins like the other, but for an ending."""
    stem = min(len(one), len(other))
    if stem < SHORTEST_STEM:
        return one == other
    shared = max(SHORTEST_STEM, stem - 1)
    return one[:shared] == other[:shared] and abs(len(one) - len(other)) <= SHORTEST_STEM


def guess_kilograms(category: MaterialCategory) -> Decimal:
    """What one piece of `category` has weighed in earlier listings, in kg; else one kilogram."""
    pieces = Stock.objects.filter(listing__category=category, unit=Unit.PIECE)
    mean = pieces.aggregate(mean=Avg("kg_per_unit"))["mean"]
    return round(Decimal(mean), 1) or USUAL_KG if mean else USUAL_KG
