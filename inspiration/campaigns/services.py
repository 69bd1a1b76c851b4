"""What happens around a campaign: visits by its links, who takes part, and what came of it.

A link to a campaign ends in `?k=<code>`. The code goes on with the visitor in the addresses and
forms of the site, never in a cookie, and a listing remembers the code that its giver came with.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.db.models import Count, F, Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.models import Locale

from inspiration.campaigns.channels import (
    CampaignChannel,
    CampaignParticipant,
    ChannelOffer,
    ChannelVisits,
)
from inspiration.campaigns.models import CampaignPage
from marketplace.impact import figures
from marketplace.listings.models import MaterialListing
from marketplace.organisations.models import Organisation
from marketplace.organisations.permissions import own_organisations
from marketplace.review.errors import ExchangeError
from portal.foundation.pages.public import public
from portal.foundation.users.models import User

PARAMETER = "k"
MACHINES = re.compile(r"bot|crawl|spider|slurp|preview|fetch|monitor|scan|curl|wget", re.I)


class CampaignIsOver(ExchangeError):
    message = _("The campaign is over. Thank you for wanting to take part.")


# --- Links ----------------------------------------------------------------------------------------


def add_standard_channels(campaign: CampaignPage) -> None:
    """Give a new campaign the links that every campaign is spread by."""
    if campaign.main.pk == campaign.pk and not campaign.channels.exists():
        for each in CampaignChannel.STANDARD:
            CampaignChannel.objects.create(campaign=campaign, type=each)


def standard_channel(campaign: CampaignPage, type: str) -> CampaignChannel | None:
    return campaign.main.channels.filter(type=type).first()


def channel_with(code: str | None, campaign: CampaignPage | None = None) -> CampaignChannel | None:
    """The channel of `campaign` (or of any) with this code, or None."""
    if not code or len(code) > 30:
        return None
    channels = CampaignChannel.objects.filter(code=code.lower())
    if campaign is not None:
        channels = channels.filter(campaign=campaign.main)
    return channels.first()


def channel_of(
    request: HttpRequest, campaign: CampaignPage | None = None
) -> CampaignChannel | None:
    """The channel that the request names, or None."""
    code = request.POST.get(PARAMETER) or request.GET.get(PARAMETER)
    return channel_with(code, campaign)


def count_visit(request: HttpRequest, campaign: CampaignPage) -> None:
    """Add one to the day's visits of the link by which `campaign` is opened.

    Machines that say so, browsers that fetch ahead, previews and editors are not counted. The same
    person counts each time: telling people apart would take a cookie.
    """
    if (
        request.method != "GET"
        or PARAMETER not in request.GET
        or getattr(request, "is_preview", False)
        or MACHINES.search(request.headers.get("User-Agent", ""))
        or "prefetch" in request.headers.get("Sec-Purpose", request.headers.get("Purpose", ""))
        or request.user.has_perm("wagtailadmin.access_admin")
    ):
        return
    channel = channel_of(request, campaign)
    if channel is None:
        return
    day, _created = ChannelVisits.objects.get_or_create(channel=channel, day=timezone.localdate())
    ChannelVisits.objects.filter(pk=day.pk).update(visits=F("visits") + 1)


def remember_offer(*, listing: MaterialListing, code: str) -> None:
    """Remember the link that led to `listing`, if `code` is one's."""
    channel = channel_with(code)
    if channel:
        ChannelOffer.objects.get_or_create(listing=listing, defaults={"channel": channel})


# --- Taking part ----------------------------------------------------------------------------------


def may_take_part(user: User | AnonymousUser) -> list[Organisation]:
    """The organisations of `user` that may say that they take part: all that are not refused."""
    if not user.is_authenticated:
        return []
    return list(own_organisations(user).exclude(approval="rejected"))


@transaction.atomic
def take_part(
    *,
    campaign: CampaignPage,
    organisation: Organisation,
    by: User,
    channel: CampaignChannel | None = None,
) -> CampaignParticipant:
    """Note that `organisation` takes part. Once is enough."""
    if campaign.state == "over":
        raise CampaignIsOver
    participant, _created = CampaignParticipant.objects.get_or_create(
        campaign=campaign.main,
        organisation=organisation,
        defaults={"signed_up_by": by, "channel": channel},
    )
    return participant


def withdraw(*, campaign: CampaignPage, organisation: Organisation) -> None:
    """`organisation` no longer takes part."""
    CampaignParticipant.objects.filter(campaign=campaign.main, organisation=organisation).delete()


@transaction.atomic
def move_participation(*, organisation: Organisation, into: Organisation) -> None:
    """Let `into` take part where `organisation` did. Where both did, the first one counts."""
    for old in CampaignParticipant.objects.filter(organisation=organisation):
        other = CampaignParticipant.objects.filter(campaign=old.campaign_id, organisation=into)
        if other.filter(created_at__lte=old.created_at).exists():
            old.delete()
        else:
            other.delete()
            old.organisation = into
            old.save(update_fields=["organisation"])


def shown_participants(campaign: CampaignPage) -> list[Organisation]:
    """The approved organisations that take part, by name."""
    participants = campaign.main.participants.select_related("organisation__municipality")
    return sorted(
        (each.organisation for each in participants if each.organisation.is_approved),
        key=lambda each: each.name.lower(),
    )


# --- Results --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class CampaignResult:
    """One campaign in a list of results."""

    page: CampaignPage
    progress: object
    participants: int


def results(language: str | None = None, *, today: date | None = None) -> list[CampaignResult]:
    """[CampaignResult] of the campaigns that run or are over, the newest first.

    In `language` where they are translated, else in the site's main language.
    """
    today = today or timezone.localdate()
    pages = (
        public(CampaignPage.objects.live())
        .filter(locale=Locale.get_default(), starts_on__lte=today)
        .prefetch_related("municipalities", "categories")
        .annotate(taking_part=Count("participants"))
        .order_by("-ends_on", "-starts_on")
    )
    translated = {}
    if language:
        translated = {
            page.translation_key: page
            for page in CampaignPage.objects.live().filter(
                locale__language_code=language, translation_key__in=pages.values("translation_key")
            )
        }
    return [
        CampaignResult(
            page=translated.get(page.translation_key, page),
            progress=page.progress(),
            participants=page.taking_part,
        )
        for page in pages
    ]


def add_handovers(channels: Collection) -> Collection:
    """Give each of `channels` the handovers of what was offered by it, whenever they took place."""
    rows = figures.handovers()
    rows = replace(
        rows, conditions=Q(listing__campaign_offer__channel__in=[each.pk for each in channels])
    )
    sums = figures.grouped(rows, "listing__campaign_offer__channel")
    for channel in channels:
        own = sums.get(channel.pk)
        channel.handovers = own["handovers"] if own else 0
        channel.handed_kg = own["mass_kg"] if own else 0
        channel.handed_co2e_kg = own["co2e_kg"] if own else 0
    return channels
