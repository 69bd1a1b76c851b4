"""The search page, the list of material, and suggestions while typing."""

from django.core.paginator import Page, Paginator
from django.http import JsonResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from marketplace import permissions
from marketplace.models import (
    MaterialCategory,
    MaterialListing,
    Municipality,
    Organisation,
    Unit,
)
from marketplace.models.municipalities import ParticipationSettings

from .answer import answer
from .engine import MAX_PAGE, PAGE_SIZE, SORTS, SearchQuery, distance_km
from .models import SearchEntry
from .suggestions import suggestions


def search(request):
    """Everything that can be found: material, wanted ads and every kind of page."""
    return respond(request, only=None)


def material(request):
    """The same search, limited to material."""
    return respond(request, only=SearchEntry.Kind.MATERIAL)


def suggest(request):
    """Suggestions for what has been typed so far, as JSON."""
    found = suggestions(request.GET.get("q", "")[:60], language=get_language())
    return JsonResponse({"suggestions": found})


def respond(request, *, only):
    organisation = permissions.acting_organisation(request)
    query = SearchQuery.from_params(
        request.GET,
        language=get_language(),
        origin=organisation.position if organisation else None,
        only=only,
        municipalities=participating(request),
    )
    result = answer(query)
    categories = category_names()
    context = {
        "query": query,
        "result": result,
        "only": only,
        "cards": cards(result, query, categories),
        "page": result_page(result, query),
        "facets": facets(result, query, categories, only=only),
        "sorts": [
            (value, label) for value, label in SORTS.items() if value != "narmast" or query.origin
        ],
        "is_narrowed": any(name != "typ" or not only for name in query.filters),
    }
    template = (
        "search/results.html" if request.htmx and not request.htmx.boosted else "search/search.html"
    )
    response = render(request, template, context)
    response["X-Search-Engine"] = result.engine
    response["Vary"] = "HX-Request"
    return response


def participating(request):
    """The slugs of the municipalities that the site is for, or None for all."""
    chosen = ParticipationSettings.for_request(request).municipalities.values_list(
        "slug", flat=True
    )
    return tuple(chosen) or None


def result_page(result, query):
    """Django's `Page` for the pager; there are never more pages than can be asked for."""
    paginator = Paginator(range(min(result.total, MAX_PAGE * PAGE_SIZE)), PAGE_SIZE)
    return Page([], min(query.page, paginator.num_pages), paginator)


def cards(result, query, categories):
    """What the cards show, in the order of the hits: two queries, however many there are."""
    entries = SearchEntry.objects.select_related("image").prefetch_related("image__renditions")
    entries = entries.in_bulk([hit.entry_id for hit in result.hits])
    listings = MaterialListing.objects.for_cards().in_bulk(
        [hit.object_id for hit in result.hits if hit.kind == SearchEntry.Kind.MATERIAL]
    )
    found = []
    for hit in result.hits:
        entry = entries.get(hit.entry_id)
        if entry is None:
            continue
        listing = listings.get(hit.object_id) if hit.kind == SearchEntry.Kind.MATERIAL else None
        found.append(
            {
                "entry": entry,
                "listing": listing,
                "category": categories.get(entry.categories[0], "") if entry.categories else "",
                "highlight": hit.highlight,
                "distance_km": distance_km(query.origin, entry.place),
            }
        )
    return found


def category_names():
    """{slug: name in the reader's language}, parents before children."""
    names = {}
    for slug, name, language in MaterialCategory.objects.values_list(
        "slug", "name", "locale__language_code"
    ):
        if language == get_language() or slug not in names:
            names[slug] = name
    return names


def facets(result, query, categories, *, only):
    """The groups of filters with their counts; what is chosen is shown even when it counts none."""
    municipalities = dict(Municipality.objects.values_list("slug", "name"))
    labels = {
        "typ": dict(SearchEntry.Kind.choices),
        "kategori": categories,
        "kommun": municipalities,
        "skick": dict(MaterialListing.Condition.choices),
        "givare": dict(Organisation.Kind.choices),
        "enhet": dict(Unit.choices),
    }
    titles = {
        "typ": _("What"),
        "kategori": _("Kind of material"),
        "kommun": _("Municipality"),
        "skick": _("Condition"),
        "givare": _("From"),
        "enhet": _("Counted in"),
    }
    groups = []
    for name, title in titles.items():
        if name == "typ" and only:
            continue
        chosen = query.filters.get(name, [])
        counts = {value: 0 for value in chosen} | result.facets.get(name, {})
        options = [
            {
                "value": value,
                "label": labels[name].get(value, value),
                "count": counts[value],
                "selected": value in chosen,
            }
            for value in counts
            if value in labels[name]
        ]
        options.sort(key=lambda option: (-option["count"], str(option["label"])))
        if options:
            groups.append(
                {
                    "name": name,
                    "title": title,
                    "options": options,
                    "open": bool(chosen) or name in ("typ", "kategori"),
                }
            )
    return groups
