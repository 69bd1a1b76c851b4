"""The engine for everyday: Elasticsearch, through elasticsearch.dsl."""

import logging
from functools import lru_cache

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.html import mark_safe
from elastic_transport import TransportError
from elasticsearch import ApiError, Elasticsearch, NotFoundError, helpers
from elasticsearch.dsl import A, Q, Search

from . import ranking
from .documents import LANGUAGES, create_index, document
from .engine import FACETS, SWITCHES, EngineUnavailable, Hit, SearchQuery, SearchResult
from .models import SearchEntry
from .understanding import understand

logger = logging.getLogger(__name__)
name = "elasticsearch"

BATCH = 500
BREAKER_KEY = "search:elasticsearch:off"
BREAKER_SECONDS = 20
UNSURE = (TransportError, ApiError)


@lru_cache(maxsize=2)
def _client(url, key, timeout):
    return Elasticsearch(
        url, api_key=key or None, request_timeout=timeout, max_retries=0, retry_on_timeout=False
    )


def client(timeout=None):
    """The connection for the settings in force."""
    return _client(
        settings.ELASTICSEARCH_URL,
        settings.ELASTICSEARCH_API_KEY,
        timeout or settings.ELASTICSEARCH_TIMEOUT_SECONDS,
    )


def is_configured():
    return bool(settings.ELASTICSEARCH_URL)


def alias(language):
    return f"{settings.ELASTICSEARCH_INDEX_PREFIX}-{language}"


def alias_of(entry):
    return alias(entry.language if entry.language in LANGUAGES else LANGUAGES[0])


# --- Asking ------------------------------------------------------------


def search(query: SearchQuery) -> SearchResult:
    """Answer `query`. Raises `EngineUnavailable` when Elasticsearch does not, or not in time."""
    if not is_configured() or cache.get(BREAKER_KEY):
        raise EngineUnavailable
    meaning = understand(query.text, exactly=query.exactly)
    try:
        response = _ask(query, meaning)
        if meaning and response.hits.total.value < ranking.FEW_HITS:
            kinds = {hit.categories[0] for hit in response if hit.categories}
            response = _ask(query, meaning, loosely=True, like=sorted(kinds))
    except UNSURE as error:
        logger.warning("Elasticsearch did not answer, the database does: %s", error)
        cache.set(BREAKER_KEY, True, BREAKER_SECONDS)
        raise EngineUnavailable from error
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


def _ask(query, meaning, **more):
    response = _request(query, meaning, **more).execute()
    if response._shards.failed or response.timed_out:
        raise EngineUnavailable
    return response


def _request(query, meaning, *, loosely=False, like=()):
    request = Search(using=client(), index=[alias(language) for language in LANGUAGES])
    request = request.query(
        _ranked(_text(meaning, loosely, like), query) if meaning else Q("match_all")
    )
    request = request.filter(Q("bool", must_not=Q("range", available_until={"lt": query.today})))
    exchange = [str(kind) for kind in SearchEntry.EXCHANGE_KINDS]
    request = request.filter(Q("terms", kind=exchange) | Q("term", language=query.language))
    if query.municipalities is not None:
        # Pages belong to no municipality.
        here = Q("terms", municipality=list(query.municipalities))
        request = request.filter(here | Q("bool", must_not=Q("exists", field="place")))
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
    request = request.extra(
        track_total_hits=True, timeout=f"{int(settings.ELASTICSEARCH_TIMEOUT_SECONDS * 1000)}ms"
    )
    return request[start : start + query.page_size]


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


# --- Keeping it up to date ------------------------------------------------------------


def send_changes(limit=None):
    """Send what Elasticsearch has not got yet, in order; returns (sent, waiting).

    Nothing is lost when it does not answer: the rows stay behind and are sent the next time.
    """
    if not is_configured():
        return 0, 0
    sent = 0
    try:
        ensure_indices()
        while limit is None or sent < limit:
            batch = list(SearchEntry.objects.behind()[:BATCH])
            if not batch:
                break
            _send(batch)
            sent += len(batch)
    except UNSURE as error:
        logger.warning("Elasticsearch takes no changes now, they wait: %s", error)
    return sent, SearchEntry.objects.behind().count()


