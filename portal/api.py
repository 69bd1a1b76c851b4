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
from ninja.throttling import AnonRateThrottle
from wagtail.models import Page, Site

from inspiration.models import ArticlePage, CampaignPage, CaseStoryPage, LessonIdeaPage, PageTag
from marketplace import figures, opendata
from marketplace.figures import FIGURES, Period
from marketplace.forms.periods import PeriodForm
from marketplace.models import MaterialCategory, MaterialListing, Municipality

PER_PAGE = 50
CACHED_SECONDS = 60

api = NinjaAPI(
    title="Återbruksportalen",
    version="1",
    description="Material to be had, ideas for it, and what reuse has achieved. Licence: CC0.",
    # Ninja's own pages fetch their scripts from elsewhere, which this site never does.
    docs_url=None,
    urls_namespace="api",
    throttle=[AnonRateThrottle("120/m")],
)
router = Router()

PAGE_TYPES = {
    "artikel": ArticlePage,
    "berattelse": CaseStoryPage,
    "lektion": LessonIdeaPage,
    "kampanj": CampaignPage,
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


def taking_part(request):
    return Municipality.objects.for_site(Site.find_for_request(request))


# --- What the answers look like -----------------------------------------------------------------


class MunicipalityOut(Schema):
    code: str = Field(description="Official code (Statistics Sweden), four digits.")
    name: str
    slug: str
    population: int
    population_year: int


class CategoryOut(Schema):
    slug: str = Field(description="Lasting name, the same in all languages.")
    name: str
    parent: str | None = Field(description="Slug of the category above.")
    kgco2e_per_kg: float | None = Field(description="Climate factor in force today.")
    sek_per_kg: float | None = Field(description="Price of new material in force today.")


class ListingOut(Schema):
    id: int
    title: str
    description: str
    category: str = Field(description="Slug of the category.")
    tags: list[str]
    municipality: str = Field(description="Official code of the giver's municipality.")
    left: float = Field(description="What nobody has been promised, in `unit`.")
    unit: str
    kg_per_unit: float
    condition: str
    suitable_from_age: int | None
    available_from: date | None
    available_until: date | None
    delivery_offered: bool
    url: str


class PageOut(Schema):
    id: int
    type: str
    title: str
    summary: str
    tags: list[str]
    published: date
    language: str
    url: str


class DefinitionOut(Schema):
    key: str
    name: str
    unit: str
    definition: str
    source: str


class FiguresOut(Schema):
    mass_kg: float
    co2e_kg: float
    value_sek: float
    purchase_avoided_sek: float
    handovers: int
    pieces: float
    organisations: int
    givers: int
    receivers: int
    collaborations: int
    new_collaborations: int
    lasting_collaborations: int
    active_users: int
    active_users_company: int
    active_users_service: int
    returning_users: int
    returning_users_company: int
    returning_users_service: int
    other_collaborations: int
    listings: int
    taken_percent: float | None = Field(description="null when there were no listings.")
    taken_days: float | None = Field(description="null when no listing found a taker.")
    requests: int
    answered_percent: float | None = Field(description="null when there were no requests.")
    response_hours: float | None = Field(description="null when no request was answered.")
    ideas_sent: int
    ideas_answered: int
    ideas_taken_further: int
    searches: int
    searches_without_result: int
    searches_without_percent: float | None = Field(description="null when nobody searched.")
    search_clicks: int
    click_position: float | None = Field(description="null when nothing was opened.")
    campaigns: int
    campaign_kg: float
    campaign_handovers: int


class TotalsOut(FiguresOut):
    start: date = Field(description="First day of the period.")
    end: date = Field(description="Last day of the period.")


class MunicipalityFiguresOut(FiguresOut):
    municipality: str = Field(description="Official code of the receiver's municipality.")
    goal_kg: float


class RowOut(Schema):
    month: str = Field(description="Such as 2026-03.")
    municipality_code: str
    municipality: str
    category: str
    category_name: str
    mass_kg: float
    co2e_kg: float
    value_sek: float
    purchase_avoided_sek: float
    handovers: int
    pieces: float


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
            raise HttpError(422, " ".join(error for each in form.errors.values() for error in each))
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
    source = list(MaterialCategory.objects.source().order_by("slug"))
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
        MaterialListing.objects.available()
        .for_site(Site.find_for_request(request))
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
    tags = {}
    pairs = PageTag.objects.filter(content_object__in=keys).order_by("tag__name")
    for pk, name in pairs.values_list("content_object", "tag__name"):
        tags.setdefault(pk, []).append(name)
    return tags


@router.get("/pages", response=list[PageOut], tags=["inspiration"])
@decorate_view(public)
@paginate(Pages, page_size=PER_PAGE)
def pages(
    request: HttpRequest,
    type: Literal["artikel", "berattelse", "lektion", "kampanj"] | None = None,
    lang: Language = "sv",
):
    """Articles, case stories, lesson ideas and campaigns, the newest first."""
    models = [PAGE_TYPES[type]] if type else PAGE_TYPES.values()
    site = Site.find_for_request(request)
    found = Page.objects.live().public().type(tuple(models)).filter(locale__language_code=lang)
    if site:
        roots = site.root_page.get_translations(inclusive=True).filter(locale__language_code=lang)
        root = roots.first()
        found = found.descendant_of(root) if root else found.none()
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
    asked = {"period": rows.period, "municipalities": [*rows.municipalities]}
    use = figures.use_by_municipality(**asked)
    added = figures.computed(**asked)
    return [
        {
            "municipality": each.code,
            "goal_kg": goals[each.pk],
            **sums.get(each.pk, nothing),
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
        return opendata.rows(rows_of(request, period))


api.add_router("", router)
