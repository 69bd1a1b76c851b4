"""A search from the URL to the page: what was asked, how a URL says it, and what was found."""

from dataclasses import dataclass, replace
from functools import cached_property

from django.http import HttpRequest, QueryDict
from django.utils.translation import get_language
from wagtail.models import Site

from inspiration.lessons.amounts import Group
from marketplace.municipalities.models import Municipality
from marketplace.organisations.models import Organisation
from marketplace.organisations.permissions import acting_organisation
from search.engines.base import Position, SearchQuery, SearchResult
from search.engines.fallback import answer
from search.query.params import NEAR, params_of
from search.results.labels import Labels
from search.results.reference import limits, municipalities


@dataclass(frozen=True)
class Search:
    """What one request searches for. It is answered once, when the result is first read.

    `only` is the type that the page is for, `near` the municipality chosen to count distances
    from, `organisation` the one that the reader acts for, and `group` the children that lesson
    ideas are asked about.
    """

    query: SearchQuery
    labels: Labels
    only: str | None = None
    near: Municipality | None = None
    organisation: Organisation | None = None
    group: Group | None = None

    @classmethod
    def from_request(cls, request: HttpRequest, *, only: str | None) -> "Search":
        organisation = acting_organisation(request)
        near = municipalities().get(request.GET.get(NEAR, ""))
        query = SearchQuery.from_params(
            request.GET,
            language=get_language(),
            origin=origin_of(near, organisation),
            only=only,
            **limits(Site.find_for_request(request), request.user),
        )
        labels = Labels()
        group = None if only else Group.asked_about(request.GET)
        return cls(narrowest_categories(query, labels), labels, only, near, organisation, group)

    @cached_property
    def result(self) -> SearchResult:
        return answer(self.query)

    @cached_property
    def params(self) -> QueryDict:
        """The URL's parameters, without the page; to be copied before they are changed."""
        near = self.near.slug if self.near else ""
        params = params_of(self.query, near=near, only=self.only)
        if self.group:
            params.update(QueryDict(self.group.address))
        return params

    @property
    def municipalities(self) -> list[Municipality]:
        """Those that the site is for, by name."""
        among = self.query.municipalities
        return [
            each
            for slug, each in self.labels.municipalities.items()
            if among is None or slug in among
        ]

    @property
    def home(self) -> str:
        """The slug of the municipality that the question is counted for, or nothing."""
        if self.organisation:
            return self.organisation.municipality.slug
        chosen = self.chosen("kommun")
        return chosen[0] if len(chosen) == 1 else ""

    def chosen(self, facet: str) -> list[str]:
        """The values of a facet or switch that are asked for."""
        return self.query.filters.get(facet, [])

    def counts(self, facet: str) -> dict[str, int]:
        """{value: how many it would find} of a facet or switch."""
        return self.result.facets.get(facet, {})


def origin_of(near: Municipality | None, organisation: Organisation | None) -> Position | None:
    """Where distances start: the municipality chosen, or else the reader's organisation."""
    if near:
        return near.latitude, near.longitude
    return organisation.position if organisation else None


def narrowest_categories(query: SearchQuery, labels: Labels) -> SearchQuery:
    """The same question without the categories above others that are chosen as well.

    A visitor who ticks "Wood" and then "Off-cuts" below it wants off-cuts, not all wood.
    """
    chosen = query.filters.get("kategori", [])
    wider = {above for slug in chosen for above in labels.above(slug)}
    if not wider.intersection(chosen):
        return query
    narrow = [slug for slug in chosen if slug not in wider]
    return replace(query, filters=query.filters | {"kategori": narrow})
