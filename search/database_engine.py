"""The engine that is always there: the database, through Wagtail's search (modelsearch).

Words are found by the full-text index of the terms that `analysis` made. Where they stand, and so
how well a thing fits, is read from the same terms in SQL.
"""

import json
from collections import Counter
from functools import reduce
from math import asin, cos, radians, sin, sqrt
from operator import and_, or_

from django.db import connection
from django.db.models import Case, F, FloatField, Q, TextField, Value, When
from django.db.models.functions import Cast, Greatest
from django.utils.html import escape, mark_safe
from modelsearch.query import And, Or, PlainText

from . import analysis, ranking
from .engine import FACETS, Hit, SearchQuery, SearchResult
from .models import SearchEntry
from .understanding import understand

name = "database"
LISTS = {"categories", "subjects", "age_groups"}


def search(query: SearchQuery) -> SearchResult:
    """Answer `query` from the database."""
    meaning = understand(query.text, exactly=query.exactly)
    found = matching(query, meaning)
    rows = page_of(found, query)
    if meaning and len(rows) < ranking.FEW_HITS and query.page == 1:
        kinds = {row["categories"][0] for row in rows if row["categories"]}
        found = matching(query, meaning, loosely=True, like=sorted(kinds))
        rows = page_of(found, query)
    facets, total = count(found, query)
    hits = [
        Hit(
            entry_id=row["pk"],
            kind=row["kind"],
            object_id=row["object_id"],
            highlight=_highlight(row, meaning),
            distance_km=distance_km(query.origin, row["latitude"], row["longitude"]),
        )
        for row in rows
    ]
    return SearchResult(hits, total, facets, name, meaning.correction)


# --- What matches ---------------------------------------------------------------------------


def matching(query, meaning, *, loosely=False, like=()):
    """The entries that answer the question, before facets narrow them, with a `score`."""
    entries = SearchEntry.objects.visible(query.today).in_language(query.language)
    if query.available_now:
        entries = entries.filter(Q(available_from=None) | Q(available_from__lte=query.today))
    if query.delivery:
        entries = entries.filter(delivery=True)
    if query.max_age is not None:
        entries = entries.filter(
            Q(suitable_from_age=None) | Q(suitable_from_age__lte=query.max_age)
        )
    if not meaning:
        return entries.annotate(score=Value(0.0, output_field=FloatField()))
    score = sum((_score(term, loosely) for term in meaning.terms), Value(0.0))
    with_text = _with_text(meaning, loosely)
    if like:
        same_kind = Q(categories__0__in=list(like))
        score = score + _when(same_kind, ranking.SAME_KIND)
        entries = entries.filter(Q(pk__in=with_text.values("pk")) | same_kind)
    else:
        entries = entries.filter(pk__in=with_text.values("pk"))
    liked = _when(Q(photo_count__gt=0), ranking.PHOTO, 1.0)
    return entries.annotate(score=score * liked)


def _with_text(meaning, loosely):
    """Entries in which every word is found, in one of its readings; loosely, any of them."""
    terms = [_any(term.readings + (term.loose if loosely else ())) for term in meaning.terms]
    joined = terms[0] if len(terms) == 1 else (Or(terms) if loosely else And(terms))
    found = SearchEntry.objects.search(joined, backend="entries", order_by_relevance=False)
    return found.get_queryset().order_by()


def _any(readings):
    """The readings in the words of modelsearch."""
    found = []
    for reading in readings:
        words = [_or([PlainText(form) for form in _forms(word)]) for word in reading.words]
        found.append(words[0] if len(words) == 1 else And(words))
    return _or(found)


def _or(queries):
    return queries[0] if len(queries) == 1 else Or(queries)


def _forms(word):
    """The terms that `word` may be stored as."""
    own = analysis.stem(word)
    return list(dict.fromkeys([own, analysis.stem(word, "en"), analysis.PART + own]))


# --- How well it fits ------------------------------------------------------------------------


def _score(term, loosely):
    """A word in the best of its readings: one word, or several that must all be found."""
    readings = term.readings + (term.loose if loosely else ())
    ways = [_sum_of_fields([reading for reading in readings if len(reading.words) == 1])]
    for reading in readings:
        if len(reading.words) > 1:
            share = reading.weight / len(reading.words)
            each = [
                _sum_of_fields([type(reading)((word,), share)], exact=False)
                for word in reading.words
            ]
            everywhere = reduce(and_, (_anywhere(word) for word in reading.words))
            ways.append(Case(When(everywhere, then=sum(each[1:], each[0])), default=Value(0.0)))
    return ways[0] if len(ways) == 1 else Greatest(*ways)


def _sum_of_fields(readings, *, exact=True):
    """The weights of the fields in which a word is found, summed; in each the best reading."""
    fields = [
        _best(SearchEntry.TERMS[field], weight, readings, exact)
        for field, weight in ranking.FIELDS.items()
    ]
    return sum(fields[1:], fields[0])


