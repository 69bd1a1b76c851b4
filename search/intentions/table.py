"""The active intentions, and how a query is matched against them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import combinations

from marketplace.materials.models import MaterialCategory
from portal.foundation.caching import Stamp
from search.intentions.models import LONGEST_PHRASE, Intention, split
from search.query import analysis, ranking

STAMP = Stamp("search:intentions", seconds=30)
MOST_WORDS = 12
# The last part of a compound that says that the first one is a theme.
OCCASIONS = frozenset(map(analysis.stem, ("tema", "pyssel", "lek", "projekt", "vecka", "dag")))


@dataclass(frozen=True)
class Leads:
    """What an intention leads to.

    `codes` are {field of an entry: {term: weight}}, `words` phrases to look for in the texts.
    `names_property` tells that it asks for what a thing is like.
    """

    codes: dict = field(default_factory=dict)
    words: tuple[tuple[str, ...], ...] = ()
    names_property: bool = False

    @property
    def is_only_for_whom(self) -> bool:
        """Whether it names an age or a subject and no material: that narrows, and is no must."""
        return not self.words and "category_names" not in self.codes

    @property
    def is_to_do(self) -> bool:
        """Whether it is something to do or a theme: neither what a thing is like nor for whom."""
        return not self.names_property and not self.is_only_for_whom

    def __or__(self, other: "Leads") -> "Leads":
        codes = {name: dict(weights) for name, weights in self.codes.items()}
        for name, weights in other.codes.items():
            for term, weight in weights.items():
                codes.setdefault(name, {})
                codes[name][term] = max(weight, codes[name].get(term, 0))
        words = tuple(dict.fromkeys(self.words + other.words))
        return Leads(codes, words, self.names_property or other.names_property)


@dataclass(frozen=True)
class Match:
    """The places of the words of a question that say an intention, and where it leads.

    `telling` are those of the words that say it alone as well: koja in "bygga en koja".
    """

    places: tuple[int, ...]
    leads: Leads
    telling: tuple[str, ...]


class Table:
    """All intentions by the stems of the phrases that say them.

    `names` are the terms of what kinds of material are called.
    """

    def __init__(self, rows: Iterable[tuple[list[str], Leads]], names: Iterable[str] = ()) -> None:
        self.by_stems: dict[frozenset, Leads] = {}
        self.names = frozenset(names)
        for phrases, leads in rows:
            for phrase in phrases:
                key = key_of(phrase)
                self.by_stems[key] = self.by_stems.get(key, Leads()) | leads

    def match(self, words: list[str]) -> list[Match]:
        """The intentions that `words` say, the longest phrases first; each word counts once.

        The words of a phrase need not stand together. A compound says what its parts say, unless
        it has a row of its own: havstema.
        """
        stems = [analysis.stem(word) for word in words]
        free = list(range(len(words)))
        found = []
        for length in range(min(LONGEST_PHRASE, len(words)), 0, -1):
            for places in combinations(free, length):
                leads = self.by_stems.get(frozenset(stems[place] for place in places))
                if leads and set(places) <= set(free):
                    alone = [words[at] for at in places if self.alone(stems[at]) == leads]
                    found.append(Match(places, leads, tuple(alone)))
                    free = [place for place in free if place not in places]
        for place in free:
            if leads := self.of_parts(words[place]):
                found.append(Match((place,), leads, (words[place],)))
        return found

    def of_parts(self, word: str) -> Leads | None:
        """What the theme of a compound leads to: havstema, djurpyssel, rymdlek."""
        *theme, last = analysis.parts(word) or [""]
        if len(theme) != 1 or analysis.stem(last) not in OCCASIONS:
            return None
        for form in (theme[0], theme[0].removesuffix("s")):
            if leads := self.alone(analysis.stem(form)):
                return leads
        return None

    def names_material(self, word: str) -> bool:
        """Whether a kind of material is called by `word`, alone or in a compound."""
        return not self.names.isdisjoint([*analysis.stems(word), *analysis.part_stems(word)])

    def alone(self, stem: str) -> Leads | None:
        return self.by_stems.get(frozenset([stem]))


def key_of(phrase: str) -> frozenset[str]:
    """The stems of a phrase without stop words: in any order they say the same."""
    return frozenset(analysis.stem(word) for word in analysis.words(phrase)[:LONGEST_PHRASE])


def leads_of(intention: Intention, properties: dict[str, set]) -> Leads:
    """The `Leads` of a row. `properties` are the slugs of the categories that have each."""
    weights: dict[str, float] = {}
    if intention.properties:
        for slug in set.intersection(
            *(properties.get(each, set()) for each in intention.properties)
        ):
            weights[slug] = ranking.HAS_PROPERTY
    for slug in intention.categories:
        weights[slug] = weights.get(slug, 0) + ranking.FITS
    for slug in intention.best_categories:
        weights[slug] = weights.get(slug, 0) + ranking.FITS_BEST
    codes = {}
    if weights:
        codes["category_names"] = {
            analysis.code(analysis.CATEGORY, slug): weight for slug, weight in weights.items()
        }
    subject = ranking.HINT if weights or intention.words else ranking.OF_SUBJECT
    lessons = {
        analysis.code(analysis.AGE, slug): ranking.FOR_AGE for slug in intention.age_groups
    } | {analysis.code(analysis.SUBJECT, slug): subject for slug in intention.subjects}
    if lessons:
        codes["keywords"] = lessons
    words = tuple(tuple(analysis.words(each)) for each in split(intention.words))
    return Leads(codes, words, intention.type == intention.Type.PROPERTY)


def with_below(slugs: Iterable[str], children: dict[str, list[str]]) -> list[str]:
    """`slugs` and those of the categories below them."""
    found = list(slugs)
    for slug in found:
        found += [each for each in children.get(slug, ()) if each not in found]
    return found


def table() -> Table:
    """The table in force. Kept in the process until a row is saved or half a minute has passed."""
    return _load(STAMP.current())


@lru_cache(maxsize=1)
def _load(_stamp: str) -> Table:
    children: dict[str, list] = {}
    properties: dict[str, set] = {}
    names: set[str] = set()
    columns = ("slug", "parent__slug", "properties", "name")
    for slug, parent, having, name in MaterialCategory.objects.source().values_list(*columns):
        names.update(analysis.terms(name))
        children.setdefault(parent, []).append(slug)
        for each in having:
            properties.setdefault(each, set()).add(slug)
    rows = []
    for row in Intention.objects.filter(active=True):
        row.best_categories = with_below(row.best_categories, children)
        row.categories = with_below(row.categories, children)
        rows.append((split(row.phrases), leads_of(row, properties)))
    return Table(rows, names)


def connect() -> None:
    for model in (Intention, MaterialCategory):
        STAMP.follow(model)
