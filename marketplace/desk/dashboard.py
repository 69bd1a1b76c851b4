"""What people see first in the admin: a few cards on what waits for them and how it goes.

Other apps add cards with `add_card`; they know us, and we do not know them.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal

from django.db.models import Count, Q, Sum
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.admin.ui.components import Component

from marketplace.desk.queue import services
from marketplace.exchange.handovers.models import Handover
from marketplace.impact.figures.formatting import figure
from marketplace.impact.permissions import can_see_figures
from marketplace.listings.models import MaterialListing
from marketplace.roles.permissions import figure_municipalities, municipalities_for
from portal.foundation.text_types import StrOrPromise

ENDING_SOON = timedelta(days=7)
SHOWN = 4


@dataclass(frozen=True)
class Card:
    """One card: a large `figure` with `text` below it, `lines`, and where there is more.

    `lines` are (words, address or "", what stands at the end of the line).
    """

    title: StrOrPromise
    figure: str
    text: str
    lines: list = field(default_factory=list)
    more: tuple = ()


CARDS: list[Callable[[HttpRequest], Card | None]] = []


def add_card(make):
    """Show what `make(request)` returns: a `Card`, or None for people whom it does not concern."""
    CARDS.append(make)
    return make


class Dashboard(Component):
    order = 10
    template_name = "marketplace/desk/dashboard.html"

    def __init__(self, request):
        self.request = request

    def get_context_data(self, parent_context):
        cards = [make(self.request) for make in CARDS]
        return {"cards": [card for card in cards if card]}


@add_card
def to_review(request):
    """What waits for the reader's yes or no, by kind."""
    user = request.user
    if not services.may_see_queue(user):
        return None
    waiting = services.all_waiting(user)
    counts = services.numbers(waiting)
    address = reverse("queue")
    lines = [
        (kind.label, f"{address}?typ={kind.name}", counts[kind.name])
        for kind in services.kinds_for(user)
        if counts[kind.name]
    ]
    total = len(waiting)
    return Card(
        title=_("To review"),
        figure=number_format(total, force_grouping=True),
        text=ngettext("thing waits for you", "things wait for you", total)
        if total
        else _("Nothing is waiting for you. Well done!"),
        lines=sorted(lines, key=lambda line: -line[2]),
        more=(_("Open what has waited longest"), f"{address}?oppen={waiting[0].key}#oppen")
        if waiting
        else (),
    )


@add_card
def ending_soon(request):
    """Listings that nobody can ask for in a week, the first to end at the top."""
    user = request.user
    if not user.has_perm("marketplace.view_materiallisting"):
        return None
    today = timezone.localdate()
    listings = MaterialListing.objects.available_to_some()
    own = municipalities_for(user)
    if own is not None:
        listings = listings.in_municipalities(own)
    soon = Q(available_until__lte=today + ENDING_SOON)
    counted = listings.aggregate(all=Count("pk"), ending=Count("pk", filter=soon))
    to_edit = user.has_perm("marketplace.change_materiallisting")
    return Card(
        title=_("Ending soon"),
        figure=str(counted["ending"]),
        text=ngettext(
            "of %(all)s listing ends within a week",
            "of %(all)s listings end within a week",
            counted["all"],
        )
        % {"all": counted["all"]},
        lines=[
            (
                listing.title,
                reverse("wagtailsnippets_marketplace_materiallisting:edit", args=[listing.pk])
                if to_edit
                else listing.get_absolute_url(),
                date_format(listing.available_until, "j M"),
            )
            for listing in listings.filter(soon).order_by("available_until", "pk")[:SHOWN]
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
    this, last = Q(handed_over_on__gte=first), Q(handed_over_on__lt=first)
    sums = handovers.in_period(before, today).aggregate(
        before_kg=Sum("mass_kg", filter=last),
        mass_kg=Sum("mass_kg", filter=this),
        co2e_kg=Sum("co2e_kg", filter=this),
    )
    return Card(
        title=_("This month's kilos"),
        figure=figure(sums["mass_kg"] or Decimal(0), "mass_kg"),
        text=_("used again since the first of the month"),
        lines=[
            (_("CO₂e avoided"), "", figure(sums["co2e_kg"] or Decimal(0), "co2e_kg")),
            (
                date_format(before, "F").capitalize(),
                "",
                figure(sums["before_kg"] or Decimal(0), "mass_kg"),
            ),
        ],
        more=(_("Effect"), reverse("figure_reports:dashboard")),
    )
