"""The engine that is always there: the database.

Words are found by an index of the terms that `analysis` made (see `full_text`). Where they stand,
and so how well a thing fits, is read from the same terms in SQL.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, time, timedelta
from functools import reduce
from math import cos, radians
from operator import and_, or_

from django.db import connection
from django.db.models import (
    Case,
    ExpressionWrapper,
    F,
    Field,
    FloatField,
    IntegerField,
    Q,
    QuerySet,
    TextField,
    Value,
    When,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Coalesce, Greatest
from django.utils import timezone

from marketplace.materials.carrying import CarriedBy
from search.engines.base import FACETS, SWITCHES, Hit, Position, SearchQuery, SearchResult
from search.engines.full_text import having
from search.engines.has import Has, Worth, spaced
from search.engines.highlighting import highlight
from search.index.models import SearchEntry
from search.query import ranking
from search.query.parsing import Alternative, ParsedQuery, Term, parse_query, terms_by_share

name = "database"
LISTS = {"categories", "subjects", "age_groups"}
KM_PER_DEGREE = 111.2


def search(query: SearchQuery) -> SearchResult:
    """Answer `query` from the database."""
    parsed = parse_query(query.text, exactly=query.exactly)
    found = matching(query, parsed)
    rows = page_of(found, query)
    facets, total = count(found, query)
    related = []
    # A saved search matches a few given entries only, so it needs no related ones.
    if parsed and total < ranking.FEW_HITS and query.page == 1 and query.among is None:
        related = page_of(like(found, rows, query, parsed), query)[: ranking.RELATED]
    return SearchResult(
        hits=_hits(rows, parsed),
        total=total,
        facets=facets,
        engine=name,
        correction=parsed.correction,
        related=_hits(related, parsed),
    )


def _hits(rows: list[dict], parsed: ParsedQuery) -> list[Hit]:
    return [
        Hit(
            entry_id=row["pk"],
            type=row["type"],
            object_id=row["object_id"],
            highlight=highlight(f"{row['summary']} {row['body']}".strip(), parsed),
        )
        for row in rows
    ]


def suggest(query: SearchQuery) -> list:
    """The keys of the entries that have the text of `query` in their title, the newest first."""
    found = _visible(query).filter(title__icontains=query.text).order_by("-published_at", "-pk")
    return list(found.values_list("pk", flat=True)[: query.page_size])


# --- What matches ---------------------------------------------------------------------------


def matching(query: SearchQuery, parsed: ParsedQuery) -> QuerySet:
    """The entries that answer the question, before facets narrow them, with a `score`."""
    entries = _visible(query)
    if query.among is not None:
        entries = entries.filter(pk__in=query.among)
    if not parsed:
        return entries.annotate(score=Value(0.0, output_field=FloatField()))
    return _scored(_with_text(entries, parsed), query, parsed)


def like(found: QuerySet, rows: list[dict], query: SearchQuery, parsed: ParsedQuery) -> QuerySet:
    """The entries that answer the question read loosely, or are of the kind of those `found`."""
    entries = _visible(query)
    loose = Q(pk__in=_with_text(entries, parsed, loosely=True).values("pk"))
    kinds = sorted({row["categories"][0] for row in rows if row["categories"]})
    same_kind = Q(categories__0__in=kinds) if kinds else Q(pk=None)
    others = entries.filter(loose | same_kind).exclude(pk__in=found.order_by().values("pk"))
    bonus = _when(same_kind, ranking.SAME_KIND) if kinds else Value(0.0)
    return _scored(others, query, parsed, loosely=True, bonus=bonus)


def _scored(
    entries: QuerySet,
    query: SearchQuery,
    parsed: ParsedQuery,
    *,
    loosely: bool = False,
    bonus: Combinable | None = None,
) -> QuerySet:
    score = sum((_score(term, loosely) for term in parsed.terms), bonus or Value(0.0))
    return entries.annotate(score=score * _liking(query))


def _visible(query: SearchQuery) -> QuerySet:
    """Only what may be found today, on this site and in this language."""
    entries = SearchEntry.objects.visible(query.today).in_language(query.language)
    if query.homes is not None:
        open_to_all = Q(open_to_all_at=None) | Q(open_to_all_at__lte=query.now)
        entries = entries.filter(open_to_all | Q(municipality__in=query.homes))
    if query.municipalities is not None:
        # Pages are of the whole site, also those that say a municipality.
        pages = ~Q(type__in=SearchEntry.WRITTEN_BY_ORGANISATIONS)
        entries = entries.filter(Q(municipality__in=query.municipalities) | pages)
    if query.site is not None:
        entries = entries.filter(Q(site=query.site) | Q(site=None))
    return entries


def _liking(query: SearchQuery) -> Combinable:
    """What makes one of two things that fit as well come first: 1 and a little."""
    fresh = timezone.make_aware(
        datetime.combine(query.today - timedelta(days=ranking.FRESH_DAYS), time.min)
    )
    liking = (
        Value(1.0)
        + _when(Q(type=SearchEntry.Type.MATERIAL), ranking.MATERIAL)
        + _when(Q(photo_count__gt=0), ranking.PHOTO)
        + _when(Q(published_at__gte=fresh), ranking.FRESH)
    )
    if query.origin:
        half = Value((ranking.NEAR_HALF_KM / KM_PER_DEGREE) ** 2)
        near = Value(ranking.NEAR) * half / (half + _squared_degrees(query.origin))
        liking = liking + Coalesce(near, Value(0.0), output_field=FloatField())
    return liking


def _squared_degrees(origin: Position) -> ExpressionWrapper:
    """The squared distance of an entry in degrees of latitude: flat enough at this scale."""
    latitude, longitude = map(float, origin)
    north = F("latitude") - latitude
    east = (F("longitude") - longitude) * cos(radians(latitude))
    return ExpressionWrapper(north * north + east * east, output_field=FloatField())


def _with_text(entries: QuerySet, parsed: ParsedQuery, *, loosely: bool = False) -> QuerySet:
    """Entries in which every word is found, in one of its alternatives; loosely, any of them."""
    groups = [
        [way for term in either for way in _ways(term, loosely)] for either in parsed.required
    ]
    return having(entries, groups, all_groups=not loosely)


def _ways(term: Term, loosely: bool) -> list[list[list[str]]]:
    """The ways to say `term`, each a list of words, and those a list of terms: see `having`."""
    said = [each.forms for each in _alternatives(term, loosely)]
    return said + [[[code]] for code in term.codes]


def _alternatives(term: Term, loosely: bool) -> tuple[Alternative, ...]:
    return term.alternatives + (term.loose if loosely else ())


# --- How well it fits ------------------------------------------------------------------------


def _score(term: Term, loosely: bool) -> Combinable:
    """A word in the best of its alternatives: one word, or several that must all be found."""
    alternatives = _alternatives(term, loosely)
    single = [each for each in alternatives if len(each.words) == 1]
    ways: list[Combinable] = [_sum_of_fields(single)] if single else []
    for alternative in alternatives:
        if len(alternative.words) > 1:
            each = [_sum_of_fields([word], exact=False) for word in alternative.apart]
            everywhere = reduce(and_, (_anywhere(forms) for forms in alternative.forms))
            ways.append(Case(When(everywhere, then=sum(each[1:], each[0])), default=Value(0.0)))
    best = ways[0] if len(ways) == 1 else Greatest(*ways)
    return best + _intended(term) if term.leads else best


def _intended(term: Term) -> Combinable:
    """What an intention adds: for the kind of thing, and for a lesson idea that is about it."""
    score: Combinable = Value(0.0)
    for name, weights in term.leads.codes.items() if term.leads else ():
        column = SearchEntry.TERMS[name]
        cases = [
            When(_has(column, codes), then=Value(weight))
            for weight, codes in ranking.by_weight(weights)
        ]
        score += Case(*cases, default=Value(0.0), output_field=FloatField())
    if term.optional:
        return score
    cases = [
        When(_about(names, stems), then=Value(weight))
        for weight, names, stems in term.says_so
        if stems
    ]
    return score + Case(*cases, default=Value(0.0), output_field=FloatField())


def _about(names: Iterable[str], stems: Iterable[str]) -> Q:
    """Whether it is an idea with one of `stems` in one of the fields."""
    found = (Q(_has(SearchEntry.TERMS[name], stems)) for name in names)
    return Q(type__in=SearchEntry.IDEAS) & reduce(or_, found)


def _sum_of_fields(alternatives: Sequence[Alternative], *, exact: bool = True) -> Combinable:
    """The weights of the fields in which a word is found, summed; in each the best way."""
    ways = terms_by_share(alternatives, exact=exact)
    fields: list[Combinable] = [
        Worth(SearchEntry.TERMS[field], weight, ways) for field, weight in ranking.FIELDS.items()
    ]
    return sum(fields[1:], fields[0])


def _has(column: str, forms: Iterable[str]) -> Has:
    return Has(column, spaced(forms))


def _anywhere(forms: Iterable[str]) -> Q:
    columns = SearchEntry.TERMS.values()
    return reduce(or_, (Q(_has(column, forms)) for column in columns))


def _when(
    condition: Q, value: float, otherwise: float = 0.0, output_field: Field | None = None
) -> Case:
    return Case(
        When(condition, then=Value(value)),
        default=Value(otherwise),
        output_field=output_field or FloatField(),
    )


# --- The page and the counts -----------------------------------------------------------------


def page_of(found: QuerySet, query: SearchQuery) -> list[dict]:
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
            "pk", "type", "object_id", "categories", "summary", "body", "score"
        )[start : start + query.page_size]
    )


def _switch(facet: str, value: str, query: SearchQuery) -> Q:
    if facet == "leverans":
        return Q(delivery=True)
    if facet == "utanbil":
        return Q(part_carried_by=CarriedBy.BICYCLE)
    if facet == "nu":
        # Pages are always there; it is material that one fetches.
        now = Q(available_from=None) | Q(available_from__lte=query.today)
        return now & Q(latitude__isnull=False)
    # Where nothing is known, it does not suit.
    return Q(fits_from_age__isnull=False, fits_from_age__lte=int(value))


def _sorted(found: QuerySet, query: SearchQuery) -> QuerySet:
    if query.sort == "slutar":
        return found.order_by(F("available_until").asc(nulls_last=True), "-pk")
    if query.sort == "narmast" and query.origin:
        distance = _squared_degrees(query.origin)
        return found.order_by(distance.asc(nulls_last=True), "-pk")
    if query.sort == "nyast" or not query.text:
        return found.order_by("-published_at", "-pk")
    return found.order_by("-score", "-published_at", "-pk")


def count(found: QuerySet, query: SearchQuery) -> tuple[dict[str, dict[str, int]], int]:
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
    facets: dict[str, Counter] = {facet: Counter() for facet in (*FACETS, *SWITCHES)}
    total = 0
    for facet, value, number in rows:
        if not facet:
            total = number
        elif FACETS.get(facet) in LISTS:
            facets[facet].update(dict.fromkeys(json.loads(value), number))
        elif value and number:
            facets[facet][value] += number
    return {facet: dict(counter) for facet, counter in facets.items()}, total


def _counts_of(facet: str) -> Iterator[tuple[str, str]]:
    """What to select from what matches, and how to group it, to count a facet."""
    if facet in FACETS:
        column = f"c_{FACETS[facet]}"
        yield f"'{facet}', {column}, COUNT(*)", f"GROUP BY {column}"
    elif facet in SWITCHES:
        for value in SWITCHES[facet]:
            yield f"'{facet}', '{value}', SUM({_column(facet, value)})", ""
    else:
        yield "'', '', COUNT(*)", ""


def _column(facet: str, value: str) -> str:
    return f"s_{facet}_{value}"


def _plain(column: str) -> Combinable:
    return Cast(column, TextField()) if column in LISTS else F(column)


def _where(filters: dict[str, list[str]]) -> tuple[str, list[str]]:
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
