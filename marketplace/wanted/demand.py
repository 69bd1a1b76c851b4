"""What schools are looking for, as companies may read it: counts that point at nobody."""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import QuerySet

from marketplace.materials.models import MaterialCategory
from marketplace.municipalities.models import Municipality
from marketplace.wanted.models import WantedAd

# A smaller count could be traced to a school.
FEWEST = 5


@dataclass(frozen=True)
class Demand:
    """How many organisations look for a main category; `slug` leads to material of it."""

    name: str
    slug: str
    count: int


def demand(municipalities: QuerySet[Municipality] | list[Municipality]) -> tuple[list[Demand], int]:
    """(what is looked for by at least five organisations, how many look for other things).

    Counted are organisations with an open wanted ad in `municipalities`, each once per main
    category, the most wanted first. The rest is a number only from five up, and else 0.
    """
    tops, names = _tops()
    lookers: dict[int, set[int]] = defaultdict(set)
    ads = WantedAd.objects.open().in_municipalities(municipalities)
    for category, organisation in ads.values_list("category", "organisation"):
        lookers[tops[category]].add(organisation)
    shown = [
        Demand(name=names[pk][0], slug=names[pk][1], count=len(who))
        for pk, who in lookers.items()
        if len(who) >= FEWEST
    ]
    others: set[int] = set().union(*(who for who in lookers.values() if len(who) < FEWEST), set())
    shown.sort(key=lambda each: (-each.count, each.name))
    return shown, len(others) if len(others) >= FEWEST else 0


def _tops() -> tuple[dict[int, int], dict[int, tuple[str, str]]]:
    """({category: the one at the top of its branch}, {category: (name, slug)})."""
    names = MaterialCategory.objects.names()
    named = {pk: (names[pk], slug) for pk, slug, _parent in MaterialCategory.objects.tree()}
    return MaterialCategory.objects.tops(), named
