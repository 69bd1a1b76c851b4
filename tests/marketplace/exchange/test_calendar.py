"""The pickup in people's calendars follows what is agreed, on both sides, until it falls."""

import email
from datetime import datetime, timedelta
from http import HTTPStatus

import pytest
import time_machine
from django.core import mail
from django.test import override_settings
from django.utils import timezone
from icalendar import Calendar

from marketplace.exchange.calendar_entries.models import CalendarEntry, CalendarFeed
from marketplace.exchange.reservations.models import Reservation
from marketplace.exchange.reservations.services import (
    accept_reservation,
    agree_pickup,
    cancel_reservation,
    propose_pickup,
)
from tests.factories import ListingFactory, MembershipFactory, ReservationFactory, SchoolFactory

pytestmark = pytest.mark.django_db
PAGE = "/mitt/kalender/"


@pytest.fixture(autouse=True)
def november():
    with time_machine.travel("2026-11-28 12:00+01:00", tick=True):
        yield


@pytest.fixture
def listing():
    return ListingFactory(
        title="Rör; röda, blå\r\nBEGIN:VEVENT",
        pickup_address="Lastgatan 3",
        pickup_postcode="264 33",
        pickup_town="Klippan",
        pickup_hours="Vardagar 8–16",
        contact_name="Sam Lind",
        contact_phone="042-10 00 00",
    )


@pytest.fixture
def do(django_capture_on_commit_callbacks):
    """Does something, and returns {address: calendar of the mail that followed}."""

    def do(service, **arguments):
        mail.outbox.clear()
        with django_capture_on_commit_callbacks(execute=True):
            service(**arguments)
        return {
            message.to[0]: Calendar.from_ical(attachment.content)
            for message in mail.outbox
            for attachment in message.attachments
        }

    return do


@pytest.fixture
def agreed(listing, giver, teacher, do):
    reservation = ReservationFactory(
        listing=listing,
        organisation=teacher.memberships.get().organisation,
        pickup_at=moment(10, 30),
    )
    reservation.first_files = do(accept_reservation, reservation=reservation, by=giver)
    reservation.refresh_from_db()
    return reservation


def moment(day, minute):
    return timezone.make_aware(datetime(2027, 1, day, 14, minute))


def event(calendar):
    [found] = calendar.walk("VEVENT")
    return found


def facts(calendar):
    """What a calendar program goes by: the method, the version and the status."""
    found = event(calendar)
    return str(calendar["METHOD"]), int(found["SEQUENCE"]), str(found["STATUS"])


def test_both_sides_get_the_entry_when_a_time_is_agreed(agreed, giver, teacher):
    files = agreed.first_files

    assert set(files) == {giver.email, teacher.email}
    for address, calendar in files.items():
        assert facts(calendar) == ("REQUEST", 0, "CONFIRMED")
        assert event(calendar)["ATTENDEE"] == f"mailto:{address}"
        assert event(calendar)["DTSTART"].dt == moment(10, 30)


def test_where_only_a_start_is_agreed_on_it_takes_half_an_hour(agreed, giver):
    found = event(agreed.first_files[giver.email])

    assert found["DTEND"].dt - found["DTSTART"].dt == timedelta(minutes=30)


def test_each_reservation_has_an_entry_of_its_own(agreed, giver, do):
    other = ReservationFactory(listing=agreed.listing, pickup_at=moment(20, 0))

    do(accept_reservation, reservation=other, by=giver)
    starts = {entry.reservation: entry.starts_at for entry in CalendarEntry.objects.all()}
    assert starts == {agreed: moment(10, 30), other: moment(20, 0)}

    do(cancel_reservation, reservation=other, by=giver)
    cancelled = {entry.reservation: entry.is_cancelled for entry in CalendarEntry.objects.all()}
    assert cancelled == {agreed: False, other: True}


def test_the_entry_says_what_one_needs_at_the_door(agreed, giver):
    found = event(agreed.first_files[giver.email])

    assert "Lastgatan 3, 264 33 Klippan" in found["LOCATION"]
    for words in ("Vardagar 8–16", "Sam Lind, 042-10 00 00", "Björkskolan"):
        assert words in found["DESCRIPTION"]


def test_what_was_typed_cannot_end_a_line_of_the_file(agreed, giver):
    assert len(agreed.first_files[giver.email].walk("VEVENT")) == 1
    assert "BEGIN:VEVENT" in event(agreed.first_files[giver.email])["SUMMARY"]


def test_the_part_of_the_mail_names_its_method(agreed):
    raw = mail.outbox[0].message().as_bytes()

    [part] = [p for p in email.message_from_bytes(raw).walk() if "calendar" in p.get_content_type()]
    assert part.get_param("method") == "REQUEST"
    assert part.get_param("charset") == "utf-8"


def test_a_new_time_is_a_later_version_of_the_same_entry(agreed, giver, teacher, do):
    fallen = do(propose_pickup, reservation=agreed, by=giver, pickup_at=moment(12, 0))
    files = do(agree_pickup, reservation=agreed, by=teacher)

    assert {facts(calendar) for calendar in fallen.values()} == {("CANCEL", 1, "CANCELLED")}
    assert set(fallen) == set(files) == {giver.email, teacher.email}
    for address, calendar in files.items():
        assert facts(calendar) == ("REQUEST", 2, "CONFIRMED")
        assert event(calendar)["UID"] == event(agreed.first_files[address])["UID"]
        assert event(calendar)["DTSTART"].dt == moment(12, 0)
        first = event(agreed.first_files[address])
        assert event(calendar)["LAST-MODIFIED"].dt >= first["LAST-MODIFIED"].dt


