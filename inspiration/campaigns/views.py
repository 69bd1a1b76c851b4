"""What a campaign's own addresses answer: its page, poster, shared picture and sign-up."""

from urllib.parse import quote, urlencode

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import prefetch_related_objects
from django.http import HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from wagtail.contrib.routable_page.models import RoutablePageMixin
from wagtail.models import Site

from inspiration.campaigns import services as campaigns_services
from inspiration.campaigns.channels import CampaignChannel
from inspiration.campaigns.models import CampaignPage
from inspiration.campaigns.poster import poster_pdf
from inspiration.campaigns.services import (
    PARAMETER,
    channel_of,
    count_visit,
    may_take_part,
    shown_participants,
    standard_channel,
    withdraw,
)
from inspiration.campaigns.social_image import social_png
from inspiration.events.models import EventPage
from marketplace.listings.models import MaterialListing
from marketplace.organisations.models import Organisation
from marketplace.organisations.permissions import is_member
from marketplace.review.errors import ExchangeError
from portal.foundation.pages.wiring import context_of, route_of
from portal.foundation.printing import pdf_response
from portal.foundation.site_settings.models import SiteSettings

SHOWN_MATERIAL = 4


@context_of(CampaignPage)
def campaign_context(page, request):
    """What the template of a campaign shows beside the page itself."""
    channel = channel_of(request, page)
    suffix = f"?{urlencode({PARAMETER: channel.code})}" if channel else ""
    shared = standard_channel(page, CampaignChannel.Type.SOCIAL)
    share_url = (shared and shared.link_to(page)) or page.full_url or ""
    mail = f"mailto:?subject={quote(page.title)}&body={quote(f'{page.title}: {share_url}')}"
    own = may_take_part(request.user)
    taking_part = set(
        page.main.participants.filter(organisation__in=own).values_list("organisation", flat=True)
    )
    running = page.state == "running"
    material = material_for(page, Site.find_for_request(request)) if running else []
    prefetch_related_objects(material, *MaterialListing.objects.photos())
    return {
        "code": channel.code if channel else "",
        "progress": None if page.state == "before" else page.progress(),
        "participants": shown_participants(page),
        "own_organisations": [
            {"organisation": each, "takes_part": each.pk in taking_part} for each in own
        ],
        "offer_url": reverse("marketplace:offer") + suffix,
        "sign_in_url": f"{reverse('account_login')}?{urlencode({'next': page.url + suffix})}"
        if page.url
        else "",
        "share_url": share_url,
        "mail_url": mail,
        "social_url": f"{page.full_url}bild/" if page.full_url else "",
        "events": EventPage.for_cards()
        .live()
        .filter(campaign__translation_key=page.translation_key, locale=page.locale)
        .order_by("starts_at", "pk"),
        "material": material,
    }


def material_for(page, site):
    """Some of what the campaign is about and can be had now in `site`, the newest first.

    Without their photos.
    """
    listings = MaterialListing.objects.available().for_site(site)
    if page.counted_categories is not None:
        listings = listings.filter(category__in=page.counted_categories)
    return list(listings.in_words().order_by("-first_published_at")[:SHOWN_MATERIAL])


@route_of(CampaignPage, "", name="index_route")
def campaign(request, page):
    """The page itself, counted for the link that led to it."""
    count_visit(request, page)
    return RoutablePageMixin.index_route(page, request)


@route_of(CampaignPage, "delta/", name="take_part")
def take_part(request, page):
    """A member's organisation signs up, or is withdrawn."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    if not request.user.is_authenticated:
        return redirect_to_login(page.url)
    organisation = get_object_or_404(Organisation, pk=request.POST.get("organisation"))
    if not is_member(request.user, organisation):
        raise PermissionDenied
    channel = channel_of(request, page)
    try:
        if request.POST.get("action") == "withdraw":
            withdraw(campaign=page, organisation=organisation)
            messages.success(
                request, _("%(name)s no longer takes part.") % {"name": organisation.name}
            )
        else:
            campaigns_services.take_part(
                campaign=page, organisation=organisation, by=request.user, channel=channel
            )
            messages.success(
                request, _("%(name)s takes part now. Welcome!") % {"name": organisation.name}
            )
    except ExchangeError as error:
        messages.error(request, str(error))
    suffix = f"?{urlencode({PARAMETER: channel.code})}" if channel else ""
    return redirect(page.url + suffix)


@route_of(CampaignPage, "affisch/", name="poster")
def poster(request, page):
    """The poster as PDF. Its QR code holds the poster's own link, or the one asked for."""
    site = Site.find_for_request(request)
    return poster_response(page, site, channel=channel_of(request, page))


def poster_response(page, site, *, channel=None):
    channel = channel or standard_channel(page, CampaignChannel.Type.POSTER)
    link = (channel and channel.link_to(page)) or page.full_url
    settings = SiteSettings.for_site(site)
    response = pdf_response(poster_pdf(page, link=link, settings=settings), f"{page.slug}-a4.pdf")
    patch_cache_control(response, public=True, max_age=600)
    return response


@route_of(CampaignPage, "bild/", name="social_image")
def social_image(request, page):
    """The picture that is shown where the campaign is shared, 1200 × 630."""
    settings = SiteSettings.for_site(Site.find_for_request(request))
    response = HttpResponse(social_png(page, settings=settings), content_type="image/png")
    patch_cache_control(response, public=True, max_age=3600)
    return response
