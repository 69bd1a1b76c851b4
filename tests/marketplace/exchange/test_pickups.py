from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest
from bs4 import BeautifulSoup
from django.core import mail
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from marketplace.exchange.pickups.models import PickupTime
from marketplace.exchange.reservations.deadlines import remind_of_pickups
from marketplace.exchange.reservations.models import Reservation
from marketplace.exchange.reservations.services import (
    accept_reservation,
    propose_pickup,
    request_reservation,
)
from marketplace.exchange.stock.models import Stock
from tests.factories import (
    ListingFactory,
    MembershipFactory,
    ReservationFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def listing():
    return ListingFactory(
        title="Korkmattor; röda, blå",
        pickup_address="Lastgatan 3",
        pickup_postcode="264 33",
        pickup_town="Klippan",
    )


@pytest.fixture
def slot(listing):
    """A single time the day after tomorrow, 8–10."""
    day = timezone.localdate() + timedelta(days=2)
    PickupTime.objects.create(
        organisation=listing.organisation, day=day, starts=time(8), ends=time(10)
    )
    return listing.organisation.pickup_times.coming()[0]


@pytest.fixture
def promised(listing, giver, teacher):
    reservation = ReservationFactory(
        listing=listing, organisation=teacher.memberships.get().organisation
    )
    return accept_reservation(reservation=reservation, by=giver)


@pytest.fixture
def commits(django_capture_on_commit_callbacks):
    return lambda: django_capture_on_commit_callbacks(execute=True)


def url(name, *args):
    with override("en"):
        return reverse(f"marketplace:{name}", args=args)


def agree(reservation, moment):
    Reservation.objects.filter(pk=reservation.pk).update(
        pickup_at=moment, pickup_agreed_at=timezone.now()
    )
    reservation.refresh_from_db()
    return reservation


# --- Taking it now


@pytest.fixture
def takes_now(client, giver, listing, slot):
    """The listing, whose giver lets ten kilograms go at once at its only time."""
    Stock.objects.update(offered=20, kg_per_unit=2)
    client.force_login(giver)
    client.post(url("pickup_times"), {"now-up_to_kg": "10"})
    return listing


def ask(client, teacher, listing, **data):
    client.force_login(teacher)
    school = teacher.memberships.get().organisation
    address = url("reserve", listing.pk)
    done = client.post(address, {"organisation": school.pk, **data}, follow=True)
    return Reservation.objects.get(), done.content.decode()


def test_what_the_giver_has_said_yes_to_beforehand_is_taken_at_once(
    client, takes_now, slot, giver, teacher
):
    reservation, page = ask(
        client,
        teacher,
        takes_now,
        quantity="5",
        pickup_at=f"{timezone.localtime(slot.starts_at):%Y-%m-%dT%H:%M}",
    )

    takes_now.stock.refresh_from_db()
    assert (reservation.state, takes_now.stock.reserved) == ("accepted", 5)
    assert "It is yours" in page
    assert "Lastgatan 3" in page
    assert [each.type for each in giver.notifications.all()] == ["reservation_taken_now"]
    assert [each.type for each in teacher.notifications.all()] == ["reservation_accepted"]


@pytest.mark.parametrize(("quantity", "at_a_time"), [("6", True), ("5", False)])
def test_more_than_that_or_another_time_waits_for_an_answer(
    client, takes_now, slot, giver, teacher, quantity, at_a_time
):
    at = f"{timezone.localtime(slot.starts_at):%Y-%m-%dT%H:%M}" if at_a_time else ""

    reservation, _page = ask(client, teacher, takes_now, quantity=quantity, pickup_at=at)

    assert reservation.state == "requested"
    assert [each.type for each in giver.notifications.all()] == ["reservation_requested"]


def test_a_giver_answers_by_itself_again(client, takes_now, giver, slot, teacher):
    client.post(url("pickup_times"), {"now-up_to_kg": ""})

    reservation, _page = ask(
        client,
        teacher,
        takes_now,
        quantity="1",
        pickup_at=f"{timezone.localtime(slot.starts_at):%Y-%m-%dT%H:%M}",
    )

    assert reservation.state == "requested"


# --- Times that a company offers


def test_a_weekly_time_comes_every_week(listing):
    tomorrow = timezone.localdate() + timedelta(days=1)
    PickupTime.objects.create(
        organisation=listing.organisation,
        weekday=tomorrow.weekday(),
        starts=time(8),
        ends=time(10),
    )

    coming = listing.organisation.pickup_times.coming(days=21)

    days = [timezone.localtime(pickup.starts_at).date() for pickup in coming]
    assert days == [tomorrow + timedelta(weeks=week) for week in range(3)]


def test_a_time_that_has_passed_is_not_offered(listing):
    PickupTime.objects.create(
        organisation=listing.organisation,
        day=timezone.localdate() - timedelta(days=1),
        starts=time(8),
        ends=time(10),
    )

    assert listing.organisation.pickup_times.coming() == []


def test_a_company_adds_and_removes_a_time(client, giver, listing):
    client.force_login(giver)
    client.post(url("pickup_times"), {"weekday": "1", "starts": "08:00", "ends": "10:00"})
    added = listing.organisation.pickup_times.get()

    page = client.get(url("pickup_times")).content.decode()
    client.post(url("remove_pickup_time", added.pk))

    assert "Tuesdays 08:00–10:00" in page
    assert not listing.organisation.pickup_times.exists()


@pytest.mark.parametrize(
    "data",
    [
        {"starts": "08:00", "ends": "10:00"},
        {"weekday": "1", "day": "2999-01-01", "starts": "08:00", "ends": "10:00"},
        {"weekday": "1", "starts": "10:00", "ends": "08:00"},
        {"day": "2020-01-01", "starts": "08:00", "ends": "10:00"},
        {"weekday": "9", "starts": "08:00", "ends": "10:00"},
        {"weekday": "1", "starts": "åtta", "ends": "10:00"},
    ],
)
def test_a_time_that_makes_no_sense_is_refused(client, giver, listing, data):
    client.force_login(giver)

    response = client.post(url("pickup_times"), data)

    assert BeautifulSoup(response.content, "html.parser").select_one(".alert--error")
    assert not listing.organisation.pickup_times.exists()


def test_whoever_belongs_nowhere_has_no_times_to_give(client, teacher):
    client.force_login(UserFactory())

    assert client.get(url("pickup_times")).status_code == 403


def test_nobody_removes_the_times_of_others(client, slot, listing):
    client.force_login(MembershipFactory().user)

    response = client.post(url("remove_pickup_time", listing.organisation.pickup_times.get().pk))

    assert response.status_code == 404


def test_a_school_chooses_one_of_the_times_when_it_asks(client, listing, teacher, slot):
    client.force_login(teacher)
    school = teacher.memberships.get().organisation
    start = f"{timezone.localtime(slot.starts_at):%Y-%m-%dT%H:%M}"

    page = BeautifulSoup(client.get(url("reserve", listing.pk)).content, "html.parser")
    client.post(
        url("reserve", listing.pk),
        {"organisation": school.pk, "quantity": "1", "pickup_at": start},
    )

    reservation = Reservation.objects.get()
    assert page.find("option", value=start)
    assert (reservation.pickup_at, reservation.pickup_until) == (slot.starts_at, slot.ends_at)


def test_a_time_that_is_not_offered_is_refused(client, listing, teacher, slot):
    client.force_login(teacher)
    school = teacher.memberships.get().organisation

    client.post(
        url("reserve", listing.pk),
        {"organisation": school.pk, "quantity": "1", "pickup_at": "2999-01-01T03:00"},
    )

    assert Reservation.objects.count() == 0


def test_choosing_an_offered_time_after_the_promise_needs_no_answer(
    client, promised, teacher, slot
):
    client.force_login(teacher)

    response = client.post(
        url("propose_pickup", promised.pk),
        {"pickup-pickup_at": f"{timezone.localtime(slot.starts_at):%Y-%m-%dT%H:%M}"},
        follow=True,
    )

    promised.refresh_from_db()
    assert "The pickup time is set." in response.content.decode()
    assert promised.pickup_agreed_at
    assert promised.pickup_until == slot.ends_at


def test_an_offered_time_that_is_chosen_before_the_promise_is_a_proposal(
    listing, giver, teacher, slot
):
    reservation = ReservationFactory(
        listing=listing, organisation=teacher.memberships.get().organisation
    )

    chosen = propose_pickup(reservation=reservation, by=teacher, pickup_at=slot.starts_at)

    assert (chosen.pickup_at, chosen.pickup_agreed_at) == (slot.starts_at, None)
    assert accept_reservation(reservation=reservation, by=giver).pickup_agreed_at


def test_a_giver_who_names_one_of_its_own_times_still_waits_for_a_yes(promised, giver, slot):
    chosen = propose_pickup(reservation=promised, by=giver, pickup_at=slot.starts_at)

    assert (chosen.pickup_proposed_by_giver, chosen.pickup_agreed_at) == (True, None)


# --- Calendar files


def test_both_sides_get_the_pickup_as_a_calendar_file(client, promised, giver, teacher):
    agree(promised, timezone.make_aware(datetime(2999, 5, 21, 14, 30)))

    for user in [giver, teacher]:
        client.force_login(user)
        response = client.get(url("pickup_calendar", promised.pk))
        assert response["Content-Type"].startswith("text/calendar")
        assert b"DTSTART:29990521T123000Z" in response.content


def test_there_is_no_file_before_a_time_is_agreed_on(client, promised, teacher):
    client.force_login(teacher)

    assert client.get(url("pickup_calendar", promised.pk)).status_code == 404


def test_strangers_get_no_file(client, promised):
    agree(promised, timezone.now() + timedelta(days=1))
    client.force_login(UserFactory())

    assert client.get(url("pickup_calendar", promised.pk)).status_code == 404


def test_the_mail_about_the_agreed_time_brings_the_file(commits, listing, giver, teacher):
    tomorrow = timezone.now() + timedelta(days=1)
    reservation = request_reservation(
        listing=listing,
        organisation=teacher.memberships.get().organisation,
        by=UserFactory(),
        quantity=Decimal(1),
        pickup_at=tomorrow,
    )

    with commits():
        accept_reservation(reservation=reservation, by=giver)

    [attachment] = mail.outbox[0].attachments
    assert attachment.mimetype == "text/calendar; method=REQUEST"
    assert "Lastgatan 3" in attachment.content


# --- The day before


def the_day_before(moment, hour):
    day = timezone.localdate(moment) - timedelta(days=1)
    return timezone.make_aware(datetime.combine(day, time(hour)))


def test_both_are_reminded_the_day_before_and_only_once(promised, giver, teacher, commits):
    pickup_at = timezone.make_aware(datetime.combine(date(2999, 5, 21), time(14)))
    agree(promised, pickup_at)

    with commits():
        remind_of_pickups(the_day_before(pickup_at, 7))
    assert mail.outbox == []
    with commits():
        remind_of_pickups(the_day_before(pickup_at, 9))
        remind_of_pickups(the_day_before(pickup_at, 10))

    assert sorted(message.to[0] for message in mail.outbox) == sorted([giver.email, teacher.email])


def test_a_time_that_is_only_proposed_is_not_reminded_of(promised):
    pickup_at = timezone.make_aware(datetime(2999, 5, 21, 14))
    Reservation.objects.update(pickup_at=pickup_at)

    assert remind_of_pickups(the_day_before(pickup_at, 9)) == 0


def test_a_new_time_is_reminded_of_again(promised):
    first = timezone.make_aware(datetime(2999, 5, 21, 14))
    agree(promised, first)
    remind_of_pickups(the_day_before(first, 9))
    agree(promised, first + timedelta(days=7))

    assert remind_of_pickups(the_day_before(first + timedelta(days=7), 9)) == 1
