"""The engine that is always there: the database.

Words are found by an index of the terms that `analysis` made (see `full_text`). Where they stand,
and so how well a thing fits, is read from the same terms in SQL.
"""

import json
from collections import Counter
from datetime import datetime, time, timedelta
from functools import reduce
from math import cos, radians
from operator import and_, or_

from django.db import connection
from django.db.models import (
    Case,
    ExpressionWrapper,
    F,
    FloatField,
    IntegerField,
    Q,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Greatest
from django.utils import timezone
from django.utils.html import escape, mark_safe

from . import analysis, full_text, ranking
from .engine import FACETS, SWITCHES, Hit, SearchQuery, SearchResult
from .models import SearchEntry
from .understanding import understand

name = "database"
LISTS = {"categories", "subjects", "age_groups"}
KM_PER_DEGREE = 111.2


def search(query: SearchQuery) -> SearchResult:
    """Answer `query` from the database."""
    meaning = understand(query.text, exactly=query.exactly)
    found = matching(query, meaning)
    rows = page_of(found, query)
    few = len(rows) < ranking.FEW_HITS and query.page == 1
    # A few things are only held against the question; nothing is missing among them.
    if meaning and few and query.among is None:
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
        )
        for row in rows
    ]
    return SearchResult(hits, total, facets, name, meaning.correction)


def suggest(query: SearchQuery) -> list:
    """The keys of the entries that have the text of `query` in their title, the newest first."""
    found = _visible(query).filter(title__icontains=query.text).order_by("-published_at", "-pk")
    return list(found.values_list("pk", flat=True)[: query.page_size])


# --- What matches ---------------------------------------------------------------------------


def matching(query, meaning, *, loosely=False, like=()):
    """The entries that answer the question, before facets narrow them, with a `score`."""
    entries = _visible(query)
    if query.among is not None:
        entries = entries.filter(pk__in=query.among)
    if not meaning:
        return entries.annotate(score=Value(0.0, output_field=FloatField()))
    score = sum((_score(term, loosely) for term in meaning.terms), Value(0.0))
    found = _with_text(entries, meaning, loosely)
    if like:
        same_kind = Q(categories__0__in=list(like))
        score = score + _when(same_kind, ranking.SAME_KIND)
        found = entries.filter(Q(pk__in=found.values("pk")) | same_kind)
    return found.annotate(score=score * _liking(query))


def _visible(query):
    """Only what may be found today, on this site and in this language."""
    entries = SearchEntry.objects.visible(query.today).in_language(query.language)
    if query.municipalities is not None:
        # Pages belong to no municipality.
        entries = entries.filter(Q(municipality__in=query.municipalities) | Q(latitude=None))
    if query.site is not None:
        entries = entries.filter(Q(site=query.site) | Q(site=None))
    return entries


def _liking(query):
    """What makes one of two things that fit as well come first: 1 and a little."""
    fresh = timezone.make_aware(
        datetime.combine(query.today - timedelta(days=ranking.FRESH_DAYS), time.min)
    )
    liking = (
        Value(1.0)
        + _when(Q(photo_count__gt=0), ranking.PHOTO)
        + _when(Q(published_at__gte=fresh), ranking.FRESH)
    )
    if query.origin:
        half = Value((ranking.NEAR_HALF_KM / KM_PER_DEGREE) ** 2)
        near = Value(ranking.NEAR) * half / (half + _squared_degrees(query.origin))
        liking = liking + Coalesce(near, Value(0.0), output_field=FloatField())
    return liking


def _squared_degrees(origin):
    """The squared distance of an entry in degrees of latitude: flat enough at this scale."""
    latitude, longitude = map(float, origin)
    north = F("latitude") - latitude
    east = (F("longitude") - longitude) * cos(radians(latitude))
    return ExpressionWrapper(north * north + east * east, output_field=FloatField())


def _with_text(entries, meaning, loosely):
    """Entries in which every word is found, in one of its readings; loosely, any of them."""
    groups = [
        [[_forms(word) for word in reading.words] for reading in _readings(term, loosely)]
        for term in meaning.terms
    ]
    return full_text.having(entries, groups, all_groups=not loosely)


def _readings(term, loosely):
    return term.readings + (term.loose if loosely else ())


def _forms(word):
    """The terms that `word` may be stored as."""
    own = analysis.stem(word)
    return list(dict.fromkeys([own, analysis.stem(word, "en"), analysis.PART + own]))


# --- How well it fits ------------------------------------------------------------------------


