"""What a sent kit asks for on the way: the right pickup, and wanted ads of the school's own."""

from datetime import date, datetime, time
from decimal import Decimal

import pytest
import time_machine
from django.utils import timezone

from inspiration.lessons.kits.models import LessonKit
from marketplace.exchange.pickups.models import PickupTime
from marketplace.exchange.reservations.models import Reservation
from marketplace.wanted.models import WantedAd
from tests.factories import (
    CompanyFactory,
    ListingFactory,
    MembershipFactory,
    SchoolFactory,
    UserFactory,
    give,
)
from tests.inspiration.lessons.test_kits import address, send

pytestmark = pytest.mark.django_db


@pytest.fixture
def lesson(pages, tubes, tape):
    """Three tubes per child, two rolls of tape per group."""
    return pages.lesson(
        materials=[
            {"category": tubes, "quantity": Decimal(3), "unit": "st", "per": "child"},
            {"category": tape, "quantity": Decimal(2), "unit": "rulle", "per": "group"},
        ],
    )


@pytest.fixture
def teacher():
    return MembershipFactory(organisation=SchoolFactory(name="Björkskolan")).user


def send_as(client, user, lesson, **said):
    """The kit that `user` sends."""
    client.force_login(user)
    send(client, address(lesson), **said)
    return LessonKit.objects.latest("pk")


def test_a_unit_that_is_not_approved_sends_no_kit(client, lesson, tubes, teacher):
    ListingFactory(category=tubes, stock__offered=30)
    school = teacher.organisations.get()
    school.approval = "pending"
    school.save()
    client.force_login(teacher)

    assert client.post(address(lesson), {}).status_code == 403

    school.approval = "approved"
    school.save()
    assert send_as(client, teacher, lesson).organisation == school


@time_machine.travel("2026-12-01 12:00+01:00", tick=True)
def test_it_is_fetched_when_the_giver_is_there_not_at_once_and_before_the_week(
    client, lesson, tubes, tape, teacher
):
    monday = date(2026, 12, 14)
    tomorrow, thursday = date(2026, 12, 2), date(2026, 12, 3)
    there, away = CompanyFactory(), CompanyFactory()
    ListingFactory(category=tubes, organisation=there, stock__offered=30)
    ListingFactory(category=tape, organisation=away, stock__unit="rulle")
    for giver, days in ((there, (tomorrow, thursday, monday)), (away, (tomorrow, monday))):
        for day in days:
            PickupTime.objects.create(organisation=giver, day=day, starts=time(7), ends=time(9))

    kit = send_as(client, teacher, lesson)

    assert kit.monday == monday
    times = {row.giver: row.pickup_at for row in kit.reservations.with_parties()}
    seven = timezone.make_aware(datetime.combine(thursday, time(7)))
    assert times == {there: seven, away: None}


def test_each_school_looks_for_what_is_missing_with_an_ad_of_its_own(client, lesson, tubes):
    ListingFactory(category=tubes, stock__offered=100)
    one, other = (MembershipFactory(organisation=SchoolFactory()).user for _each in range(2))
    for user in (one, other):
        send_as(client, user, lesson, wanted="on")
    first, second = LessonKit.objects.order_by("pk")
    assert [ad.organisation for ad in first.wanted_ads.all()] == [first.organisation]
    assert [ad.organisation for ad in second.wanted_ads.all()] == [second.organisation]

    client.force_login(other)
    client.post(f"/mitt/kit/{second.pk}/avboka/")

    assert not second.wanted_ads.get().current_workflow_state
    assert first.wanted_ads.get().current_workflow_state
    assert [row.state for row in Reservation.objects.order_by("pk")] == ["requested", "cancelled"]


def test_the_same_is_looked_for_once_while_the_ad_waits_or_is_open(client, lesson, tubes, teacher):
    ListingFactory(category=tubes, stock__offered=100)
    school = teacher.organisations.get()
    something_else = WantedAd.objects.create(
        organisation=school, category=tubes, title="Något annat", live=True
    )

    def sent():
        kit = send_as(client, teacher, lesson, wanted="on")
        # So that the next kit can ask for them.
        Reservation.objects.update(state="cancelled")
        return kit.wanted_ads.get()

    ad = sent()
    assert ad != something_else
    assert sent() == ad
    ad.current_workflow_task_state.approve(user=give(UserFactory(), "editor"))
    assert sent() == ad

    client.post(f"/efterlysningar/{ad.pk}/avsluta/")
    assert sent() != ad


def test_an_ad_stays_until_the_last_kit_that_needs_it_is_called_off(client, lesson, tubes, teacher):
    ListingFactory(category=tubes, stock__offered=24)
    again = ListingFactory(category=tubes, stock__offered=24)
    first = send_as(client, teacher, lesson, wanted="on")
    second = send_as(client, teacher, lesson, wanted="on")
    ad = first.wanted_ads.get()
    assert second.wanted_ads.get() == ad
    assert again.reservations.exists()

    def waits_after(kit):
        client.post(f"/mitt/kit/{kit.pk}/avboka/")
        return bool(WantedAd.objects.get().current_workflow_state)

    assert waits_after(first)
    assert not waits_after(second)