def _send(batch):
    outcome = helpers.streaming_bulk(
        client(timeout=30),
        (_action(entry, alias_of(entry)) for entry in batch),
        raise_on_error=False,
    )
    done = []
    for entry, (ok, answer) in zip(batch, outcome, strict=True):
        status = next(iter(answer.values()))["status"]
        # A newer version is already there, or what was to be removed is gone: as good as done.
        if ok or status == 409 or (entry.removed and status == 404):
            done.append(entry)
        else:
            raise TransportError(f"not indexed: {answer}")
    client().indices.refresh(index=[alias(language) for language in LANGUAGES])
    with transaction.atomic():
        for entry in done:
            SearchEntry.objects.filter(pk=entry.pk, version=entry.version).update(
                indexed_version=F("version")
            )
            if entry.removed:
                SearchEntry.objects.filter(pk=entry.pk, version=entry.version).delete()


def _action(entry, index):
    action = {
        "_index": index,
        "_id": entry.document_id,
        # An older change that arrives late never overwrites a newer one.
        "version": entry.version,
        "version_type": "external_gte",
    }
    if entry.removed:
        return action | {"_op_type": "delete"}
    return action | {"_op_type": "index", "_source": document(entry)}


def ensure_indices():
    """Create the indices of languages that have none yet."""
    for language in LANGUAGES:
        if not client().indices.exists_alias(name=alias(language)):
            new = create_index(client(timeout=30), alias(language), language)
            client().indices.put_alias(index=new, name=alias(language))


def rebuild(progress=None):
    """Build new indices from the table, and swap the aliases without a gap; returns the count.

    Changes that arrive meanwhile stay behind in the table until the swap, and are sent after it.
    """
    started = timezone.now()
    patient = client(timeout=60)
    new = {language: create_index(patient, alias(language), language) for language in LANGUAGES}
    entries = SearchEntry.objects.filter(removed=False).order_by("pk")
    count = 0
    actions = (
        _action(entry, new[entry.language if entry.language in new else LANGUAGES[0]])
        for entry in entries.iterator(chunk_size=BATCH)
    )
    for _ok, _answer in helpers.streaming_bulk(patient, actions, chunk_size=BATCH):
        count += 1
        if progress and count % 5000 == 0:
            progress(count)
    swaps = []
    for language, index in new.items():
        try:
            old = list(patient.indices.get_alias(name=alias(language)))
        except NotFoundError:
            old = []
        swaps.append({"add": {"index": index, "alias": alias(language)}})
        swaps.extend({"remove_index": {"index": each}} for each in old)
    patient.indices.refresh(index=list(new.values()))
    patient.indices.update_aliases(actions=swaps)
    # What changed while the new indices were being filled may have gone to the old ones.
    SearchEntry.objects.filter(changed_at__lt=started).update(indexed_version=F("version"))
    SearchEntry.objects.filter(changed_at__gte=started).update(indexed_version=0)
    send_changes()
    return count


def reconcile():
    """Compare index and table and repair what differs; returns {"missing", "stale", "extra"}."""
    patient = client(timeout=60)
    ensure_indices()
    patient.indices.refresh(index=[alias(language) for language in LANGUAGES])
    known = {}
    for language in LANGUAGES:
        for hit in helpers.scan(
            patient, index=alias(language), query={"_source": False, "version": True}
        ):
            known[hit["_id"]] = hit["_version"]
    missing = stale = 0
    for entry in SearchEntry.objects.filter(removed=False).iterator(chunk_size=BATCH):
        version = known.pop(entry.document_id, None)
        if version is None:
            missing += 1
        elif version != entry.version:
            stale += 1
        if version != entry.version:
            # A new version, so that a deletion which the index remembers does not win over it.
            SearchEntry.objects.filter(pk=entry.pk).update(version=F("version") + 1)
    for document_id in known:
        language = document_id.rpartition("-")[2]
        patient.delete(
            index=alias(language if language in LANGUAGES else LANGUAGES[0]), id=document_id
        )
    send_changes()
    return {"missing": missing, "stale": stale, "extra": len(known)}
