"""The engine for everyday: Elasticsearch, through elasticsearch.dsl."""

import logging
from time import monotonic

from django.conf import settings
from django.utils.html import mark_safe
from elasticsearch.dsl import A, Q, Search

from . import breaker, ranking
from .connection import UNSURE, aliases, client, is_configured
from .engine import FACETS, SWITCHES, EngineUnavailable, Hit, SearchQuery, SearchResult
from .models import SearchEntry
from .understanding import understand

logger = logging.getLogger(__name__)
name = "elasticsearch"


def search(query: SearchQuery) -> SearchResult:
    """Answer `query`. Raises `EngineUnavailable` when Elasticsearch does not, or not in time."""
    return _within_time(_answer, query)


def suggest(query: SearchQuery) -> list:
    """The entries whose title has the words of `query`, the last of which may only be begun.

    Their keys, the best first. Raises `EngineUnavailable` as `search` does.
    """
    return _within_time(_begun, query)


def _within_time(ask, query):
    if not is_configured() or not breaker.allows():
        raise EngineUnavailable
    deadline = monotonic() + settings.ELASTICSEARCH_TIMEOUT_SECONDS
    try:
        result = ask(query, deadline)
    except (*UNSURE, AttributeError, LookupError, TypeError, ValueError) as error:
        # Also an answer that makes no sense is none.
        logger.warning("Elasticsearch did not answer, the database does: %r", error)
        breaker.trip()
        raise EngineUnavailable from error
    breaker.reset()
    return result


def _answer(query, deadline):
    meaning = understand(query.text, exactly=query.exactly)
    response = _ask(_request(query, meaning), deadline)
    there = response.aggregations.everything
    if breaker.lacks_many(there.doc_count):
        raise ValueError("many documents are missing")
    if query.among is not None and there.among.doc_count < len(query.among):
        raise ValueError("some of those that are asked for are missing")
    few = response.hits.total.value < ranking.FEW_HITS
    if meaning and few and query.among is None:
        kinds = {hit.categories[0] for hit in response if hit.categories}
        response = _ask(_request(query, meaning, loosely=True, like=sorted(kinds)), deadline)
    hits = [
        Hit(
            entry_id=hit.entry_id,
            kind=hit.kind,
            object_id=hit.object_id,
            highlight=_highlight(hit),
        )
        for hit in response
    ]
    return SearchResult(
        hits, response.hits.total.value, _facets(response), name, meaning.correction
    )


def _begun(query, deadline):
    begun = Q(
        "multi_match",
        type="bool_prefix",
        operator="and",
        query=query.text,
        fields=["title.exact^2", "title", "title.parts"],
    )
    request = _visible(Search(index=aliases()).query(begun), query)
    request = request.sort("_score", {"published_at": "desc"}, {"entry_id": "desc"})
    request = request.source(["entry_id"]).extra(track_total_hits=False)
    return [hit.entry_id for hit in _ask(request[: query.page_size], deadline)]


def _ask(request, deadline):
    """The whole answer to a request, in what is left of the time."""
    left = max(deadline - monotonic(), 0.001)
    patient = client().options(request_timeout=left)
    response = request.using(patient).extra(timeout=f"{max(int(left * 1000), 1)}ms").execute()
    if response._shards.failed or response.timed_out:
        raise ValueError("only a part of the answer came")
    return response


def _request(query, meaning, *, loosely=False, like=()):
    request = Search(index=aliases()).query(
        _ranked(_text(meaning, loosely, like), query) if meaning else Q("match_all")
    )
    request = _visible(request, query)
    if query.among is not None:
        request = request.filter("terms", entry_id=list(query.among))
    # Chosen facets narrow the hits after counting, and each count leaves its own facet out.
    if query.filters:
        request = request.post_filter(_chosen(query))
    _add_counts(request, query)
    if query.sort == "nyast" or (not meaning and not query.sort):
        request = request.sort({"published_at": "desc"}, {"entry_id": "desc"})
    elif query.sort == "slutar":
        request = request.sort(
            {"available_until": {"order": "asc", "missing": "_last"}}, {"entry_id": "desc"}
        )
    elif query.sort == "narmast":
        nearest = {"place": _point(query.origin), "unit": "km", "order": "asc"}
        request = request.sort({"_geo_distance": nearest}, {"entry_id": "desc"})
    else:
        request = request.sort("_score", {"published_at": "desc"}, {"entry_id": "desc"})
    if meaning:
        request = request.highlight("body", "summary", fragment_size=160, number_of_fragments=1)
        request = request.highlight_options(
            encoder="html", pre_tags=["<mark>"], post_tags=["</mark>"], require_field_match=False
        )
    start = (query.page - 1) * query.page_size
    request = request.source(["entry_id", "kind", "object_id", "categories"])
    request = request.extra(track_total_hits=True)
    return request[start : start + query.page_size]


