"""The kits that one's organisation has sent, on my page."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from inspiration.lessons.kits.models import LessonKit
from marketplace.exchange.reservations.models import Reservation
from marketplace.my_page.sections import Section, register_section

SHOWN = 5
# A kit is looked for until the week after its own.
REMEMBERED = timedelta(days=14)


@dataclass(frozen=True)
class OwnKit:
    """A kit with how many of its requests are waited for, and how many have got their yes."""

    kit: LessonKit
    promised: int
    waiting: int


def own_kits(organisation):
    """The `OwnKit`s of `organisation` that are not over, those of the nearest week first."""
    since = timezone.localdate() - REMEMBERED
    kits = LessonKit.objects.filter(organisation=organisation, monday__gte=since)
    shown = kits.select_related("lesson").prefetch_related("reservations").order_by("monday", "pk")
    return [describe(kit) for kit in shown[:SHOWN]]


def describe(kit):
    reservations = kit.reservations.all()
    requested = Reservation.State.REQUESTED
    return OwnKit(
        kit=kit,
        promised=sum(each.is_promised for each in reservations),
        waiting=sum(each.state == requested for each in reservations),
    )


@register_section
def kits_section(request, organisation):
    """Nothing for who has sent none."""
    kits = own_kits(organisation)
    return Section("inspiration/lessons/own_kits.html", kits) if kits else None
