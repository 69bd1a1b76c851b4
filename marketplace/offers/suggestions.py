"""What the form proposes while somebody writes: a category, and what one usually weighs.

Nothing is made up: categories are known by their own names, by tags, and by what former listings
here were called; weights are those that former listings here were given.
"""

import re
from collections import Counter
from decimal import Decimal
from statistics import median

from django.db.models import Count, Q

from marketplace.exchange.stock.models import Stock
from marketplace.listings.models import MaterialListing
from marketplace.materials.models import MaterialCategory
from marketplace.materials.units import KG_PER_MASS_UNIT, Unit, rounded

MOST = 4
SHORTEST_WORD, MOST_WORDS = 3, 8
# Words that stand in many titles and say nothing of what it is.
SMALL_WORDS = {"från", "med", "utan", "till", "för", "som", "och", "samt", "eller", "per"} | {
    "from",
    "with",
    "without",
    "the",
    "and",
    "for",
    "gamla",
    "nya",
    "olika",
}
# How much a word says that is part of a category's name, of a tag, and of a former title.
NAME, TAG, TITLE = 10, 4, 3
# A former listing or two say little, a hundred no more than ten.
MOST_LISTINGS = 10
WEIGHTS = 50


def words_of(text: str) -> list[str]:
    """The words of `text` that say something, in lower case."""
    found = re.findall(r"[^\W\d_]+", text.casefold())
    said = (word for word in found if len(word) >= SHORTEST_WORD and word not in SMALL_WORDS)
    return list(said)[:MOST_WORDS]


def suggest_categories(title: str) -> list[tuple[int, str]]:
    """The likeliest categories of something called `title`: [(key, name in reader's language)]."""
    words = words_of(title)
    if not words:
        return []
    names = MaterialCategory.objects.names()
    scores: Counter[int] = Counter()
    for key, name in [*names.items(), *MaterialCategory.objects.source().values_list("pk", "name")]:
        known = words_of(name)
        scores[key] = max(scores[key], NAME * sum(longest(word, known) for word in words))
    for word in words:
        for weight, called in ((TAG, Q(tags__name__iexact=word)), (TITLE, titled(word))):
            former = MaterialListing.objects.filter(called).values_list("category")
            for key, count in former.annotate(n=Count("pk")).order_by("-n")[:MOST]:
                scores[key] += weight * min(count, MOST_LISTINGS)
    best = [key for key, score in scores.most_common(MOST) if score > 0 and key in names]
    return [(key, names[key]) for key in best]


def titled(word: str) -> Q:
    """A condition: the title has `word` in it. SQLite knows capital letters of ASCII only."""
    return Q(title__icontains=word) | Q(title__icontains=word.capitalize())


def longest(word: str, known: list[str]) -> int:
    """How many letters of `word` one of the `known` words has at an end: pappror has papp and ror.

    What Swedish adds to the end of a word, and compounds, are taken for the same.
    """
    found = 0
    for name in known:
        stem = re.sub(r"(er|or|ar|en|et|na|a|e)$", "", name) if len(name) > 4 else name
        if len(stem) >= SHORTEST_WORD and (word.startswith(stem) or word.endswith((stem, name))):
            found = max(found, len(stem))
        elif len(word) > SHORTEST_WORD and (name.startswith(word) or name.endswith(word)):
            found = max(found, len(word))
    return found


def usual_weight(category: MaterialCategory, unit: str) -> Decimal | None:
    """What one `unit` of `category` weighs in kg, by former listings here; None if none says.

    The median of the latest ones, of the category itself or else of all below the same parent.
    """
    if unit in KG_PER_MASS_UNIT:
        return Decimal(KG_PER_MASS_UNIT[Unit(unit)])
    for slugs in ([category.slug], [category.parent.slug] if category.parent else []):
        kinds = MaterialCategory.objects.with_descendants(slugs=slugs)
        former = Stock.objects.filter(listing__category__in=kinds, unit=unit).order_by("-pk")
        weights = list(former.values_list("kg_per_unit", flat=True)[:WEIGHTS])
        if weights:
            return rounded(median(weights), Decimal("0.0001"))
    return None
