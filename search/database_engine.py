"""The engine that is always there: the database, through Wagtail's search (modelsearch).

Text is compared by the stems and parts of compounds that `analysis` stores with each entry.
"""

from collections import Counter
from math import asin, cos, radians, sin, sqrt

from django.utils.html import escape, mark_safe
from modelsearch.query import And, Or, PlainText

from . import analysis
from .engine import FACETS, Hit, SearchQuery, SearchResult
from .models import SearchEntry
from .synonyms import rules

name = "database"
# Text matches that are looked at; a question that matches more is not answered better by the rest.
MAX_MATCHES = 5000

COLUMNS = [
    "pk",
    "kind",
    "object_id",
    "categories",
    "municipality",
    "condition",
    "subjects",
    "age_groups",
    "unit",
    "organisation_kind",
    "suitable_from_age",
    "delivery",
    "available_from",
    "available_until",
    "published_at",
    "latitude",
    "longitude",
    "photo_count",
]


def search(query: SearchQuery) -> SearchResult:
    """Answer `query` from the database."""
    rows = _text_matches(query)
    chosen = [row for row in rows if _passes(row, query)]
    facets = {
        facet: _count((row for row in rows if _passes(row, query.without(facet))), FACETS[facet])
        for facet in FACETS
    }
    _sort(chosen, query)
    start = (query.page - 1) * query.page_size
    page = chosen[start : start + query.page_size]
    texts = (
        dict(
            SearchEntry.objects.filter(pk__in=[row["pk"] for row in page]).values_list("pk", "body")
        )
        if query.text
        else {}
    )
    hits = [
        Hit(
            entry_id=row["pk"],
            kind=row["kind"],
            object_id=row["object_id"],
            highlight=_highlight(texts.get(row["pk"], ""), query.text),
            distance_km=distance_km(query.origin, row["latitude"], row["longitude"]),
        )
        for row in page
    ]
    suggestion = "" if chosen or not query.text else _did_you_mean(query)
    return SearchResult(hits, len(chosen), facets, name, suggestion)


def _text_matches(query):
    """The visible entries that match the text, as dicts of COLUMNS with a "score"."""
    entries = SearchEntry.objects.visible(query.today).in_language(query.language)
    rows = {row["pk"]: row | {"score": 0.0} for row in entries.values(*COLUMNS)}
    if not query.text:
        return list(rows.values())
    words = analysis.alternatives(query.text, rules())
    if not words:
        return list(rows.values())
    found = _scored(_all_of(words))
    if not any(pk in rows for pk in found) and len(words) > 1:
        # Better something that fits a part of what was asked than nothing.
        found = _scored(_any_of(words))
    for pk, score in found.items():
        if pk in rows:
            rows[pk]["score"] = score
    return [rows[pk] for pk in found if pk in rows]


def _scored(expression):
    results = SearchEntry.objects.all().search(expression).annotate_score("score")
    return {entry.pk: entry.score or 0.0 for entry in results[:MAX_MATCHES]}


def _any_word(choices):
    plain = [PlainText(choice) for choice in sorted(choices)]
    return plain[0] if len(plain) == 1 else Or(plain)


def _all_of(words):
    parts = [_any_word(choices) for choices in words]
    return parts[0] if len(parts) == 1 else And(parts)


def _any_of(words):
    return _any_word(set().union(*words))


def _passes(row, query):
    for facet, values in query.filters.items():
        value = row[FACETS[facet]]
        if isinstance(value, list):
            if not set(value) & set(values):
                return False
        elif value not in values:
            return False
    if query.available_now and row["available_from"] and row["available_from"] > query.today:
        return False
    if query.delivery and not row["delivery"]:
        return False
    age = row["suitable_from_age"]
    return query.max_age is None or age is None or age <= query.max_age


def _count(rows, column):
    counter = Counter()
    for row in rows:
        value = row[column]
        counter.update(value if isinstance(value, list) else [value])
    counter.pop("", None)
    return dict(counter)


def _sort(rows, query):
    newest = lambda row: -row["published_at"].timestamp()  # noqa: E731
    if query.sort == "nyast" or (not query.text and query.sort == ""):
        rows.sort(key=newest)
    elif query.sort == "slutar":
        rows.sort(key=lambda row: (row["available_until"] is None, row["available_until"] or 0))
    elif query.sort == "narmast":
        rows.sort(
            key=lambda row: distance_km(query.origin, row["latitude"], row["longitude"]) or 1e9
        )
    else:
        rows.sort(key=lambda row: (-row["score"], newest(row)))


def distance_km(origin, latitude, longitude):
    """Great-circle distance in km between `origin` (lat, lon) and a place, or None."""
    if origin is None or latitude is None or longitude is None:
        return None
    lat1, lon1, lat2, lon2 = map(radians, (*map(float, origin), latitude, longitude))
    h = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * 6371 * asin(sqrt(h))


def _highlight(body, text, length=160):
    """The piece of `body` around the first word of the question, marked; safe HTML."""
    wanted = set().union(*analysis.alternatives(text, rules())) if text else set()
    for match in analysis.WORD.finditer(body):
        if analysis.stem(match.group().casefold()) in wanted:
            start = max(0, match.start() - length // 2)
            before, after = body[start : match.start()], body[match.end() : start + length]
            return mark_safe(  # noqa: S308  # each piece is escaped
                f"{'…' if start else ''}{escape(before)}<mark>{escape(match.group())}</mark>"
                f"{escape(after)}{'…' if start + length < len(body) else ''}"
            )
    return ""


def _did_you_mean(query):
    """The question with each unknown word replaced by the known one that is most like it."""
    from difflib import get_close_matches

    known = set()
    for title, keywords in SearchEntry.objects.visible(query.today).values_list(
        "title", "keywords"
    ):
        known.update(analysis.words(f"{title} {keywords}"))
    known |= {word.strip() for rule in rules() for word in rule.split(",") if " " not in word}
    result = []
    for word in analysis.words(query.text):
        close = [word] if word in known else get_close_matches(word, known, n=1, cutoff=0.75)
        result.extend(close or [word])
    suggestion = " ".join(result)
    return suggestion if suggestion != " ".join(analysis.words(query.text)) else ""
