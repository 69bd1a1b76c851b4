"""What the search page shows: cards, facets, and the filters that have been chosen."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.utils.text import Truncator
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from inspiration.lessons.tips.models import LessonTip
from marketplace.safety.answers import Answers
from marketplace.safety.rules import in_a_line
from marketplace.translations.models import TranslatedText
from search.engines.base import AGES, FACETS, SWITCHES, Hit, distance_km
from search.engines.highlighting import LENGTH
from search.index.models import SearchEntry
from search.query.params import url_of, without
from search.results.labels import Labels, age_label
from search.results.pictures import add
from search.results.search import Search

# So many values of a facet are shown at once; the rest is one more tap away.
SHOWN = 8
OPEN_AT_FIRST = ("typ", "kategori", "kommun")


def titles() -> dict[str, str]:
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


# --- Facets ----------------------------------------------------------------------------------


def facets(search: Search) -> list[dict[str, Any]]:
    """The groups of filters with their counts; what is chosen is shown even when it counts none."""
    groups = []
    for name, title in titles().items():
        if name == "typ" and search.only:
            continue
        chosen = search.chosen(name)
        counts = dict.fromkeys(chosen, 0) | search.counts(name)
        known = search.labels.by_facet[name]
        if name == "kategori":
            values = list(tree(counts, chosen, search.labels))
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


def in_order(name: str, counts: Collection[str], known: dict[str, str]) -> list[str]:
    """The values that count, always in the same order, so that nothing jumps when one is chosen."""
    values = [value for value in known if value in counts]
    if name in ("ort", "amne"):
        values.sort(key=lambda value: str(known[value]))
    return values


def fold(options: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """(what is shown, what is one more tap away): the most frequent and what is chosen first."""
    if len(options) <= SHOWN + 2:
        return options, []
    most = sorted(options, key=lambda option: (not option["selected"], -option["count"]))[:SHOWN]
    return [each for each in options if each in most], [
        each for each in options if each not in most
    ]


def tree(counts: dict[str, int], chosen: list[str], labels: Labels) -> Iterator[tuple[str, int]]:
    """(slug, depth) of the categories to show: the roots, and what is below those in use."""
    children: dict[str | None, list[str]] = {}
    for slug in labels.categories:
        children.setdefault(labels.parents.get(slug), []).append(slug)
    opened = {above for slug in chosen for above in (slug, *labels.above(slug))}

    def below(parent: str | None, depth: int) -> Iterator[tuple[str, int]]:
        for slug in sorted(children.get(parent, ()), key=lambda slug: labels.categories[slug]):
            if counts.get(slug) or slug in opened:
                yield slug, depth
                if slug in opened:
                    yield from below(slug, depth + 1)

    return below(None, 0)


def switches(search: Search) -> list[dict[str, Any]]:
    """The filters that are on or off."""
    return [
        {
            "name": name,
            "label": label,
            "count": search.counts(name).get("1", 0),
            "selected": bool(search.chosen(name)),
        }
        for name, label in (
            ("nu", _("Can be collected now")),
            ("leverans", _("Can be delivered")),
            ("utanbil", _("I am coming without a car")),
        )
    ]


def ages(search: Search) -> dict[str, Any]:
    """From which age on material must suit children, with counts."""
    counts = search.counts("fran")
    chosen = (search.chosen("fran") or [""])[0]
    return {
        "chosen": chosen,
        "options": [
            {"value": age, "label": age_label(age), "count": counts.get(age, 0)} for age in AGES
        ],
    }


def chips(search: Search) -> list[dict[str, str]]:
    """The chosen filters, each with the address without it."""
    return [
        {
            "label": search.labels.label(name, value),
            "url": f"?{without(search.params, name, value)}",
        }
        for name in (*FACETS, *SWITCHES)
        for value in search.chosen(name)
        if not (name == "typ" and search.only)
    ]


def near_choices(search: Search) -> list[tuple[str, str]]:
    """[(slug, name)] of the municipalities that distances can be counted from."""
    return [(each.slug, each.name) for each in search.municipalities]


# --- Cards -----------------------------------------------------------------------------------


def municipality_centres(labels: Labels) -> set[tuple[float, float]]:
    """Where the middle of each municipality is, as entries have it."""
    places = labels.municipalities.values()
    return {(float(each.latitude), float(each.longitude)) for each in places}


def cards(search: Search, hits: Sequence[Hit]) -> list[dict[str, Any]]:
    """What the cards of `hits` show, in their order: one query, however many there are.

    What has disappeared since Elasticsearch was told about it last is left out.
    """
    query, labels = search.query, search.labels
    shown = SearchEntry.objects.visible(query.today).for_cards()
    entries = shown.in_bulk([hit.entry_id for hit in hits])
    add(entries.values())
    found = []
    first = (query.page - 1) * query.page_size + 1
    centres, units = municipality_centres(labels), units_of_tips(hits)
    in_language = translated(entries.values())
    for position, hit in enumerate(hits, start=first):
        entry = entries.get(hit.entry_id)
        if entry is None:
            continue
        # A place that is not known stands for its municipality's centre, and is no place to go to.
        known = entry.place if entry.place not in centres else None
        distance = distance_km(query.origin, known)
        found.append(
            {
                "position": position,
                "entry": entry,
                "title": entry.title,
                "language": entry.language,
                "url": url_of(entry),
                "kicker": units.get(entry.object_id, "")
                if entry.type == SearchEntry.Type.TIP
                else labels.categories.get(next(iter(entry.categories), ""), ""),
                "text": text_of(entry, hit),
                **in_language.get((entry.type, entry.object_id), {}),
                "left": _("%(amount)s left") % {"amount": entry.amount} if entry.amount else "",
                "place": place_of(entry, labels, distance),
                "safety": in_a_line(Answers(*entry.safety)) if entry.safety else None,
            }
        )
    return found


def translated(entries: Iterable[SearchEntry]) -> dict[tuple[str, int], dict[str, Any]]:
    """{(type, key): what its card shows instead} of what is translated to the reader's language.

    One query, and none in the language that organisations write in.
    """
    language = get_language() or settings.LANGUAGE_CODE
    if language == settings.LANGUAGE_CODE:
        return {}
    keys: dict[str, list[int]] = {}
    for entry in entries:
        keys.setdefault(entry.type, []).append(entry.object_id)
    texts = TranslatedText.objects.published_in(language).filter(
        Q(listing__in=keys.get(SearchEntry.Type.MATERIAL, ()))
        | Q(wanted_ad__in=keys.get(SearchEntry.Type.WANTED, ()))
    )
    found = {}
    for each in texts.select_related("listing", "wanted_ad"):
        if not each.fits:
            continue
        shown = {"title": each.title, "language": language}
        if each.listing_id:
            found[SearchEntry.Type.MATERIAL.value, each.listing_id] = shown | {"text": ""}
        elif each.wanted_ad_id:
            text = Truncator(each.text).chars(LENGTH)
            found[SearchEntry.Type.WANTED.value, each.wanted_ad_id] = shown | {"text": text}
    return found


def units_of_tips(hits: Sequence[Hit]) -> dict[int, str]:
    """{key of a tip: the unit that tells it}, in a query if there are any."""
    keys = [hit.object_id for hit in hits if hit.type == SearchEntry.Type.TIP]
    if not keys:
        return {}
    found = LessonTip.objects.filter(pk__in=keys).values_list("pk", "organisation__name")
    return dict(found)


def text_of(entry: SearchEntry, hit: Hit) -> str:
    """The piece of its text that answers, or the beginning of what it says.

    What an event says begins with its day, without which it is of no use.
    """
    if hit.highlight and entry.type != SearchEntry.Type.EVENT:
        return hit.highlight
    if entry.type in (SearchEntry.Type.WANTED, SearchEntry.Type.TIP) and not entry.summary:
        return Truncator(entry.body).chars(LENGTH)
    return Truncator(entry.summary).chars(LENGTH) if entry.summary else ""


def place_of(entry: SearchEntry, labels: Labels, distance: float | None) -> str:
    """Where something is, and how far away, in a few words."""
    name = labels.by_facet["kommun"].get(entry.municipality, "")
    if name and distance is not None:
        return _("%(place)s, %(distance)s km") % {"place": name, "distance": round(distance)}
    return name
