"""What the search page shows: cards, facets, and the filters that have been chosen."""

from dataclasses import replace

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from inspiration.curriculum import AgeGroup, Subject
from marketplace.models import MaterialListing, Organisation, Unit

from . import pictures, reference
from .addresses import url_of, without
from .engine import AGES, FACETS, distance_km
from .models import SearchEntry
from .places import areas

# So many values of a facet are shown at once; the rest is one more tap away.
SHOWN = 8
# Facets that are about lesson ideas and not about material.
OPEN_AT_FIRST = ("typ", "kategori", "kommun")


class Labels:
    """What the values of all facets are called in the reader's language."""

    def __init__(self):
        self.municipalities = reference.municipalities()
        self.categories, self.parents = reference.categories()
        self.by_facet = {
            "typ": dict(SearchEntry.Kind.choices),
            "kategori": self.categories,
            "kommun": {slug: each.name for slug, each in self.municipalities.items()},
            "ort": {area.slug: area.name for area in areas().values()},
            "skick": dict(MaterialListing.Condition.choices),
            "alder": dict(AgeGroup.choices),
            "amne": dict(Subject.choices),
            "givare": dict(Organisation.Kind.choices),
            "enhet": dict(Unit.choices),
            "nu": {"1": _("Can be fetched now")},
            "leverans": {"1": _("Can be delivered")},
            "fran": {age: age_label(age) for age in AGES},
        }

    def label(self, facet, value):
        return str(self.by_facet[facet].get(value, value))

    def above(self, slug):
        """The categories above one, the nearest first."""
        found = []
        while slug := self.parents.get(slug):
            found.append(slug)
        return found


def titles():
    """What each facet is called, in the order in which they are shown."""
    return {
        "typ": _("What"),
        "kategori": _("Kind of material"),
        "kommun": _("Municipality"),
        "ort": _("Pickup area"),
        "skick": _("Condition"),
        "alder": _("Age group"),
        "amne": _("Subject"),
        "givare": _("From"),
        "enhet": _("Counted in"),
    }


def age_label(age):
    return _("Children from %(age)s years") % {"age": age}


def narrowest_categories(query, labels):
    """The same question without the categories above others that are chosen as well.

    Whoever ticks "Wood" and then "Off-cuts" below it wants off-cuts, not all wood.
    """
    chosen = query.filters.get("kategori", [])
    wider = {above for slug in chosen for above in labels.above(slug)}
    if not wider.intersection(chosen):
        return query
    narrow = [slug for slug in chosen if slug not in wider]
    return replace(query, filters=query.filters | {"kategori": narrow})


# --- Facets ----------------------------------------------------------------------------------


def facets(result, query, labels, *, only):
    """The groups of filters with their counts; what is chosen is shown even when it counts none."""
    groups = []
    for name, title in titles().items():
        if name == "typ" and only:
            continue
        chosen = query.filters.get(name, [])
        counts = dict.fromkeys(chosen, 0) | result.facets.get(name, {})
        known = labels.by_facet[name]
        if name == "kategori":
            values = list(tree(counts, chosen, labels))
        else:
            values = [(value, 0) for value in in_order(name, counts, known)]
        options = [
            {
                "value": value,
                "label": known[value],
                "count": counts.get(value, 0),
                "selected": value in chosen,
                "depth": depth,
            }
            for value, depth in values
        ]
        if len(options) > 1 or chosen:
            shown, more = fold(options) if name != "kategori" else (options, [])
            groups.append(
                {
                    "name": name,
                    "title": title,
                    "options": shown,
                    "more": more,
                    "chosen": len(chosen),
                    "open": bool(chosen) or name in OPEN_AT_FIRST,
                }
            )
    return groups


def in_order(name, counts, known):
    """The values that count, always in the same order, so that nothing jumps when one is chosen."""
    values = [value for value in known if value in counts]
    if name in ("ort", "amne"):
        values.sort(key=lambda value: str(known[value]))
    return values


def fold(options):
    """(what is shown, what is one more tap away): the most frequent and what is chosen first."""
    if len(options) <= SHOWN + 2:
        return options, []
    most = sorted(options, key=lambda option: (not option["selected"], -option["count"]))[:SHOWN]
    return [each for each in options if each in most], [
        each for each in options if each not in most
    ]


