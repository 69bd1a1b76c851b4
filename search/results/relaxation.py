"""What to try when nothing was found: each way with the number of things it leads to."""

from dataclasses import replace
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from search.engines.base import FACETS, SWITCHES, SearchQuery, distance_km
from search.engines.fallback import answer
from search.index.models import SearchEntry
from search.query.params import with_value, without
from search.results.search import Search

NEWEST = 4
# Each way costs a question.
LOOSER = 3
NEIGHBOURS = 3
RELATED = 4
# {label, url, count} of something else to try.
Way = dict[str, Any]


def newest_material(query: SearchQuery) -> SearchQuery:
    """The question for the newest material that may be shown where `query` was asked."""
    return SearchQuery(
        language=query.language,
        filters={"typ": [str(SearchEntry.Type.MATERIAL)]},
        page_size=NEWEST,
        origin=query.origin,
        municipalities=query.municipalities,
        site=query.site,
        homes=query.homes,
    )


def wider(search: Search) -> dict[str, list[Way]]:
    """{"looser", "neighbours", "related"}: lists of {"label", "url", "count"}."""
    return {
        "looser": looser(search),
        "neighbours": neighbours(search),
        "related": related(search),
    }


def looser(search: Search) -> list[Way]:
    """The question with one filter less, and without any, as far as that finds something."""
    query, params = search.query, search.params
    chosen = [name for name in (*FACETS, *SWITCHES) if name in query.filters and name in params]
    ways = []
    for name in chosen[:LOOSER] if query.text or len(chosen) > 1 else []:
        words = ", ".join(search.labels.label(name, value) for value in query.filters[name])
        ways.append(
            (
                _("Without “%(filter)s”") % {"filter": words},
                query.without(name),
                without(params, name),
            )
        )
    if chosen and query.text:
        bare = replace(
            query,
            filters={name: query.filters[name] for name in query.filters if name not in params},
        )
        if len(chosen) > 1:
            ways.append(
                (_("Without any filter"), bare, with_value(_only(params, "q"), "q", query.text))
            )
    found = []
    for label, question, address in ways:
        # One hit is enough to count them all.
        total = answer(replace(question, page=1, page_size=1)).total
        if total:
            found.append({"label": label, "url": f"?{address}", "count": total})
    return found


def _only(params: QueryDict, *names: str) -> QueryDict:
    kept = params.copy()
    for name in list(kept):
        if name not in names:
            kept.pop(name)
    return kept


def neighbours(search: Search) -> list[Way]:
    """The nearest municipalities to those chosen where it can be found."""
    known = search.labels.municipalities
    chosen = [known[slug] for slug in search.chosen("kommun") if slug in known]
    if not chosen:
        return []

    def distance(slug: str) -> float:
        there = known[slug]
        position = there.latitude, there.longitude
        return min(distance_km((each.latitude, each.longitude), position) or 0.0 for each in chosen)

    counts = {
        slug: count for slug, count in search.counts("kommun").items() if count and slug in known
    }
    return [
        {
            "label": _("%(place)s, %(distance)s km")
            % {"place": known[slug].name, "distance": round(distance(slug))},
            "url": f"?{with_value(search.params, 'kommun', slug)}",
            "count": counts[slug],
        }
        for slug in sorted(counts, key=distance)[:NEIGHBOURS]
    ]


def related(search: Search) -> list[Way]:
    """Categories beside and above those chosen where there is something."""
    labels, chosen = search.labels, search.chosen("kategori")
    counts = search.counts("kategori")
    if not chosen:
        return []
    above: set[str | None] = {up for slug in chosen for up in labels.above(slug)[:1]}
    beside = [
        slug
        for slug in labels.categories
        if slug not in chosen and (slug in above or labels.parents.get(slug) in (above or {None}))
    ]
    beside = [slug for slug in beside if counts.get(slug)]
    beside.sort(key=lambda slug: (slug not in above, -counts[slug]))
    return [
        {
            "label": labels.categories[slug],
            "url": f"?{with_value(search.params, 'kategori', slug)}",
            "count": counts[slug],
        }
        for slug in beside[:RELATED]
    ]
