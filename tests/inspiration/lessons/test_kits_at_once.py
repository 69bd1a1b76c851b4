"""Many teachers who send kits at the same time, on real connections: only PostgreSQL locks rows."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from django.db import connections
from django.db.models import Sum
from wagtail.models import Page

from inspiration.lessons.amounts import Group
from inspiration.lessons.kits.forms import coming_mondays
from inspiration.lessons.kits.models import LessonKit
from inspiration.lessons.kits.proposals import propose
from inspiration.lessons.kits.services import send_kit
from inspiration.lessons.kits.stocktake import Asker, Stocktake
from inspiration.lessons.models import LessonIdeaPage, LessonMaterial
from marketplace.exchange.reservations.models import Reservation
from marketplace.exchange.reservations.services import accept_reservation
from marketplace.exchange.stock.models import Stock
from marketplace.review.errors import ExchangeError
from tests.factories import (
    CategoryFactory,
    CompanyFactory,
    ListingFactory,
    MembershipFactory,
    MunicipalityFactory,
    SchoolFactory,
    default_locale,
)

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

TEACHERS = 100
WORKERS = 4
GROUP = Group(children=4, groups=1)


@pytest.fixture
def lesson():
    locale = default_locale()
    root = Page.get_first_root_node() or Page.add_root(title="Root", slug="root", locale=locale)
    page = LessonIdeaPage(title="Kulbana", locale=locale)
    page.materials = [
        LessonMaterial(category=category, quantity=Decimal(2), unit="st", per="child")
        for category in CategoryFactory.create_batch(2)
    ]
    return LessonIdeaPage.objects.get(pk=root.add_child(instance=page).pk)


def test_a_hundred_teachers_at_once_never_overbook(lesson):
    municipality = MunicipalityFactory()
    giver = MembershipFactory(organisation=CompanyFactory(municipality=municipality)).user
    for material in lesson.materials.all():
        for offered in (60, 100, 9):
            ListingFactory(
                category=material.category,
                organisation=giver.memberships.get().organisation,
                stock__offered=offered,
            )
    users = [
        MembershipFactory(organisation=SchoolFactory(municipality=municipality)).user
        for _n in range(TEACHERS)
    ]
    monday = coming_mondays()[1]

    def attempt(user):
        school = user.memberships.get().organisation
        try:
            stocktake = Stocktake([lesson], Asker(user, school, None))
            proposal = propose(lesson, GROUP, stocktake)
            if proposal.lines:
                send_kit(proposal=proposal, monday=monday, organisation=school, by=user)
        except ExchangeError as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(WORKERS) as pool:
        refused = [each for each in pool.map(attempt, users) if each]

    asked = Reservation.objects.values("listing").annotate(total=Sum("requested_quantity"))
    for row in asked:
        assert row["total"] <= Stock.objects.get(listing=row["listing"]).offered
    # What was refused has left nothing behind.
    assert LessonKit.objects.count() + len(refused) <= TEACHERS
    assert not LessonKit.objects.filter(reservations=None).exists()
    assert LessonKit.objects.count() >= WORKERS
    for reservation in Reservation.objects.all():
        accept_reservation(reservation=reservation, by=giver)
    for stock in Stock.objects.all():
        assert stock.left >= 0
