"""The engine for everyday: Elasticsearch, through elasticsearch.dsl."""

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from time import monotonic
from typing import Any, TypeVar

from django.conf import settings
from elasticsearch import NotFoundError
from elasticsearch.dsl import A, Q, Search
from ninja import Query

from marketplace.materials.carrying import CarriedBy
from search.engines.base import (
    FACETS,
    SWITCHES,
    EngineUnavailable,
    Hit,
    Position,
    SearchQuery,
    SearchResult,
)
from search.engines.circuit_breaker import allows, lacks_many, reset, trip
from search.engines.connection import UNSURE, aliases, client, is_configured
from search.engines.highlighting import highlight
from search.index.models import SearchEntry
from search.index.sync import repair_soon
from search.query import ranking
from search.query.parsing import Alternative, ParsedQuery, Term, parse_query, terms_by_share

logger = logging.getLogger(__name__)
name = "elasticsearch"
BY_KEY = {"entry_id": {"order": "desc"}}
T = TypeVar("T")


class DocumentsMissing(ValueError):
    """Elasticsearch has far fewer documents than it has confirmed."""


def search(query: SearchQuery) -> SearchResult:
    """Answer `query`. Raises `EngineUnavailable` when Elasticsearch does not, or not in time."""
    return _within_time(_answer, query)


def suggest(query: SearchQuery) -> list:
    """Return entries whose title has the words of `query`; the last may be a prefix.

    Their keys, the best first. Raises `EngineUnavailable` as `search` does.
    """
    return _within_time(_start_search, query)


def _within_time(ask: Callable[[SearchQuery, float], T], query: SearchQuery) -> T:
    if not is_configured() or not allows():
        raise EngineUnavailable
    deadline = monotonic() + settings.ELASTICSEARCH_TIMEOUT_SECONDS
    try:
        result = ask(query, deadline)
    except (*UNSURE, AttributeError, LookupError, TypeError, ValueError) as error:
        # Also an answer that makes no sense is none.
        logger.warning("Elasticsearch did not answer, the database does: %r", error)
        trip()
        if isinstance(error, NotFoundError | DocumentsMissing):
            repair_soon()
        raise EngineUnavailable from error
    reset()
    return result


def _answer(query: SearchQuery, deadline: float) -> SearchResult:
    parsed = parse_query(query.text, exactly=query.exactly)
    response = _ask(_request(query, parsed), deadline)
    there = response.aggregations.everything
    if lacks_many(there.doc_count):
        raise DocumentsMissing("many documents are missing")
    if query.among is not None and there.among.doc_count < len(query.among):
        raise ValueError("some of those that are asked for are missing")
    total, related = response.hits.total.value, []
    if parsed and total < ranking.FEW_HITS and query.page == 1 and query.among is None:
        kinds = sorted({hit.categories[0] for hit in response if hit.categories})
        others = _request(query, parsed, loosely=True, like=kinds)
        # With so few, all of them are on this page.
        others = others.exclude("terms", entry_id=[hit.entry_id for hit in response])
        related = _ask(others, deadline)
    return SearchResult(
        hits=_hits(response, parsed),
        total=total,
        facets=_facets(response),
        engine=name,
        correction=parsed.correction,
        related=_hits(related, parsed)[: ranking.RELATED],
    )


def _hits(response: Iterable, parsed: ParsedQuery) -> list[Hit]:
    return [
        Hit(
            entry_id=hit.entry_id,
            type=hit.type,
            object_id=hit.object_id,
            highlight=highlight(f"{hit.summary} {hit.body}".strip(), parsed),
        )
        for hit in response
    ]


def _start_search(query: SearchQuery, deadline: float) -> list[int]:
    starts_with = Q(
        "multi_match",
        type="bool_prefix",
        operator="and",
        query=query.text,
        fields=["title"],
    )
    request = _visible(Search(index=aliases()).query(starts_with), query)
    request = request.sort("_score", {"published_at": {"order": "desc"}}, BY_KEY)
    request = request.source(["entry_id"]).extra(track_total_hits=False)
    return [hit.entry_id for hit in _ask(request[: query.page_size], deadline)]


def _ask(request: Search, deadline: float) -> Any:
    """The whole answer to a request, in what is left of the time."""
    left = max(deadline - monotonic(), 0.001)
    in_time = client().options(request_timeout=left)
    response = request.using(in_time).extra(timeout=f"{max(int(left * 1000), 1)}ms").execute()
    if response._shards.failed or response.timed_out:
        raise ValueError("only a part of the answer came")
    return response


