"""The search page, the list of material, and suggestions while typing."""

from django.core.paginator import Page, Paginator
from django.http import JsonResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language
from wagtail.models import Site

from marketplace import permissions

from .. import counting, page, promotions, reference, widening
from ..addresses import NEAR, params_of
from ..answer import answer
from ..engine import MAX_PAGE, PAGE_SIZE, SORTS, SearchQuery, readable
from ..map import draw
from ..models import SearchEntry
from ..suggestions import suggestions

PART = "search-body"


def search(request):
    """Everything that can be found: material, wanted ads and every kind of page."""
    return respond(request, only=None)


def material(request):
    """The same search, limited to material."""
    return respond(request, only=SearchEntry.Kind.MATERIAL)


def suggest(request):
    """Suggestions for what has been typed so far, as JSON."""
    found = suggestions(
        readable(request.GET.get("q", ""), 60),
        language=get_language(),
        **reference.limits(Site.find_for_request(request)),
    )
    return JsonResponse({"suggestions": found})


def respond(request, *, only):
    organisation = permissions.acting_organisation(request)
    near = reference.municipalities().get(request.GET.get(NEAR))
    query = SearchQuery.from_params(
        request.GET,
        language=get_language(),
        origin=origin_of(near, organisation),
        only=only,
        **reference.limits(Site.find_for_request(request)),
    )
    labels = page.Labels()
    query = page.narrowest_categories(query, labels)
    result = answer(query)
    params = params_of(query, near=near.slug if near else "", only=only)
    asker = home_of(organisation, query)
    if query.text and query.page == 1 and counting.is_new_question(request, query.text):
        counting.count_search(text=query.text, municipality=asker, total=result.total)
    chips = page.chips(query, labels, params, only=only)
    context = {
        "query": query,
        "result": result,
        "only": only,
        "params": params,
        "save_address": params_of(query).urlencode(),
        "asker": asker,
        "cards": page.cards(result, query, labels),
        "page": result_page(result, query),
        "facets": page.facets(result, query, labels, only=only),
        "switches": page.switches(result, query),
        "ages": page.ages(result, query),
        "chips": chips,
        "sorts": [
            (value, label) for value, label in SORTS.items() if value != "narmast" or query.origin
        ],
        "near": near,
        "near_choices": page.near_choices(labels, query),
        "organisation": organisation,
        "map": draw(result, query, labels, params),
        "promoted": promotions.for_question(query),
        "may_save": bool(query.text or query.filters) and query.page == 1,
    }
    if not result.total:
        context["wider"] = widening.wider(query, result, labels, params)
    partial = request.htmx.target == PART and not request.htmx.history_restore_request
    response = render(request, "search/body.html" if partial else "search/search.html", context)
    if partial:
        response["HX-Push-Url"] = here(request, params, query)
    response["X-Search-Engine"] = result.engine
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response


def here(request, params, query):
    """The address of this very page, without what a form sends for nothing."""
    shown = params.copy()
    if query.page > 1:
        shown["sida"] = query.page
    return f"{request.path}?{shown.urlencode()}" if shown else request.path


def origin_of(near, organisation):
    """Where distances start: the municipality chosen, or else one's own organisation."""
    if near:
        return near.latitude, near.longitude
    return organisation.position if organisation else None


def home_of(organisation, query):
    """The municipality that a question is counted for, or nothing."""
    if organisation:
        return organisation.municipality.slug
    chosen = query.filters.get("kommun", [])
    return chosen[0] if len(chosen) == 1 else ""


def result_page(result, query):
    """Django's `Page` for the pager; there are never more pages than can be asked for."""
    paginator = Paginator(range(min(result.total, MAX_PAGE * PAGE_SIZE)), PAGE_SIZE)
    return Page([], min(query.page, paginator.num_pages), paginator)