def _best(column, weight, readings, exact):
    shares = {}
    for reading in readings:
        (word,) = reading.words
        whole, part = shares.setdefault(reading.weight, []), analysis.PART + analysis.stem(word)
        whole += [analysis.stem(word), analysis.stem(word, "en")]
        shares.setdefault(reading.weight * ranking.WITHIN_COMPOUND, []).append(part)
        if exact and reading.weight == ranking.TYPED:
            shares.setdefault(ranking.EXACT, []).append(analysis.EXACT + word)
    cases = [
        When(_has(column, forms), then=Value(round(weight * share, 3)))
        for share, forms in sorted(shares.items(), reverse=True)
    ]
    return Case(*cases, default=Value(0.0), output_field=FloatField())


def _has(column, forms):
    return reduce(or_, (Q(**{f"{column}__contains": f" {form} "}) for form in dict.fromkeys(forms)))


def _anywhere(word):
    return reduce(or_, (_has(column, _forms(word)) for column in SearchEntry.TERMS.values()))


def _when(condition, weight, otherwise=0.0):
    return Case(
        When(condition, then=Value(weight)), default=Value(otherwise), output_field=FloatField()
    )


# --- The page and the counts -----------------------------------------------------------------


def page_of(found, query):
    """The rows of the page that is asked for, as dicts."""
    for facet, values in query.filters.items():
        column = FACETS[facet]
        if column in LISTS:
            found = found.annotate(**{f"{column}_text": Cast(column, TextField())}).filter(
                reduce(or_, (Q(**{f"{column}_text__contains": f'"{each}"'}) for each in values))
            )
        else:
            found = found.filter(**{f"{column}__in": values})
    start = (query.page - 1) * query.page_size
    return list(
        _sorted(found, query).values(
            "pk", "kind", "object_id", "categories", "latitude", "longitude", "summary", "body"
        )[start : start + query.page_size]
    )


def _sorted(found, query):
    if query.sort == "slutar":
        return found.order_by(F("available_until").asc(nulls_last=True), "-pk")
    if query.sort == "narmast":
        latitude, longitude = map(float, query.origin)
        # Flat enough at this scale to put places in order.
        north = F("latitude") - latitude
        east = (F("longitude") - longitude) * cos(radians(latitude))
        return found.order_by((north * north + east * east).asc(nulls_last=True), "-pk")
    if query.sort == "nyast" or not query.text:
        return found.order_by("-published_at", "-pk")
    return found.order_by("-score", "-published_at", "-pk")


def count(found, query):
    """({facet: {value: number}}, number of hits in all), in one query over what matches."""
    columns = {column: _plain(column) for column in FACETS.values()}
    sql, params = (
        found.order_by().values(**{f"c_{name}": value for name, value in columns.items()}).query
    ).sql_with_params()
    branches, more = [], []
    for facet in (*FACETS, ""):
        where, values = _where(query.without(facet).filters)
        column = f"c_{FACETS[facet]}" if facet else "''"
        branches.append(
            f"SELECT '{facet}', {column}, COUNT(*) FROM matched WHERE {where} GROUP BY {column}"  # noqa: S608  # names are ours
            if facet
            else f"SELECT '', '', COUNT(*) FROM matched WHERE {where}"  # noqa: S608
        )
        more += values
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH matched AS ({sql}) {' UNION ALL '.join(branches)}",
            [*params, *more],
        )
        rows = cursor.fetchall()
    facets, total = {facet: Counter() for facet in FACETS}, 0
    for facet, value, number in rows:
        if not facet:
            total = number
        elif FACETS[facet] in LISTS:
            facets[facet].update(dict.fromkeys(json.loads(value), number))
        elif value:
            facets[facet][value] += number
    return {facet: dict(counter) for facet, counter in facets.items()}, total


def _plain(column):
    return Cast(column, TextField()) if column in LISTS else F(column)


def _where(filters):
    """A condition of SQL over the columns of `count`, and its parameters."""
    conditions, params = ["1 = 1"], []
    for facet, values in filters.items():
        column = FACETS[facet]
        if column in LISTS:
            conditions.append(" OR ".join([f"c_{column} LIKE %s"] * len(values)))
            params += [f'%"{value}"%' for value in values]
        else:
            conditions.append(f"c_{column} IN ({', '.join(['%s'] * len(values))})")
            params += values
    return " AND ".join(f"({condition})" for condition in conditions), params


def distance_km(origin, latitude, longitude):
    """Great-circle distance in km between `origin` (lat, lon) and a place, or None."""
    if origin is None or latitude is None or longitude is None:
        return None
    lat1, lon1, lat2, lon2 = map(radians, (*map(float, origin), latitude, longitude))
    h = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * 6371 * asin(sqrt(h))


def _highlight(row, meaning, length=160):
    """The piece of the text around the first word of the question, marked; safe HTML."""
    wanted = {
        analysis.stem(word)
        for term in meaning.terms
        for reading in term.readings
        for word in reading.words
    }
    text = f"{row['summary']} {row['body']}".strip()
    for match in analysis.WORD.finditer(text) if wanted else ():
        word = match.group().casefold()
        if analysis.stem(word) in wanted or any(
            analysis.stem(part) in wanted for part in analysis.pieces(word)
        ):
            start = max(0, match.start() - length // 2)
            before, after = text[start : match.start()], text[match.end() : start + length]
            return mark_safe(  # noqa: S308  # each piece is escaped
                f"{'…' if start else ''}{escape(before)}<mark>{escape(match.group())}</mark>"
                f"{escape(after)}{'…' if start + length < len(text) else ''}"
            )
    return ""
