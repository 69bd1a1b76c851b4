"""The read-only API at `/api/v1/`, for the municipalities' own systems (see docs/api.md).

It answers what everybody may see on the site and nothing about people: no names, no contacts, no
addresses, and no organisations. Every answer can be kept for a minute and asked about by ETag.
"""

from datetime import date
from typing import Annotated, Literal

from django.http import HttpRequest
from django.utils.cache import patch_cache_control
from django.utils.timezone import localdate
from django.utils.translation import override
from django.views.decorators.http import conditional_page
from ninja import Field, NinjaAPI, Query, Router, Schema
from ninja.decorators import decorate_view
from ninja.errors import HttpError
from ninja.pagination import PageNumberPagination, paginate
from ninja.throttling import BaseThrottle
from wagtail.models import Page, Site

from inspiration.campaigns.models import CampaignPage
from inspiration.events.models import EventPage
from inspiration.lessons.models import LessonIdeaPage
from inspiration.pages.models import ArticlePage, PageTag
from inspiration.stories.models import CaseStoryPage
from marketplace.impact import figures
from marketplace.impact.figures.definitions import FIGURES
from marketplace.impact.figures.forms import PeriodForm
from marketplace.impact.figures.periods import Period
from marketplace.impact.open_data import rows as open_data_rows
from marketplace.listings.models import MaterialListing
from marketplace.materials.models import MaterialCategory
from marketplace.municipalities.models import Municipality
from portal.foundation import scopes, throttling
from portal.site.api_schemas import (
    CategoryOut,
    DefinitionOut,
    ListingOut,
    MunicipalityFiguresOut,
    MunicipalityOut,
    PageOut,
    RowOut,
    TotalsOut,
)

PER_PAGE = 50
CACHED_SECONDS = 60


class ByAddress(BaseThrottle):
    """The same limiter as everywhere, counting by the visitor's address."""

    def allow_request(self, request):
        return throttling.allows("api", request=request)

    def wait(self):
        return 60


api = NinjaAPI(
    title="Återbruksportalen",
    version="1",
    description="Material to be had, ideas for it, and what reuse has achieved. Licence: CC0.",
    # Ninja's own pages load scripts from a CDN, which this site never does.
    docs_url=None,
    urls_namespace="api",
    throttle=[ByAddress()],
)
router = Router()

PAGE_TYPES = {
    "artikel": ArticlePage,
    "berattelse": CaseStoryPage,
    "lektion": LessonIdeaPage,
    "kampanj": CampaignPage,
    "handelse": EventPage,
}
Language = Literal["sv", "en"]


