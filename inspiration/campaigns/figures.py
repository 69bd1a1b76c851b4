"""Key figures of campaigns, for the reports, the dashboards, `/effekt/` and the API."""

from dataclasses import dataclass, field, replace
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext_lazy
from wagtail.models import Locale

from inspiration.campaigns.models import CampaignPage
from marketplace.impact import figures
from marketplace.impact.figures.figure import Figure
from marketplace.materials.models import MaterialCategory
from marketplace.municipalities.models import Municipality
from portal.foundation.pages.public import public

FIGURES = [
    Figure(
        "campaigns",
        gettext_lazy("Campaigns"),
        "",
        gettext_lazy(
            "Campaigns that ran on at least one day of the period. One that names no "
            "municipalities counts in all of them."
        ),
        source=gettext_lazy("The portal's campaign pages"),
        public=True,
    ),
    Figure(
        "campaign_kg",
        gettext_lazy("Material brokered in campaigns"),
        "kg",
        gettext_lazy(
            "Kilograms of the material brokered that changed hands on the days of a campaign, in "
            "its municipalities and of its materials. What counts in two campaigns is counted once."
        ),
        decimals=3,
        public=True,
    ),
    Figure(
        "campaign_handovers",
        gettext_lazy("Handovers in campaigns"),
        "",
        gettext_lazy("The handovers of that material."),
        public=True,
    ),
]


def by_place(*, period, municipalities=None):
    """{municipality's pk: {key: value}} of `FIGURES`."""
    campaigns = _campaigns(period)
    sums = figures.grouped(_rows(campaigns, period, municipalities), "receiver_municipality")
    return {
        place: _values(sum(_is_in(each, {place}) for each in campaigns), sums.get(place))
        for place in Municipality.objects.pks(municipalities)
    }


def together(*, period, municipalities=None):
    """{key: value} of `FIGURES`, for all the municipalities together."""
    campaigns = _campaigns(period)
    here = None if municipalities is None else {*municipalities} - {None}
    rows = figures.grouped(_rows(campaigns, period, municipalities), "receiver_municipality")
    sums = {key: sum(row[key] for row in rows.values()) for key in ("mass_kg", "handovers")}
    return _values(sum(_is_in(each, here) for each in campaigns), sums)


def _values(campaigns, sums):
    return {
        "campaigns": campaigns,
        "campaign_kg": sums["mass_kg"] if sums else 0,
        "campaign_handovers": sums["handovers"] if sums else 0,
    }


@dataclass(frozen=True)
class Ran:
    """The days of a campaign, and the municipalities (pks) and categories (slugs) that it names."""

    starts_on: date
    ends_on: date
    places: set[int] = field(default_factory=set)
    slugs: set[str] = field(default_factory=set)


def _campaigns(period):
    """Those that ran in the period and were public, in the main language."""
    pages = public(CampaignPage.objects.live()).filter(locale=Locale.get_default())
    pages = pages.filter(starts_on__lte=period.end, ends_on__gte=period.start).order_by()
    named = pages.values_list("pk", "starts_on", "ends_on", "municipalities", "categories__slug")
    ran: dict[int, Ran] = {}
    for pk, starts_on, ends_on, place, slug in named:
        campaign = ran.setdefault(pk, Ran(starts_on, ends_on))
        campaign.places.update({place} - {None})
        campaign.slugs.update({slug} - {None})
    return list(ran.values())


def _is_in(campaign, places):
    return places is None or not campaign.places or bool(campaign.places & places)


def _rows(campaigns, period, municipalities):
    """The rows of the ledger that count for at least one of the campaigns."""
    conditions = Q(pk__in=[])
    categories = []
    if any(campaign.slugs for campaign in campaigns):
        categories = MaterialCategory.objects.tree()
    for campaign in campaigns:
        own = Q(handed_over_on__gte=campaign.starts_on, handed_over_on__lte=campaign.ends_on)
        if campaign.places:
            own &= Q(receiver_municipality__in=campaign.places)
        if campaign.slugs:
            own &= Q(category__in=_with_descendants(campaign.slugs, categories))
        conditions |= own
    here = None if municipalities is None else [each for each in municipalities if each is not None]
    rows = figures.handovers(period=period, municipalities=here)
    return replace(rows, conditions=conditions)


def _with_descendants(slugs, categories):
    """The pks of the categories with these slugs and of all that is below them."""
    found = {pk for pk, slug, _parent in categories if slug in slugs}
    below = found
    while below:
        below = {pk for pk, _slug, parent in categories if parent in below} - found
        found = found | below
    return found