@pytest.mark.parametrize("side", ["giver", "teacher"])
def test_a_cancelled_pickup_leaves_both_calendars(agreed, giver, teacher, do, side):
    by = {"giver": giver, "teacher": teacher}[side]

    files = do(cancel_reservation, reservation=agreed, by=by)

    assert set(files) == {giver.email, teacher.email}
    for address, calendar in files.items():
        assert facts(calendar) == ("CANCEL", 1, "CANCELLED")
        assert event(calendar)["UID"] == event(agreed.first_files[address])["UID"]
        assert event(calendar)["DTSTART"].dt == moment(10, 30)


def test_a_reservation_without_a_time_leaves_no_calendar(listing, giver, teacher, do):
    reservation = ReservationFactory(
        listing=listing, organisation=teacher.memberships.get().organisation
    )

    files = do(cancel_reservation, reservation=reservation, by=teacher)

    assert mail.outbox
    assert files == {}


def test_a_pickup_that_was_over_before_it_had_an_entry_has_no_file(agreed, client, giver):
    client.force_login(giver)
    address = f"/mitt/bokningar/{agreed.pk}/kalender.ics"
    assert client.get(address).status_code == HTTPStatus.OK

    CalendarEntry.objects.all().delete()
    Reservation.objects.filter(pk=agreed.pk).update(state=Reservation.State.COLLECTED)

    assert client.get(address).status_code == HTTPStatus.NOT_FOUND


def test_the_file_on_the_page_is_the_same_entry_whatever_the_host(agreed, client, giver):
    client.force_login(giver)
    address = f"/mitt/bokningar/{agreed.pk}/kalender.ics"

    with override_settings(ALLOWED_HOSTS=["*"]):
        files = [client.get(address, HTTP_HOST=host).content for host in ("a.test", "b.test")]

    uids = {str(event(Calendar.from_ical(content))["UID"]) for content in files}
    assert uids == {str(event(agreed.first_files[giver.email])["UID"])}


# --- The feed -------------------------------------------------------------------------------------


@pytest.fixture
def feed(client):
    """The URL of the feed of a person who has asked for one."""

    def feed(user):
        client.force_login(user)
        client.post(PAGE, {"action": "renew"})
        url = f"/kalender/{CalendarFeed.objects.get(user=user).token}.ics"
        client.logout()
        return url

    return feed


def test_the_feed_holds_all_pickups_of_ones_own_in_swedish_time(agreed, client, teacher, feed):
    response = client.get(feed(teacher))

    calendar = Calendar.from_ical(response.content)
    start = event(calendar)["DTSTART"]
    assert response["Content-Type"].startswith("text/calendar")
    assert (start.dt, start.params["TZID"]) == (moment(10, 30), "Europe/Stockholm")
    assert len(calendar.walk("VTIMEZONE")) == 1
    assert "METHOD" not in calendar


def test_the_feed_is_right_across_a_change_of_the_clock(agreed, client, giver, teacher, feed, do):
    summer = timezone.make_aware(datetime(2027, 7, 1, 9, 0))
    do(propose_pickup, reservation=agreed, by=giver, pickup_at=summer)
    do(agree_pickup, reservation=agreed, by=teacher)

    text = client.get(feed(teacher)).content.decode()

    assert "DTSTART;TZID=Europe/Stockholm:20270701T090000" in text
    assert "TZOFFSETTO:+0200" in text


def test_what_was_called_off_is_no_longer_in_the_feed(agreed, client, giver, teacher, feed, do):
    url = feed(teacher)
    assert b"BEGIN:VEVENT" in client.get(url).content

    do(cancel_reservation, reservation=agreed, by=giver)

    assert b"BEGIN:VEVENT" not in client.get(url).content


def test_nobody_sees_the_pickups_of_others(agreed, client, feed):
    stranger = MembershipFactory(organisation=SchoolFactory()).user

    response = client.get(feed(stranger))

    assert response.status_code == 200
    assert b"BEGIN:VEVENT" not in response.content


def test_a_revoked_or_renewed_link_stops_working(agreed, client, teacher, feed):
    first = feed(teacher)
    assert client.get(first).status_code == 200

    second = feed(teacher)
    assert (client.get(first).status_code, client.get(second).status_code) == (404, 200)
    client.force_login(teacher)
    client.post(PAGE, {"action": "revoke"})

    assert client.get(second).status_code == 404


def test_a_link_that_is_renewed_or_revoked_leaves_those_of_others(client, giver, teacher, feed):
    kept, _first = feed(giver), feed(teacher)
    second = feed(teacher)
    assert [client.get(url).status_code for url in (kept, second)] == [200, 200]

    client.force_login(teacher)
    client.post(PAGE, {"action": "revoke"})

    assert [client.get(url).status_code for url in (kept, second)] == [200, 404]


def test_the_feed_of_somebody_who_is_shut_out_is_closed(agreed, client, teacher, feed):
    url = feed(teacher)
    teacher.is_active = False
    teacher.save()

    assert client.get(url).status_code == 404


def test_a_pickup_of_long_ago_is_not_in_the_feed(agreed, client, teacher, feed):
    url = feed(teacher)

    with time_machine.travel(moment(10, 30) + timedelta(days=200)):
        assert b"BEGIN:VEVENT" not in client.get(url).content