def public(view):
    """Anybody may read it from anywhere, keep it for a minute, and ask whether it has changed."""

    def answer(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        if response.status_code == 200:
            patch_cache_control(response, public=True, max_age=CACHED_SECONDS)
        response["Access-Control-Allow-Origin"] = "*"
        return response

    return conditional_page(answer)


def everybodys(rows, request):
    """Those of `rows` that everybody may read on the site that is asked."""
    return scopes.public(rows, Site.find_for_request(request))


def taking_part(request):
    return everybodys(Municipality.objects.all(), request)


# --- What the answers look like -----------------------------------------------------------------


class PeriodIn(Schema):
    """`period` names a year or a term; `start` and `end` together choose days of one's own."""

    period: str = Field("", description="2026, vt2026, ht2026 or alla; all there is if left out.")
    start: date | None = Field(None, description="First day, together with `end`.")
    end: date | None = Field(None, description="Last day, together with `start`.")

    def chosen(self):
        if not (self.period or self.start or self.end):
            return Period.ever()
        days = {"period": PeriodForm.CUSTOM, "fran": self.start, "till": self.end}
        form = PeriodForm({"period": self.period} if self.period else days)
        if not form.is_valid():
            raise HttpError(
                422, " ".join(str(error) for each in form.errors.values() for error in each)
            )
        return form.chosen


class ListingFilter(Schema):
    municipality: list[Annotated[str, Field(pattern=r"^\d{4}$")]] = Field(
        [], description="Official codes; several by repeating."
    )
    category: list[Annotated[str, Field(pattern=r"^[\w-]+$")]] = Field(
        [], description="Slugs; what lies below them is included."
    )


# --- Reference data -----------------------------------------------------------------------------


@router.get("/municipalities", response=list[MunicipalityOut], tags=["reference"])
@decorate_view(public)
def municipalities(request: HttpRequest):
    """The participating municipalities."""
    return taking_part(request).order_by("code")


@router.get("/categories", response=list[CategoryOut], tags=["reference"])
@decorate_view(public)
def categories(request: HttpRequest, lang: Language = "sv"):
    """The tree of materials with the climate factor and the price in force today."""
    with override(lang):
        names = MaterialCategory.objects.names()
    source = list(everybodys(MaterialCategory.objects.all(), request).order_by("slug"))
    slugs = {each.pk: each.slug for each in source}
    factors = figures.current_factors()
    return [
        {
            "slug": each.slug,
            "name": names[each.pk],
            "parent": slugs.get(each.parent_id),
            "kgco2e_per_kg": factors[each.pk].kgco2e_per_kg if each.pk in factors else None,
            "sek_per_kg": factors[each.pk].sek_per_kg if each.pk in factors else None,
        }
        for each in source
    ]


# --- Material and pages -------------------------------------------------------------------------


def listing_out(request, listing):
    return {
        "id": listing.pk,
        "title": listing.title,
        "description": listing.description,
        "category": listing.category.slug,
        "tags": sorted(item.tag.name for item in listing.tagged_items.all()),
        "municipality": listing.municipality.code,
        "left": listing.stock.left,
        "unit": listing.stock.unit,
        "kg_per_unit": listing.stock.kg_per_unit,
        "condition": listing.condition,
        "suitable_from_age": listing.suitable_from_age,
        "fits_from_age": listing.fits_from_age,
        "available_from": listing.available_from,
        "available_until": listing.available_until,
        "delivery_offered": listing.delivery_offered,
        "url": request.build_absolute_uri(listing.get_absolute_url()),
    }


class Paged(PageNumberPagination):
    """Pages with numbers that a database can count to."""

    class Input(PageNumberPagination.Input):
        page: int = Field(1, ge=1, le=1_000_000)


class Listings(Paged):
    """Pages of listings: only those on the page are read in full."""

    def paginate_queryset(self, queryset, pagination, request, **params):
        page = super().paginate_queryset(queryset, pagination, request=request, **params)
        return page | {"items": [listing_out(request, listing) for listing in page["items"]]}


def available(request):
    return (
        everybodys(MaterialListing.objects.all(), request)
        .select_related("organisation__municipality", "category", "stock")
        .prefetch_related("tagged_items__tag")
    )


@router.get("/listings", response=list[ListingOut], tags=["material"])
@decorate_view(public)
@paginate(Listings, page_size=PER_PAGE)
def listings(request: HttpRequest, filters: Query[ListingFilter]):
    """Material that can be asked for now, the newest first."""
    found = available(request)
    if filters.municipality:
        found = found.filter(organisation__municipality__code__in=filters.municipality)
    if filters.category:
        below = MaterialCategory.objects.with_descendants(slugs=filters.category)
        found = found.filter(category__in=below)
    return found.order_by("-first_published_at", "-pk")


@router.get("/listings/{pk}", response=ListingOut, tags=["material"])
@decorate_view(public)
def listing(request: HttpRequest, pk: int):
    """One listing, while it can be asked for."""
    found = available(request).filter(pk=pk).first() if 0 < pk < 2**63 else None
    if found is None:
        raise HttpError(404, "There is no such listing to be had now.")
    return listing_out(request, found)


class Pages(Paged):
    """Pages of the site's pages: only those asked for are read in full."""

    def paginate_queryset(self, queryset, pagination, request, **params):
        page = super().paginate_queryset(queryset, pagination, request=request, **params)
        keys = [each.pk for each in page["items"]]
        found = {each.pk: each for each in Page.objects.filter(pk__in=keys).specific()}
        types = {model: name for name, model in PAGE_TYPES.items()}
        tags = tags_of(keys)
        return page | {
            "items": [
                {
                    "id": pk,
                    "type": types[type(found[pk])],
                    "title": found[pk].title,
                    "summary": found[pk].summary,
                    "tags": tags.get(pk, []),
                    "published": localdate(found[pk].first_published_at),
                    "language": found[pk].locale.language_code,
                    "url": found[pk].get_full_url(request),
                }
                for pk in keys
            ]
        }


def tags_of(keys):
    """{page's pk: its tags in order}, in one query."""
    tags: dict[int, list[str]] = {}
    pairs = PageTag.objects.filter(content_object__in=keys).order_by("tag__name")
    for pk, name in pairs.values_list("content_object", "tag__name"):
        tags.setdefault(pk, []).append(name)
    return tags


@router.get("/pages", response=list[PageOut], tags=["inspiration"])
@decorate_view(public)
@paginate(Pages, page_size=PER_PAGE)
def pages(
    request: HttpRequest,
    type: Literal["artikel", "berattelse", "lektion", "kampanj", "handelse"] | None = None,
    lang: Language = "sv",
):
    """Articles, case stories, lesson ideas and campaigns, the newest first."""
    models = [PAGE_TYPES[type]] if type else PAGE_TYPES.values()
    found = everybodys(Page.objects.all(), request)
    found = found.type(tuple(models)).filter(locale__language_code=lang)
    return found.order_by("-first_published_at", "-pk")


# --- Figures ------------------------------------------------------------------------------------


def rows_of(request, period):
    places = list(taking_part(request).values_list("pk", flat=True))
    return figures.handovers(period=period.chosen(), municipalities=places)


@router.get("/figures/definitions", response=list[DefinitionOut], tags=["figures"])
@decorate_view(public)
def definitions(request: HttpRequest, lang: Language = "sv"):
    """What each key figure means, its unit, and where it comes from."""
    with override(lang):
        return [
            {
                "key": figure.key,
                "name": str(figure.name),
                "unit": figure.unit,
                "definition": str(figure.definition),
                "source": str(figure.source),
            }
            for figure in FIGURES.values()
        ]


@router.get("/figures", response=TotalsOut, tags=["figures"])
@decorate_view(public)
def totals(request: HttpRequest, period: Query[PeriodIn]):
    """The figures of all participating municipalities together.

    Ratings are left out: a few answers could be traced to who gave them.
    """
    rows = rows_of(request, period)
    asked = {"period": rows.period, "municipalities": [*rows.municipalities]}
    return {
        "start": rows.period.start,
        "end": rows.period.end,
        **figures.totals(rows),
        **figures.climate(rows).values,
        "climate_method": figures.METHOD_VERSION,
        **figures.use_in_all(**asked),
        # What belongs to no municipality is counted in all together only.
        **figures.computed_together(
            period=rows.period, municipalities=[None, *rows.municipalities]
        ),
    }


@router.get("/figures/municipalities", response=list[MunicipalityFiguresOut], tags=["figures"])
@decorate_view(public)
def totals_per_municipality(request: HttpRequest, period: Query[PeriodIn]):
    """The same figures for each municipality.

    Handovers count for the receiver's on that day, and the other figures as their definitions say.
    """
    rows = rows_of(request, period)
    sums = figures.by_municipality(rows)
    goals = figures.goals(rows.period)
    nothing = dict.fromkeys([*figures.AMOUNTS, *figures.PARTIES], 0)
    climate = figures.climate_by_municipality(rows)
    asked = {"period": rows.period, "municipalities": [*rows.municipalities]}
    use = figures.use_by_municipality(**asked)
    added = figures.computed(**asked)
    return [
        {
            "municipality": each.code,
            "goal_kg": goals[each.pk],
            **sums.get(each.pk, nothing),
            **climate.get(each.pk, figures.Climate()).values,
            **use[each.pk],
            **added[each.pk],
        }
        for each in taking_part(request).order_by("code")
    ]


@router.get("/figures/rows", response=list[RowOut], tags=["figures"])
@decorate_view(public)
@paginate(Paged, page_size=PER_PAGE)
def rows(request: HttpRequest, period: Query[PeriodIn], lang: Language = "sv"):
    """A row per month, municipality and category: the data behind the sums."""
    with override(lang):
        return open_data_rows.rows(rows_of(request, period))


api.add_router("", router)