def _visible(request, query):
    """Only what may be found today, on this site and in this language."""
    request = request.filter(Q("bool", must_not=Q("range", available_until={"lt": query.today})))
    exchange = [str(kind) for kind in SearchEntry.EXCHANGE_KINDS]
    request = request.filter(Q("terms", kind=exchange) | Q("term", language=query.language))
    if query.municipalities is not None:
        # Pages belong to no municipality.
        here = Q("terms", municipality=list(query.municipalities))
        request = request.filter(here | Q("bool", must_not=Q("exists", field="place")))
    if query.site is not None:
        here = Q("term", site=query.site)
        request = request.filter(here | Q("bool", must_not=Q("exists", field="site")))
    return request


def _text(meaning, loosely, like):
    """Every word must be found, in one of its readings.

    Read loosely, any of them will do, and so will what is of the same kind as the first hits were
    (`like` are categories).
    """
    terms = [_term(term, loosely) for term in meaning.terms]
    if like:
        same_kind = Q("terms", categories=list(like))
        terms.append(Q("constant_score", filter=same_kind, boost=ranking.SAME_KIND))
    return Q("bool", should=terms, minimum_should_match=1 if loosely else len(terms))


def _term(term, loosely):
    """A word in the best of its readings: one word, or several that must all be found."""
    readings = term.readings + (term.loose if loosely else ())
    single = {}
    ways = []
    for reading in readings:
        if len(reading.words) == 1:
            single.setdefault(reading.weight, []).append(reading.words[0])
        else:
            share = reading.weight / len(reading.words)
            ways.append(Q("bool", must=[_found({share: [word]}) for word in reading.words]))
    return Q("dis_max", queries=[_found(single), *ways] if single else ways)


def _found(readings):
    """The weights of the fields in which a word is found, summed; in each the best reading.

    `readings` are words by their weight.
    """
    return Q(
        "bool",
        minimum_should_match=1,
        should=[
            Q("dis_max", queries=list(_in_field(field, weight, readings)))
            for field, weight in ranking.FIELDS.items()
        ],
    )


def _in_field(field, weight, readings):
    for share, words in readings.items():
        yield _scored(field, words, weight * share)
        yield _scored(f"{field}.parts", words, weight * share * ranking.WITHIN_COMPOUND)
        if share == ranking.TYPED:
            yield _scored(f"{field}.exact", words, weight * ranking.EXACT)


def _scored(field, words, score):
    found = Q("match", **{field: " ".join(words)})
    return Q("constant_score", filter=found, boost=round(score, 3))


def _ranked(text, query):
    functions = [
        {"weight": 1.0},
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


def _point(origin):
    latitude, longitude = origin
    return {"lat": float(latitude), "lon": float(longitude)}


def _add_counts(request, query):
    """One aggregation per set of filters: facets that are not chosen share theirs."""
    # Beside them all there are, to tell when some have got lost.
    everything = request.aggs.bucket("everything", A("global"))
    if query.among is not None:
        everything.bucket("among", "filter", Q("terms", entry_id=list(query.among)))
    by_filters = {}
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


def _facets(response):
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


def _chosen(query):
    """All filters of the question that facets made."""
    clauses = [
        Q("terms", **{FACETS[facet]: values})
        if facet in FACETS
        else _switch(facet, values[0], query)
        for facet, values in query.filters.items()
    ]
    return Q("bool", filter=clauses) if clauses else Q("match_all")


def _switch(facet, value, query):
    if facet == "leverans":
        return Q("term", delivery=True)
    if facet == "nu":
        # Pages are always there; it is material that one fetches.
        later = Q("range", available_from={"gt": query.today})
        return Q("bool", must=Q("exists", field="place"), must_not=later)
    return Q("bool", must_not=Q("range", suitable_from_age={"gt": int(value)}))


def _highlight(hit):
    if "highlight" not in hit.meta:
        return ""
    fragments = next(iter(hit.meta.highlight.to_dict().values()))
    return mark_safe(fragments[0])  # noqa: S308  # Elasticsearch encodes it as HTML
