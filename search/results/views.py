"""The search page, the list of material, and suggestions while typing."""

from typing import Any

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language
from wagtail.models import Site

from portal.foundation import throttling
from portal.foundation.page_cache.fragments import like_a_visitor
from portal.foundation.page_cache.personal import personal_part
from portal.foundation.page_cache.values import kept
from portal.foundation.throttling import visitor_of
from portal.foundation.users.requests import HtmxRequest
from search.engines.base import MAX_PAGE, PAGE_SIZE, SORTS, SearchQuery, SearchResult, readable
from search.engines.fallback import answer
from search.index.models import SearchEntry
from search.query.params import params_of
from search.results.map import draw
from search.results.page import ages, cards, chips, facets, near_choices, switches
from search.results.promotions import for_question
from search.results.reference import limits
from search.results.relaxation import newest_material, wider
from search.results.search import Search
from search.results.suggestions import suggestions
from search.results.supply import tell_supply
from search.statistics.counting import count_search, is_new_question

PART = "search-body"
# Whether the whole page is asked for, or that part of it.
VARY = ["HX-Request", "HX-Target"]


def search(request: HtmxRequest) -> HttpResponse:
    """Everything that can be found: material, wanted ads and every kind of page."""
    return respond(request, only=None)


def material(request: HtmxRequest) -> HttpResponse:
    """The same search, limited to material."""
    return respond(request, only=SearchEntry.Type.MATERIAL)


def suggest(request: HttpRequest) -> JsonResponse:
    """Suggestions for what has been typed so far, as JSON."""
    try:
        throttling.consume_by_device("search", request=request)
    except throttling.TooOften:
        return JsonResponse({"suggestions": []}, status=429)
    found = suggestions(
        readable(request.GET.get("q", ""), 60),
        language=get_language(),
        **limits(Site.find_for_request(request), request.user),
    )
    return JsonResponse({"suggestions": found})


def respond(request: HtmxRequest, *, only: str | None) -> HttpResponse:
    if not request.GET and not request.htmx:
        # What nothing is asked of costs nothing: neither a try of the visitor nor a new answer.
        response = render(request, "search/results/search.html", {"only": only, "is_bare": True})
        patch_vary_headers(response, VARY)
        # On a page that is kept, the part that knows it is made later.
        if engine := getattr(request, "answered_by", None):
            response["X-Search-Engine"] = engine
        return response
    if request.GET:
        throttling.consume_by_device("search", request=request)
    search = Search.from_request(request, only=only)
    count(request, search)
    partial = request.htmx.target == PART and not request.htmx.history_restore_request
    template = "search/results/body.html" if partial else "search/results/search.html"
    context = context_of(search)
    if search.group:
        tell_supply(request, context["cards"])
    response = render(request, template, context)
    if partial:
        response["HX-Push-Url"] = here(request, search)
    response["X-Search-Engine"] = search.result.engine
    patch_vary_headers(response, VARY)
    return response


@personal_part("everything")
def everything(request: HttpRequest, only: str | None) -> str:
    """All that there is to find. The same for all who act for one organisation, or for none."""
    search = Search.from_request(request, only=only)
    query = search.query

    def rendered() -> tuple[str, str]:
        seen = like_a_visitor(request)
        body = render_to_string("search/results/body.html", context_of(search), seen)
        return body, search.result.engine

    body, engine = kept(
        "everything",
        rendered,
        request.path,
        query.language,
        query.origin,
        query.site,
        query.municipalities,
        query.homes,
        search.organisation and search.organisation.pk,
        seconds=settings.PAGE_CACHE_SECONDS,
    )
    request.answered_by = engine  # type: ignore[attr-defined]
    return body


@personal_part("save_search_form")
def save_search_form(request: HttpRequest) -> str:
    """The form that the button belongs to by which a question is saved, wherever that comes."""
    if not request.user.is_authenticated:
        return ""
    return render_to_string("search/saved/save_form.html", request=request)


def count(request: HttpRequest, search: Search) -> None:
    """Keep in the statistics what was asked, once however many pages of it are read."""
    query = search.query
    if query.text and query.page == 1 and is_new_question(request, query.text):
        count_search(
            request=request,
            text=query.text,
            municipality=search.home,
            total=search.result.total,
            visitor=visitor_of(request),
        )


def context_of(search: Search) -> dict[str, Any]:
    """What the page shows."""
    query, result = search.query, search.result
    found = {
        "query": query,
        "result": result,
        "only": search.only,
        "params": search.params,
        "save_address": params_of(query).urlencode(),
        "asker": search.home,
        "cards": cards(search, result.hits),
        "related": cards(search, result.related) if result.related else [],
        "newest": [],
        "page": result_page(result, query),
        "facets": facets(search),
        "switches": switches(search),
        "ages": ages(search),
        "chips": chips(search),
        "sorts": [each for each in SORTS.items() if each[0] != "narmast" or query.origin],
        "near": search.near,
        "group": search.group,
        "near_choices": near_choices(search),
        "organisation": search.organisation,
        "map": draw(search),
        "promoted": for_question(query),
        "may_save": bool(query.text or query.filters) and query.page == 1,
    }
    if not result.total:
        found["wider"] = wider(search)
        if not result.related:
            found["newest"] = cards(search, answer(newest_material(query)).hits)
    return found


def here(request: HttpRequest, search: Search) -> str:
    """The URL of this very page, without what a form sends for nothing."""
    shown = search.params.copy()
    if search.query.page > 1:
        shown["sida"] = str(search.query.page)
    return f"{request.path}?{shown.urlencode()}" if shown else request.path


def result_page(result: SearchResult, query: SearchQuery) -> Page:
    """Django's `Page` for the pager; there are never more pages than can be asked for."""
    paginator = Paginator(range(min(result.total, MAX_PAGE * PAGE_SIZE)), PAGE_SIZE)
    return Page([], min(query.page, paginator.num_pages), paginator)