def tree(counts, chosen, labels):
    """(slug, depth) of the categories to show: the roots, and what is below those in use."""
    children = {}
    for slug in labels.categories:
        children.setdefault(labels.parents.get(slug), []).append(slug)
    opened = {above for slug in chosen for above in (slug, *labels.above(slug))}

    def below(parent, depth):
        for slug in sorted(children.get(parent, ()), key=lambda slug: labels.categories[slug]):
            if counts.get(slug) or slug in opened:
                yield slug, depth
                if slug in opened:
                    yield from below(slug, depth + 1)

    return below(None, 0)


def switches(result, query):
    """The filters that are on or off."""
    return [
        {
            "name": name,
            "label": label,
            "count": result.facets.get(name, {}).get("1", 0),
            "selected": name in query.filters,
        }
        for name, label in (("nu", _("Can be fetched now")), ("leverans", _("Can be delivered")))
    ]


def ages(result, query):
    """From which age on material must suit children, with counts."""
    counts = result.facets.get("fran", {})
    chosen = query.filters.get("fran", [""])[0]
    return {
        "chosen": chosen,
        "options": [
            {"value": age, "label": age_label(age), "count": counts.get(age, 0)} for age in AGES
        ],
    }


def chips(query, labels, params, *, only):
    """The chosen filters, each with the address without it."""
    return [
        {"label": labels.label(name, value), "url": f"?{without(params, name, value)}"}
        for name in (*FACETS, "nu", "leverans", "fran")
        for value in query.filters.get(name, [])
        if not (name == "typ" and only)
    ]


def near_choices(labels, query):
    """[(slug, name)] of the municipalities that distances can be counted from."""
    return [
        (slug, each.name)
        for slug, each in labels.municipalities.items()
        if query.municipalities is None or slug in query.municipalities
    ]


def describe(query, labels):
    """The question in a few words, as the name of a saved search."""
    words = [query.text] if query.text else []
    words += [
        labels.label(name, value)
        for name in ("kategori", "kommun", "ort", "typ", "skick", "alder", "amne", "givare")
        for value in query.filters.get(name, [])
    ]
    words += [
        labels.label(name, query.filters[name][0]) for name in query.filters if name in SWITCHED
    ]
    return ", ".join(words)[:80] or _("Everything new")


SWITCHED = ("nu", "leverans", "fran")


# --- Cards -----------------------------------------------------------------------------------


def cards(result, query, labels):
    """What the cards show, in the order of the hits: one query, however many there are.

    What has disappeared since Elasticsearch was told about it last is left out.
    """
    entries = SearchEntry.objects.visible(query.today).for_cards()
    entries = entries.in_bulk([hit.entry_id for hit in result.hits])
    pictures.add(entries.values())
    found = []
    first = (query.page - 1) * query.page_size + 1
    for position, hit in enumerate(result.hits, start=first):
        entry = entries.get(hit.entry_id)
        if entry is None:
            continue
        distance = distance_km(query.origin, entry.place)
        found.append(
            {
                "position": position,
                "entry": entry,
                "url": url_of(entry),
                "category": labels.categories.get(entry.categories[0], "")
                if entry.categories
                else "",
                "text": text_of(entry, hit),
                "left": _("%(amount)s left") % {"amount": entry.amount} if entry.amount else "",
                "place": place_of(entry, labels, distance),
            }
        )
    return found


def text_of(entry, hit):
    """The piece of its text that answers, or the beginning of what it says."""
    if hit.highlight:
        return hit.highlight
    if entry.kind == SearchEntry.Kind.WANTED and not entry.summary:
        return Truncator(entry.body).chars(120)
    return Truncator(entry.summary).chars(160) if entry.summary else ""


def place_of(entry, labels, distance):
    """Where something is, and how far away, in a few words."""
    name = labels.by_facet["kommun"].get(entry.municipality, "")
    if name and distance is not None:
        return _("%(place)s, %(distance)s km") % {"place": name, "distance": round(distance)}
    return name