def _score(term, loosely):
    """A word in the best of its readings: one word, or several that must all be found."""
    readings = _readings(term, loosely)
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


def _when(condition, value, otherwise=0.0, kind=None):
    return Case(
        When(condition, then=Value(value)),
        default=Value(otherwise),
        output_field=kind or FloatField(),
    )


# --- The page and the counts -----------------------------------------------------------------


def page_of(found, query):
    """The rows of the page that is asked for, as dicts."""
    for facet, values in query.filters.items():
        column = FACETS.get(facet)
        if column in LISTS:
            found = found.annotate(**{f"{column}_text": Cast(column, TextField())}).filter(
                reduce(or_, (Q(**{f"{column}_text__contains": f'"{each}"'}) for each in values))
            )
        elif column:
            found = found.filter(**{f"{column}__in": values})
        else:
            found = found.filter(_switch(facet, values[0], query))
    start = (query.page - 1) * query.page_size
    return list(
        _sorted(found, query).values(
            "pk", "kind", "object_id", "categories", "summary", "body", "score"
        )[start : start + query.page_size]
    )


def _switch(facet, value, query):
    if facet == "leverans":
        return Q(delivery=True)
    if facet == "nu":
        # Pages are always there; it is material that one fetches.
        now = Q(available_from=None) | Q(available_from__lte=query.today)
        return now & Q(latitude__isnull=False)
    return Q(suitable_from_age=None) | Q(suitable_from_age__lte=int(value))


def _sorted(found, query):
    if query.sort == "slutar":
        return found.order_by(F("available_until").asc(nulls_last=True), "-pk")
    if query.sort == "narmast":
        distance = _squared_degrees(query.origin)
        return found.order_by(distance.asc(nulls_last=True), "-pk")
    if query.sort == "nyast" or not query.text:
        return found.order_by("-published_at", "-pk")
    return found.order_by("-score", "-published_at", "-pk")


def count(found, query):
    """({facet: {value: number}}, number of hits in all), in one query over what matches."""
    columns = {f"c_{column}": _plain(column) for column in FACETS.values()}
    switches = {
        _column(facet, value): _when(_switch(facet, value, query), 1, 0, IntegerField())
        for facet, values in SWITCHES.items()
        for value in values
    }
    matched = found.order_by().values(**columns, **switches).query
    sql, params = matched.sql_with_params()
    branches = []
    for facet in (*FACETS, *SWITCHES, ""):
        where, values = _where(query.without(facet).filters)
        for select, group_by in _counts_of(facet):
            branches.append(f"SELECT {select} FROM matched WHERE {where} {group_by}")  # noqa: S608  # names are ours
            params = (*params, *values)
    with connection.cursor() as cursor:
        cursor.execute(f"WITH matched AS ({sql}) {' UNION ALL '.join(branches)}", params)
        rows = cursor.fetchall()
    facets, total = {facet: Counter() for facet in (*FACETS, *SWITCHES)}, 0
    for facet, value, number in rows:
        if not facet:
            total = number
        elif FACETS.get(facet) in LISTS:
            facets[facet].update(dict.fromkeys(json.loads(value), number))
        elif value and number:
            facets[facet][value] += number
    return {facet: dict(counter) for facet, counter in facets.items()}, total


def _counts_of(facet):
    """What to select from what matches, and how to group it, to count a facet."""
    if facet in FACETS:
        column = f"c_{FACETS[facet]}"
        yield f"'{facet}', {column}, COUNT(*)", f"GROUP BY {column}"
    elif facet in SWITCHES:
        for value in SWITCHES[facet]:
            yield f"'{facet}', '{value}', SUM({_column(facet, value)})", ""
    else:
        yield "'', '', COUNT(*)", ""


def _column(facet, value):
    return f"s_{facet}_{value}"


def _plain(column):
    return Cast(column, TextField()) if column in LISTS else F(column)


def _where(filters):
    """A condition of SQL over the columns of `count`, and its parameters."""
    conditions, params = ["1 = 1"], []
    for facet, values in filters.items():
        column = f"c_{FACETS[facet]}" if facet in FACETS else _column(facet, values[0])
        if facet in SWITCHES:
            conditions.append(f"{column} = 1")
        elif FACETS[facet] in LISTS:
            conditions.append(" OR ".join([f"{column} LIKE %s"] * len(values)))
            params += [f'%"{value}"%' for value in values]
        else:
            conditions.append(f"{column} IN ({', '.join(['%s'] * len(values))})")
            params += values
    return " AND ".join(f"({condition})" for condition in conditions), params


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