def _request(
    query: SearchQuery, parsed: ParsedQuery, *, loosely: bool = False, like: Sequence[str] = ()
) -> Search:
    request = Search(index=aliases()).query(
        _ranked(_text(parsed, loosely, like), query) if parsed else Q("match_all")
    )
    request = _visible(request, query)
    if query.among is not None:
        request = request.filter("terms", entry_id=list(query.among))
    # Chosen facets narrow the hits after counting, and each count leaves its own facet out.
    if query.filters:
        request = request.post_filter(_chosen(query))
    _add_counts(request, query)
    if query.sort == "nyast" or (not parsed and not query.sort):
        request = request.sort({"published_at": {"order": "desc"}}, BY_KEY)
    elif query.sort == "slutar":
        request = request.sort({"available_until": {"order": "asc", "missing": "_last"}}, BY_KEY)
    elif query.sort == "narmast" and query.origin:
        nearest: dict = {"place": _point(query.origin), "unit": "km", "order": "asc"}
        request = request.sort({"_geo_distance": nearest}, BY_KEY)
    else:
        request = request.sort("_score", {"published_at": {"order": "desc"}}, BY_KEY)
    start = (query.page - 1) * query.page_size
    request = request.source(["entry_id", "type", "object_id", "categories", "summary", "body"])
    request = request.extra(track_total_hits=True)
    return request[start : start + query.page_size]


def _visible(request: Search, query: SearchQuery) -> Search:
    """Only what may be found today, on this site and in this language."""
    request = request.filter(Q("bool", must_not=Q("range", available_until={"lt": query.today})))
    written = Q("terms", type=[str(each) for each in SearchEntry.WRITTEN_BY_ORGANISATIONS])
    request = request.filter(written | Q("term", language=query.language))
    if query.homes is not None:
        held = Q("range", open_to_all_at={"gt": query.now})
        open_to_all = Q("bool", must_not=held)
        request = request.filter(open_to_all | Q("terms", municipality=list(query.homes)))
    if query.municipalities is not None:
        # Pages are of the whole site, also those that say a municipality.
        here = Q("terms", municipality=list(query.municipalities))
        request = request.filter(here | Q("bool", must_not=written))
    if query.site is not None:
        here = Q("term", site=query.site)
        request = request.filter(here | Q("bool", must_not=Q("exists", field="site")))
    return request


def _text(parsed: ParsedQuery, loosely: bool, like: Sequence[str]) -> Query:
    """What must be met (`ParsedQuery.required`), and what is only wanted besides.

    Read loosely, any of them will do, and so will what is of the same kind as the first hits were
    (`like` are categories).
    """
    required = [_any_of([_term(term, loosely) for term in group]) for group in parsed.required]
    optional = [_term(term, loosely) for term in parsed.wanted]
    if not loosely:
        return Q("bool", must=required, should=optional)
    if like:
        same_kind = Q("terms", categories=list(like))
        required.append(Q("constant_score", filter=same_kind, boost=ranking.SAME_KIND))
    found = Q("bool", should=required, minimum_should_match=1)
    return Q("bool", must=found, should=optional) if optional else found


def _any_of(queries: list[Query]) -> Query:
    return queries[0] if len(queries) == 1 else Q("bool", should=queries, minimum_should_match=1)


def _term(term: Term, loosely: bool) -> Query:
    """A word in the best of its alternatives, and what it leads to as an intention."""
    alternatives = term.alternatives + (term.loose if loosely else ())
    single = [each for each in alternatives if len(each.words) == 1]
    ways = []
    for alternative in alternatives:
        if len(alternative.words) > 1:
            words = [_found([word], exact=False) for word in alternative.apart]
            ways.append(Q("bool", must=words))
    best = Q("dis_max", queries=[_found(single), *ways] if single else ways)
    if not term.leads:
        return best
    fields = [SearchEntry.TERMS[name] for name in term.leads.codes]
    met = [best, *(Q("terms", **{field: term.codes}) for field in fields if term.codes)]
    return Q(
        "bool",
        filter=Q("bool", should=met, minimum_should_match=1),
        should=[best, *_intended(term)],
    )


def _intended(term: Term) -> Iterator[Query]:
    """What an intention adds: for the kind of thing, and for a lesson idea that is about it."""
    for name, weights in term.leads.codes.items() if term.leads else ():
        scored = [_scored(name, codes, weight) for weight, codes in ranking.by_weight(weights)]
        yield Q("dis_max", queries=scored)
    about = [_about(*each) for each in term.says_so if each[-1]]
    if about and not term.optional:
        yield Q("dis_max", queries=about)


