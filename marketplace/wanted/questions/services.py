"""Who is asked about a wanted ad, and what an answer does."""

from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from math import cos, hypot, radians

from django.core import signing
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from marketplace.exchange.handovers.models import Handover
from marketplace.listings.models import MaterialListing
from marketplace.listings.querysets import KM_PER_DEGREE
from marketplace.materials.models import MaterialCategory
from marketplace.notifications.services import notify
from marketplace.organisations.membership.recipients import members
from marketplace.organisations.models import Organisation
from marketplace.wanted.models import WantedAd
from marketplace.wanted.questions.models import SALT, GiverQuestion, NeverAsked
from portal.foundation.jobs.rows import for_each_row

ASK_FROM_HOUR = 8
# One question a week to each; so many givers for each ad, the likeliest and nearest.
REST = timedelta(days=7)
MOST_ASKED = 10
Position = tuple[Decimal, Decimal]
# An ad that is older than this has been seen by all who would be asked.
NEWS = timedelta(days=60)


def ask_givers(now: datetime | None = None) -> int:
    """Ask likely givers about open wanted ads, the oldest ad first. Returns how many were asked."""
    now = now or timezone.now()
    if timezone.localtime(now).hour < ASK_FROM_HOUR:
        return 0
    ads = WantedAd.objects.open(timezone.localdate(now)).filter(
        first_published_at__gte=now - NEWS, first_published_at__lte=now
    )
    pks = list(ads.order_by("first_published_at", "pk").values_list("pk", flat=True))
    return for_each_row(pks, partial(_ask_about, now=now))


@transaction.atomic
def _ask_about(pk: int, now: datetime) -> int:
    ad = WantedAd.objects.select_related("organisation__municipality", "category").get(pk=pk)
    room = MOST_ASKED - ad.questions.count()
    asked = 0
    for organisation in likely_givers(ad, now)[: max(room, 0)]:
        # Locked, so that two runs at once do not ask the same one twice in a week.
        locked = Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)
        if locked.giver_questions.filter(asked_at__gt=now - REST).exists():
            continue
        question = GiverQuestion.objects.create(wanted_ad=ad, organisation=locked, asked_at=now)
        notify(
            users=members(locked),
            type="wanted_asked",
            key=f"question:{question.pk}",
            organisation=locked,
            question_id=question.pk,
            wanted_id=ad.pk,
            wanted_title=ad.title,
            school=ad.organisation.name,
            amount=ad.amount,
        )
        asked += 1
    return asked


def likely_givers(ad: WantedAd, now: datetime) -> list[Organisation]:
    """Those who may be asked about `ad`, the likeliest first.

    Companies that have given such things come first, then those with regular leftovers of it, then
    those that have offered it or share a word; among equals the nearest. Left
    out are those who were asked in the last week, or about this ad, or never have it.
    """
    kin = _kin(ad.category)
    tags = list(ad.tags.values_list("pk", flat=True))
    gave = Handover.objects.standing().filter(giver=OuterRef("pk"), category__in=kin)
    offered = MaterialListing.objects.filter(
        organisation=OuterRef("pk"), first_published_at__isnull=False
    )
    such = Q(category__in=kin)
    if tags:
        such |= Q(tagged_items__tag__in=tags)
    regular = offered.filter(such).exclude(recurrence=MaterialListing.Recurrence.NONE)
    found = (
        _may_be_asked(ad, now, kin)
        .annotate(
            gave=Exists(gave), comes_again=Exists(regular), offered=Exists(offered.filter(such))
        )
        .filter(Q(gave=True) | Q(offered=True))
        .select_related("municipality")
    )
    origin = ad.organisation.position
    return sorted(
        found,
        key=lambda each: (
            -(2 * each.gave + each.comes_again),
            _distance_km(origin, each.position),
            each.pk,
        ),
    )


def _may_be_asked(ad: WantedAd, now: datetime, kin: list[int]) -> QuerySet[Organisation]:
    recent = GiverQuestion.objects.filter(organisation=OuterRef("pk")).filter(
        Q(asked_at__gt=now - REST) | Q(wanted_ad=ad)
    )
    answered = ad.answers.filter(organisation=OuterRef("pk"))
    never = NeverAsked.objects.filter(organisation=OuterRef("pk"), category__in=kin)
    return (
        Organisation.objects.approved()
        .filter(merged_into=None)
        .exclude(pk=ad.organisation_id)
        .filter(~Exists(recent), ~Exists(never), ~Exists(answered))
    )


def _kin(category: MaterialCategory) -> list[int]:
    """The keys of `category` and all below it."""
    below = MaterialCategory.objects.with_descendants(slugs=[category.slug])
    return list(below.values_list("pk", flat=True))


def _distance_km(one: Position, other: Position) -> float:
    """As on a plane: good enough to say who is nearer."""
    north = (float(other[0]) - float(one[0])) * KM_PER_DEGREE
    east = (float(other[1]) - float(one[1])) * KM_PER_DEGREE * cos(radians(float(one[0])))
    return hypot(north, east)


def read_token(token: str) -> GiverQuestion | None:
    """The question that `token` belongs to, as long as its ad is open; or None."""
    try:
        pk = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return None
    found = GiverQuestion.objects.filter(pk=pk).select_related(
        "wanted_ad__organisation__municipality", "wanted_ad__category", "organisation"
    )
    question = found.first()
    return question if question and question.organisation.is_approved else None


@transaction.atomic
def answer_question(*, question: GiverQuestion, answer: str) -> GiverQuestion:
    """Write down an answer; "never" is remembered for the category. The last answer counts."""
    question = GiverQuestion.objects.select_for_update(of=("self",)).get(pk=question.pk)
    category = question.wanted_ad.category
    never = NeverAsked.objects.filter(organisation=question.organisation, category=category)
    if answer == GiverQuestion.Answer.NEVER:
        NeverAsked.objects.get_or_create(organisation=question.organisation, category=category)
    elif question.answer == GiverQuestion.Answer.NEVER:
        never.delete()
    question.answer = answer
    question.answered_at = timezone.now()
    question.save(update_fields=["answer", "answered_at"])
    return question
