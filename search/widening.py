"""What to try when nothing was found: each way with the number of things it leads to."""

from dataclasses import replace

from django.utils.translation import gettext as _

from .addresses import with_value, without
from .answer import answer
from .engine import FACETS, SWITCHES, distance_km

# Each way costs a question.
LOOSER = 3
NEIGHBOURS = 3
RELATED = 4


def wider(query, result, labels, params):
    """{"looser", "neighbours", "related"}: lists of {"label", "url", "count"}."""
    return {
        "looser": looser(query, labels, params),
        "neighbours": neighbours(query, result, labels, params),
        "related": related(query, result, labels, params),
    }


def looser(query, labels, params):
    """The question with one filter less, and without any, as far as that finds something."""
    chosen = [name for name in (*FACETS, *SWITCHES) if name in query.filters and name in params]
    ways = []
    for name in chosen[:LOOSER] if query.text or len(chosen) > 1 else []:
        words = ", ".join(labels.label(name, value) for value in query.filters[name])
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


def _only(params, *names):
    kept = params.copy()
    for name in list(kept):
        if name not in names:
            kept.pop(name)
    return kept


def neighbours(query, result, labels, params):
    """The nearest municipalities to those chosen where it can be found."""
    chosen = [
        labels.municipalities[slug]
        for slug in query.filters.get("kommun", [])
        if slug in labels.municipalities
    ]
    if not chosen:
        return []

    def distance(slug):
        there = labels.municipalities[slug]
        return min(
            distance_km((each.latitude, each.longitude), (there.latitude, there.longitude))
            for each in chosen
        )

    counts = {
        slug: count
        for slug, count in result.facets.get("kommun", {}).items()
        if count and slug in labels.municipalities
    }
    return [
        {
            "label": _("%(place)s, %(distance)s km")
            % {"place": labels.municipalities[slug].name, "distance": round(distance(slug))},
            "url": f"?{with_value(params, 'kommun', slug)}",
            "count": counts[slug],
        }
        for slug in sorted(counts, key=distance)[:NEIGHBOURS]
    ]


def related(query, result, labels, params):
    """Categories beside and above those chosen where there is something."""
    counts = result.facets.get("kategori", {})
    chosen = query.filters.get("kategori", [])
    if not chosen:
        return []
    above = {up for slug in chosen for up in labels.above(slug)[:1]}
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
            "url": f"?{with_value(params, 'kategori', slug)}",
            "count": counts[slug],
        }
        for slug in beside[:RELATED]
    ]