def _about(weight: float, names: Iterable[str], stems: Iterable[str]) -> Query:
    """An idea with one of `stems` in one of the fields."""
    found = [Q("terms", **{SearchEntry.TERMS[name]: stems}) for name in names]
    idea = Q(
        "bool",
        filter=Q("terms", type=[str(each) for each in SearchEntry.IDEAS]),
        must=Q("bool", should=found, minimum_should_match=1),
    )
    return Q("constant_score", filter=idea, boost=weight)


def _found(alternatives: Sequence[Alternative], *, exact: bool = True) -> Query:
    """The weights of the fields in which a word is found, summed; in each the best way."""
    ways = terms_by_share(alternatives, exact=exact)
    return Q(
        "bool",
        minimum_should_match=1,
        should=[
            Q(
                "dis_max",
                queries=[_scored(field, terms, weight * share) for share, terms in ways],
            )
            for field, weight in ranking.FIELDS.items()
        ],
    )


def _scored(field: str, terms: Iterable[str], score: float) -> Query:
    found = Q("terms", **{SearchEntry.TERMS[field]: list(dict.fromkeys(terms))})
    return Q("constant_score", filter=found, boost=round(score, 3))


def _ranked(text: Query, query: SearchQuery) -> Query:
    functions = [
        {"weight": 1.0},
        {
            "filter": Q("term", type=str(SearchEntry.Type.MATERIAL)),
            "weight": ranking.MATERIAL,
        },
        {"filter": Q("range", photo_count={"gte": 1}), "weight": ranking.PHOTO},
        {
            "filter": Q("range", published_at={"gte": f"{query.today}||-{ranking.FRESH_DAYS}d"}),
            "weight": ranking.FRESH,
        },
    ]
    if query.origin:
        functions.append(
            {
                "filter": Q("exists", field="place"),
                "weight": ranking.NEAR,
                "exp": {"place": {"origin": _point(query.origin), "scale": ranking.NEAR_HALF}},
            }
        )
    return Q(
        "function_score", query=text, score_mode="sum", boost_mode="multiply", functions=functions
    )


def _point(origin: Position) -> dict[str, float]:
    latitude, longitude = origin
    return {"lat": float(latitude), "lon": float(longitude)}


def _add_counts(request: Search, query: SearchQuery) -> None:
    """One aggregation per set of filters: facets that are not chosen share theirs."""
    # Beside them all there are, to tell when some have got lost.
    everything = request.aggs.bucket("everything", A("global"))
    if query.among is not None:
        everything.bucket("among", "filter", Q("terms", entry_id=list(query.among)))
    by_filters: dict[str, list[str]] = {}
    for facet in (*FACETS, *SWITCHES):
        group = facet if facet in query.filters else ""
        by_filters.setdefault(group, []).append(facet)
    for group, facets in by_filters.items():
        counted = A("filter", _chosen(query.without(group)))
        request.aggs.bucket(f"without_{group}", counted)
        for facet in facets:
            if facet in FACETS:
                counted.bucket(facet, "terms", field=FACETS[facet], size=200)
            else:
                values = {value: _switch(facet, value, query) for value in SWITCHES[facet]}
                counted.bucket(facet, "filters", filters=values)


def _facets(response: Any) -> dict[str, dict[str, int]]:
    found = {}
    for group in response.aggregations.to_dict().values():
        for facet, counted in group.items():
            if facet in FACETS:
                counts = {each["key"]: each["doc_count"] for each in counted["buckets"]}
                counts.pop("", None)
                found[facet] = counts
            elif facet in SWITCHES:
                found[facet] = {
                    value: each["doc_count"]
                    for value, each in counted["buckets"].items()
                    if each["doc_count"]
                }
    return found


def _chosen(query: SearchQuery) -> Query:
    """All filters of the question that facets made."""
    clauses = [
        Q("terms", **{FACETS[facet]: values})
        if facet in FACETS
        else _switch(facet, values[0], query)
        for facet, values in query.filters.items()
    ]
    return Q("bool", filter=clauses) if clauses else Q("match_all")


def _switch(facet: str, value: str, query: SearchQuery) -> Query:
    if facet == "leverans":
        return Q("term", delivery=True)
    if facet == "utanbil":
        return Q("term", part_carried_by=CarriedBy.BICYCLE)
    if facet == "nu":
        # Pages are always there; it is material that one fetches.
        later = Q("range", available_from={"gt": query.today})
        return Q("bool", must=Q("exists", field="place"), must_not=later)
    # Where nothing is known, it does not suit.
    return Q("range", fits_from_age={"lte": int(value)})
