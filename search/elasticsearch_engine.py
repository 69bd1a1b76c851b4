"""The engine for everyday: Elasticsearch, through elasticsearch.dsl."""

import logging
from functools import lru_cache

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.html import escape, mark_safe
from elastic_transport import TransportError
from elasticsearch import ApiError, Elasticsearch, NotFoundError, helpers
from elasticsearch.dsl import A, Q, Search

from .documents import LANGUAGES, create_index, document
from .engine import FACETS, EngineUnavailable, Hit, SearchQuery, SearchResult
from .models import SearchEntry

logger = logging.getLogger(__name__)
name = "elasticsearch"

# Where words are found counts more or less: what a thing is called before what is said about it.
FIELD_WEIGHTS = {
    "title": 6,  # the giver's own name for it
    "keywords": 4,  # category, its parents, tags: what it is, in both languages
    "summary": 2,
    "body": 1,
}
# Gentle: among things that fit as well, those one can see, and those that are new, come first.
PHOTO_WEIGHT = 1.08
FRESH_WEIGHT = 1.15
FRESH_SCALE = "30d"
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
    request = _request(query)
    try:
        response = request.execute()
        if response._shards.failed or response.timed_out:
            raise EngineUnavailable
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
            distance_km=hit.meta.sort[0] if query.sort == "narmast" else None,
        )
        for hit in response
    ]
    facets = {
        facet: {
            bucket.key: bucket.doc_count for bucket in response.aggregations[facet].values.buckets
        }
        for facet in FACETS
    }
    suggestion = "" if hits or not query.text else _did_you_mean(response)
    return SearchResult(hits, response.hits.total.value, facets, name, suggestion)


def _request(query):
    request = Search(using=client(), index=[alias(language) for language in LANGUAGES])
    request = request.query(_ranked(_text(query), query))
    request = request.filter(Q("bool", must_not=Q("range", available_until={"lt": query.today})))
    exchange = [str(kind) for kind in SearchEntry.EXCHANGE_KINDS]
    request = request.filter(Q("terms", kind=exchange) | Q("term", language=query.language))
    if query.available_now:
        request = request.filter(Q("bool", must_not=Q("range", available_from={"gt": query.today})))
    if query.delivery:
        request = request.filter("term", delivery=True)
    if query.max_age is not None:
        request = request.filter(
            Q("bool", must_not=Q("range", suitable_from_age={"gt": query.max_age}))
        )
    # Chosen facets narrow the hits after counting, and each count leaves its own facet out.
    if query.filters:
        request = request.post_filter(_chosen(query.filters))
    for facet, column in FACETS.items():
        others = query.without(facet).filters
        counted = A("filter", _chosen(others) if others else Q("match_all"))
        counted.bucket("values", "terms", field=column, size=200)
        request.aggs.bucket(facet, counted)
    if query.sort == "nyast" or (not query.text and not query.sort):
        request = request.sort({"published_at": "desc"}, {"entry_id": "desc"})
    elif query.sort == "slutar":
        request = request.sort(
            {"available_until": {"order": "asc", "missing": "_last"}}, {"entry_id": "desc"}
        )
    elif query.sort == "narmast":
        latitude, longitude = query.origin
        request = request.sort(
            {
                "_geo_distance": {
                    "place": {"lat": float(latitude), "lon": float(longitude)},
                    "unit": "km",
                    "order": "asc",
                }
            }
        )
    if query.text:
        request = request.highlight("body", "summary", fragment_size=160, number_of_fragments=1)
        request = request.highlight_options(
            encoder="html", pre_tags=["<mark>"], post_tags=["</mark>"], require_field_match=False
        )
        request = request.suggest("spelling", query.text, term={"field": "title", "size": 1})
    start = (query.page - 1) * query.page_size
    request = request.source(["entry_id", "kind", "object_id"])
    request = request.extra(
        track_total_hits=True, timeout=f"{int(settings.ELASTICSEARCH_TIMEOUT_SECONDS * 1000)}ms"
    )
    return request[start : start + query.page_size]


def _text(query):
    """All words must be somewhere in the thing; small slips of the pen are forgiven."""
    if not query.text:
        return Q("match_all")
    weighted = [f"{field}^{weight}" for field, weight in FIELD_WEIGHTS.items()]
    english = [f"{field}.english^{weight * 0.7}" for field, weight in FIELD_WEIGHTS.items()]
    return Q(
        "bool",
        minimum_should_match=1,
        should=[
            Q(
                "multi_match",
                query=query.text,
                fields=weighted,
                type="cross_fields",
                operator="and",
                boost=2,
            ),
            Q("multi_match", query=query.text, fields=english, type="cross_fields", operator="and"),
            # Two of three words are better than nothing, and worth less than all of them.
            Q(
                "multi_match",
                query=query.text,
                fields=weighted,
                type="best_fields",
                minimum_should_match="2<66%",
                boost=0.5,
            ),
            Q(
                "multi_match",
                query=query.text,
                fields=["title^3", "keywords^2"],
                fuzziness="AUTO:4,8",
                prefix_length=1,
                operator="and",
                boost=0.3,
            ),
        ],
    )


def _ranked(text, query):
    if not query.text:
        return text
    return Q(
        "function_score",
        query=text,
        score_mode="multiply",
        boost_mode="multiply",
        functions=[
            {"filter": Q("range", photo_count={"gte": 1}), "weight": PHOTO_WEIGHT},
            {
                "filter": Q("range", published_at={"gte": f"now-{FRESH_SCALE}"}),
                "weight": FRESH_WEIGHT,
            },
        ],
    )


def _chosen(filters):
    return Q("bool", filter=[Q("terms", **{FACETS[facet]: v}) for facet, v in filters.items()])


def _highlight(hit):
    if "highlight" not in hit.meta:
        return ""
    fragments = next(iter(hit.meta.highlight.to_dict().values()))
    return mark_safe(fragments[0])  # noqa: S308  # Elasticsearch encodes it as HTML


def _did_you_mean(response):
    words, changed = [], False
    for entry in response.suggest["spelling"]:
        words.append(entry.options[0].text if entry.options else entry.text)
        changed = changed or bool(entry.options)
    return escape(" ".join(words)) if changed else ""


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
            new = create_index(client(timeout=30), alias(language))
            client().indices.put_alias(index=new, name=alias(language))


def rebuild(progress=None):
    """Build new indices from the table, and swap the aliases without a gap; returns the count.

    Changes that arrive meanwhile stay behind in the table until the swap, and are sent after it.
    """
    started = timezone.now()
    patient = client(timeout=60)
    new = {language: create_index(patient, alias(language)) for language in LANGUAGES}
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
