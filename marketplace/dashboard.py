"""What people see first in the admin: a few cards on what waits for them and how it goes.

Other apps add cards with `add_card`; they know us, and we do not know them.
"""

from dataclasses import dataclass, field
from datetime import timedelta

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.admin.ui.components import Component
from wagtail.models import TaskState

from .models import Handover, MaterialListing, Organisation
from .permissions import can_see_figures, figure_municipalities, municipalities_for
from .templatetags.figures import figure

ENDING_SOON = timedelta(days=7)
SHOWN = 4


@dataclass(frozen=True)
class Card:
    """One card: a large `figure` with `text` below it, `lines`, and where there is more.

    `lines` are (words, address or "", what stands at the end of the line).
    """

    title: str
    figure: str
    text: str
    lines: list = field(default_factory=list)
    more: tuple = ()


CARDS = []


def add_card(make):
    """Show what `make(request)` returns: a `Card`, or None for people whom it does not concern."""
    CARDS.append(make)
    return make


class Dashboard(Component):
    order = 10
    template_name = "marketplace/admin/dashboard.html"

    def __init__(self, request):
        self.request = request

    def get_context_data(self, parent_context):
        cards = [make(self.request) for make in CARDS]
        return {"cards": [card for card in cards if card]}


@add_card
def to_review(request):
    """What waits for the reader's yes or no, by kind."""
    user = request.user
    waiting = TaskState.objects.reviewable_by(user).filter(status=TaskState.STATUS_IN_PROGRESS)
    kinds = dict(
        waiting.order_by()
        .values_list("workflow_state__base_content_type")
        .annotate(Count("pk", distinct=True))
    )
    types = ContentType.objects.get_for_id
    lines = [
        (capfirst(types(pk).model_class()._meta.verbose_name_plural), "#waiting", count)
        for pk, count in kinds.items()
    ]
    if user.has_perm("marketplace.change_organisation"):
        organisations = Organisation.objects.pending()
        own = municipalities_for(user)
        if own is not None:
            organisations = organisations.in_municipalities(own)
        if count := organisations.count():
            url = reverse("wagtailsnippets_marketplace_organisation:list") + "?approval=pending"
            lines.append((_("Organisations"), url, count))
    elif not (kinds or user.has_perm("marketplace.publish_materiallisting")):
        return None
    total = sum(count for _words, _url, count in lines)
    return Card(
        title=_("To review"),
        figure=str(total),
        text=ngettext("thing waits for you", "things wait for you", total)
        if total
        else _("Nothing waits for you. Well done!"),
        lines=sorted(lines, key=lambda line: -line[2]),
    )


@add_card
def ending_soon(request):
    """Listings that nobody can ask for in a week, the first to end at the top."""
    user = request.user
    if not user.has_perm("marketplace.view_materiallisting"):
        return None
    today = timezone.localdate()
    listings = MaterialListing.objects.available()
    own = municipalities_for(user)
    if own is not None:
        listings = listings.in_municipalities(own)
    ending = listings.filter(available_until__lte=today + ENDING_SOON)
    count = ending.count()
    to_edit = user.has_perm("marketplace.change_materiallisting")
    return Card(
        title=_("Ending soon"),
        figure=str(count),
        text=ngettext(
            "of %(all)s listing ends within a week",
            "of %(all)s listings end within a week",
            all_listings := listings.count(),
        )
        % {"all": all_listings},
        lines=[
            (
                listing.title,
                reverse("wagtailsnippets_marketplace_materiallisting:edit", args=[listing.pk])
                if to_edit
                else listing.get_absolute_url(),
                date_format(listing.available_until, "j M"),
            )
            for listing in ending.order_by("available_until", "pk")[:SHOWN]
        ],
        more=(_("All listings"), reverse("wagtailsnippets_marketplace_materiallisting:list")),
    )


@add_card
def this_month(request):
    """What has changed hands since the first of the month, and in the whole month before."""
    if not can_see_figures(request.user):
        return None
    today = timezone.localdate()
    first = today.replace(day=1)
    before = (first - timedelta(days=1)).replace(day=1)
    handovers = Handover.objects.all()
    own = figure_municipalities(request.user)
    if own is not None:
        handovers = handovers.received_in(own)
    now = handovers.in_period(first, today).totals()
    then = handovers.in_period(before, first - timedelta(days=1)).totals()
    return Card(
        title=_("This month's kilos"),
        figure=figure(now["mass_kg"], "mass_kg"),
        text=_("used again since the first of the month"),
        lines=[
            (_("CO₂e avoided"), "", figure(now["co2e_kg"], "co2e_kg")),
            (
                date_format(before, "F").capitalize(),
                "",
                figure(then["mass_kg"], "mass_kg"),
            ),
        ],
        more=(_("Effect"), reverse("figure_reports:dashboard")),
    )
