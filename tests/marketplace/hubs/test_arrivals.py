"""What is brought to a hub for somebody, or for its shelves: known before it comes, and kept."""

from datetime import date, time, timedelta
from decimal import Decimal
from types import SimpleNamespace
from uuid import UUID

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.core.management import call_command
from django.utils import timezone
from django.utils.formats import date_format
from post_office.models import Email

from marketplace.exchange.handovers.models import Handover
from marketplace.exchange.reservations.models import Reservation
from marketplace.exchange.reservations.services import (
    accept_reservation,
    cancel_reservation,
    request_reservation,
)
from marketplace.hubs.arrivals.models import Arrival
from marketplace.hubs.arrivals.services import announce, hand_over, put_on_shelf, receive
from marketplace.hubs.counting import recount
from marketplace.hubs.errors import CountedMeanwhile, HubClosed
from marketplace.hubs.models import Hub, HubOpening, Movement
from marketplace.hubs.services import take_in
from marketplace.impact import figures
from marketplace.listings.models import MaterialListing
from marketplace.notifications.delivery import write_mail
from marketplace.notifications.models import Notification
from marketplace.organisations.models import Organisation
from marketplace.review.errors import WrongState
from tests.factories import (
    CompanyFactory,
    ListingFactory,
    MembershipFactory,
    MunicipalityFactory,
    SchoolFactory,
)
from tests.marketplace.hubs.test_hubs import left, shelf_at, take

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def town(client):
    """A company, a preschool without a car, and a hub between them."""
    here = MunicipalityFactory(name="Bjuv")
    hub = Hub.objects.create(
        organisation=SchoolFactory(municipality=here, name="Återbruket"),
        name="Återbruket Bjuv",
        slug="bjuv",
        address="Storgatan 1",
        town="Bjuv",
    )
    company = CompanyFactory(municipality=here, name="Snickeriet AB")
    preschool = SchoolFactory(municipality=here, type="preschool", name="Ekorren")
    listing = ListingFactory(
        organisation=company,
        title="Spillbitar",
        pickup_address="Hamngatan 9",
        stock__kg_per_unit=2,
        stock__offered=10,
    )
    return SimpleNamespace(
        hub=hub,
        company=company,
        preschool=preschool,
        listing=listing,
        teacher=MembershipFactory(organisation=preschool).user,
        seller=MembershipFactory(organisation=company).user,
        keeper=MembershipFactory(organisation=hub.organisation).user,
    )


def ask(town, quantity=3, listing=None):
    return request_reservation(
        listing=listing or town.listing,
        organisation=town.preschool,
        by=town.teacher,
        quantity=Decimal(quantity),
        way=f"hub:{town.hub.pk}",
    )


def promised(town, listing=None):
    reservation = ask(town, listing=listing)
    accept_reservation(reservation=reservation, by=town.seller)
    return Arrival.objects.get(reservation=reservation)


def sign_in(client, user):
    client.force_login(user, backend=BACKEND)
    return client


def tap(client, town, arrival, what):
    sign_in(client, town.keeper)
    return client.post(f"/en/nav/bjuv/vantas/{arrival.pk}/{what}/", follow=True)


def page_of(client, town):
    return sign_in(client, town.keeper).get("/en/nav/bjuv/vantas/").content.decode()


def told(user, type):
    return Notification.objects.filter(user=user, type=type)


# --- To a hub near us ----------------------------------------------------------------------------


def test_a_preschool_has_it_left_at_a_hub_nearby_and_is_told_until_when_it_is_kept(client, town):
    sign_in(client, town.teacher)
    form = BeautifulSoup(client.get(f"/en/material/{town.listing.pk}/boka/").content, "html.parser")
    choice = form.find("input", {"name": "way", "value": f"hub:{town.hub.pk}"})
    assert "To a hub near us: Återbruket Bjuv" in choice.find_parent("label").text
    client.post(
        f"/en/material/{town.listing.pk}/boka/",
        {"organisation": town.preschool.pk, "quantity": "3", "way": f"hub:{town.hub.pk}"},
    )
    reservation = Reservation.objects.get()
    assert not Arrival.objects.expected().exists()

    accept_reservation(reservation=reservation, by=town.seller)
    assert told(town.keeper, "hub_expected").count() == 1
    assert "Spillbitar" in page_of(client, town)
    assert not told(town.teacher, "hub_arrived").exists()

    arrival = Arrival.objects.expected().get()
    tap(client, town, arrival, "framme")
    tap(client, town, arrival, "framme")

    arrival.refresh_from_db()
    assert arrival.kept_until == timezone.localdate() + timedelta(days=14)
    notification = told(town.teacher, "hub_arrived").get()
    write_mail(notification)
    mail = Email.objects.get().message
    assert "Storgatan 1" in mail
    assert date_format(arrival.kept_until, "j") in mail
    sign_in(client, town.teacher)
    page = client.get(f"/en/mitt/bokningar/{reservation.pk}/").content.decode()
    assert "It is there, and kept until" in page


def test_fetching_it_there_is_a_handover_from_its_giver(client, town):
    arrival = promised(town)
    tap(client, town, arrival, "framme")

    tap(client, town, arrival, "hamtat")
    tap(client, town, arrival, "hamtat")

    handover = Handover.objects.get()
    assert (handover.giver, handover.receiver) == (town.company, town.preschool)
    assert handover.mass_kg == Decimal(6)
    assert told(town.seller, "hub_collected").count() == 1
    assert not Movement.objects.exists()


def test_nothing_is_fetched_that_has_not_come(client, town):
    arrival = promised(town)

    tap(client, town, arrival, "hamtat")
    assert not Handover.objects.exists()
    tap(client, town, arrival, "framme")
    tap(client, town, arrival, "hamtat")

    assert Handover.objects.count() == 1


def test_the_giver_reads_where_to_leave_it_and_the_receiver_not_the_givers_door(town):
    arrival = promised(town)

    for type in ("reservation_requested", "reservation_accepted"):
        write_mail(Notification.objects.get(type=type))

    asked, accepted = Email.objects.order_by("pk").values_list("message", flat=True)
    assert "Storgatan 1" in asked
    assert "Storgatan 1" in accepted
    assert town.listing.pickup_address not in accepted
    assert arrival.mass_kg == Decimal(6)


def test_only_hubs_of_ones_own_municipality_are_near(client, town):
    def values():
        page = sign_in(client, town.teacher).get(f"/en/material/{town.listing.pk}/boka/")
        found = BeautifulSoup(page.content, "html.parser").find_all("input", {"name": "way"})
        return [each["value"] for each in found if each["type"] == "radio"]

    assert values() == ["fetch", f"hub:{town.hub.pk}"]
    Hub.objects.update(last_day=timezone.localdate() - timedelta(days=1))
    assert values() == []
    Hub.objects.update(last_day=None, organisation=SchoolFactory())

    assert values() == []


def test_what_is_cancelled_before_it_comes_leaves_the_list(client, town):
    arrival = promised(town)
    assert "Spillbitar" in page_of(client, town)

    cancel_reservation(reservation=arrival.reservation, by=town.teacher)

    assert "Spillbitar" not in page_of(client, town)
    tap(client, town, arrival, "framme")
    arrival.refresh_from_db()
    assert arrival.arrived_at is None


def test_what_is_cancelled_when_it_is_there_goes_to_a_shelf_as_its_givers(client, town):
    shelf = shelf_at(town.hub)
    arrival = promised(town)
    tap(client, town, arrival, "framme")
    cancel_reservation(reservation=arrival.reservation, by=town.teacher)
    assert told(town.keeper, "hub_left_over").count() == 1

    client.post(
        f"/en/nav/bjuv/ta-emot/?vantad={arrival.pk}",
        {"mass_kg": "5,5", "shelf": shelf.pk, "key": "b9a3ea4a-2f5c-4b43-a2a1-2b3f4f6f8a11"},
    )
    take(shelf, "bag", town.preschool)

    assert left(shelf) == Decimal("3.5")
    assert Handover.objects.get().giver == town.company
    stock = MaterialListing.objects.get(pk=town.listing.pk).stock
    assert (stock.offered, stock.reserved) == (7, 0)
    assert "Spillbitar" not in page_of(client, town)


def test_what_nobody_fetches_in_time_may_go_to_a_shelf_and_not_before(client, town):
    shelf = shelf_at(town.hub)
    arrival = promised(town)
    tap(client, town, arrival, "framme")
    data = {"mass_kg": "6", "shelf": shelf.pk, "key": "b9a3ea4a-2f5c-4b43-a2a1-2b3f4f6f8a11"}

    client.post(f"/en/nav/bjuv/ta-emot/?vantad={arrival.pk}", data)
    assert left(shelf) == 0
    Arrival.objects.update(kept_until=timezone.localdate() - timedelta(days=1))
    client.post(f"/en/nav/bjuv/ta-emot/?vantad={arrival.pk}", data)

    assert left(shelf) == Decimal(6)
    assert Reservation.objects.get().state == Reservation.State.CANCELLED
    assert told(town.teacher, "reservation_cancelled").count() == 1
    stock = MaterialListing.objects.get(pk=town.listing.pk).stock
    assert (stock.offered, stock.reserved, stock.collected) == (7, 0, 0)


def test_what_is_for_a_shelf_is_taken_in_with_what_is_known_of_it(client, town):
    shelf = shelf_at(town.hub)
    arrival = announce(hub=town.hub, listing=town.listing, mass_kg=Decimal("8.5"))
    assert told(town.keeper, "hub_expected").count() == 1
    sign_in(client, town.keeper)

    page = client.get(f"/en/nav/bjuv/ta-emot/?vantad={arrival.pk}")
    form = BeautifulSoup(page.content, "html.parser")
    assert form.find("input", {"name": "mass_kg"})["value"] == "8,5"
    assert "Snickeriet AB" in page.content.decode()
    data = {
        "mass_kg": "8",
        "shelf": shelf.pk,
        "key": form.find("input", {"name": "key"})["value"],
    }
    client.post(f"/en/nav/bjuv/ta-emot/?vantad={arrival.pk}", data)
    client.post(f"/en/nav/bjuv/ta-emot/?vantad={arrival.pk}", data)

    assert left(shelf) == Decimal(8)
    assert Movement.objects.get().origin == town.company
    assert not Arrival.objects.expected().exists()


def test_only_its_own_people_see_and_touch_what_is_expected(client, town):
    arrival = promised(town)

    for user in (town.teacher, town.seller):
        sign_in(client, user)
        assert client.get("/en/nav/bjuv/vantas/").status_code == 403
        assert client.post(f"/en/nav/bjuv/vantas/{arrival.pk}/framme/").status_code == 403

    assert sign_in(client, town.keeper).get("/en/nav/bjuv/vantas/").status_code == 200


def test_what_did_not_come_is_taken_off_the_list_but_not_what_somebody_waits_for(client, town):
    shelf = shelf_at(town.hub)
    waited_for = promised(town)
    for_a_shelf = announce(hub=town.hub, listing=town.listing, mass_kg=Decimal(8))

    for arrival in (waited_for, for_a_shelf):
        tap(client, town, arrival, "bort")

    assert list(Arrival.objects.expected()) == [waited_for]
    with pytest.raises(WrongState):
        put_on_shelf(arrival=for_a_shelf, shelf=shelf, mass_kg=Decimal(8), by=town.keeper)
    for_a_shelf.refresh_from_db()
    closed_at = for_a_shelf.closed_at
    tap(client, town, for_a_shelf, "bort")
    for_a_shelf.refresh_from_db()
    assert for_a_shelf.closed_at == closed_at


def test_what_has_been_fetched_goes_to_no_shelf(client, town):
    shelf = shelf_at(town.hub)
    arrival = promised(town)
    tap(client, town, arrival, "framme")
    tap(client, town, arrival, "hamtat")

    with pytest.raises(WrongState):
        put_on_shelf(arrival=arrival, shelf=shelf, mass_kg=Decimal(6), by=town.keeper)

    assert Handover.objects.count() == 1
    assert left(shelf) == 0


def test_the_last_of_a_listing_goes_to_the_shelf_once_and_is_offered_no_more(client, town):
    shelf = shelf_at(town.hub)
    listing = ListingFactory(organisation=town.company, stock__kg_per_unit=2, stock__offered=3)
    arrival = promised(town, listing)
    tap(client, town, arrival, "framme")
    cancel_reservation(reservation=arrival.reservation, by=town.teacher)
    key = UUID("b9a3ea4a-2f5c-4b43-a2a1-2b3f4f6f8a11")

    first, again = (
        put_on_shelf(arrival=arrival, shelf=shelf, mass_kg=Decimal(6), by=town.keeper, key=key)
        for _time in range(2)
    )

    assert first == again
    assert left(shelf) == 6
    listing.stock.refresh_from_db()
    assert listing.stock.closed_at is not None
    assert listing.stock.offered == 3


def test_a_hub_that_has_closed_for_good_expects_nothing(town):
    town.hub.last_day = timezone.localdate() - timedelta(days=1)
    town.hub.save()

    with pytest.raises(HubClosed):
        announce(hub=town.hub, listing=town.listing, mass_kg=Decimal(8))
    town.hub.last_day = timezone.localdate()
    town.hub.save()

    assert announce(hub=town.hub, listing=town.listing, mass_kg=Decimal(8)).closed_at is None


def test_an_organisation_looks_after_its_hubs_once_it_is_approved(client, town):
    page = sign_in(client, town.keeper).get("/en/mitt/").content.decode()
    assert "Återbruket Bjuv" in page

    Organisation.objects.filter(pk=town.hub.organisation_id).update(approval="pending")

    assert "Återbruket Bjuv" not in client.get("/en/mitt/").content.decode()


# --- Counting ------------------------------------------------------------------------------------


def test_what_is_missing_is_lost_with_its_reason_and_no_handover(client, town):
    shelf = shelf_at(town.hub)
    take_in(shelf=shelf, mass_kg=Decimal(5), origin=town.company)
    take_in(shelf=shelf, mass_kg=Decimal(5))
    take(shelf, "bag", town.preschool)
    before = figures.totals(figures.handovers())
    sign_in(client, town.keeper)
    address = f"/en/nav/bjuv/hylla/{shelf.pk}/rakna/"
    form = BeautifulSoup(client.get(address).content, "html.parser")
    data = {"expected_kg": form.find("input", {"name": "expected_kg"})["value"]}

    refused = client.post(address, data | {"counted_kg": "4"}).content.decode()
    assert "Say briefly why" in refused
    client.post(address, data | {"counted_kg": "4", "reason": "Våt, slängd"})

    assert left(shelf) == Movement.objects.sum_kg() == Decimal(4)
    lost = Movement.objects.filter(type=Movement.Type.LOST)
    assert {each.reason for each in lost} == {"Våt, slängd"}
    assert sum(each.mass_kg for each in lost) == Decimal(-4)
    assert figures.totals(figures.handovers()) == before
    assert Handover.objects.count() == 1


def test_a_shelf_may_be_counted_empty_and_there_may_be_more_than_was_known(town):
    shelf = shelf_at(town.hub)
    take_in(shelf=shelf, mass_kg=Decimal(5), origin=town.company)

    recount(
        shelf=shelf,
        counted_kg=Decimal(0),
        expected_kg=Decimal(5),
        reason="Slängt",
        by=town.keeper,
    )
    assert left(shelf) == 0
    recount(
        shelf=shelf,
        counted_kg=Decimal(3),
        expected_kg=Decimal(0),
        reason="Låg i en låda",
        by=town.keeper,
    )

    assert left(shelf) == Decimal(3)
    take(shelf, "bag", town.preschool)
    assert Handover.objects.get().giver == town.hub.organisation


def test_a_tap_while_somebody_counts_is_not_lost(client, town):
    shelf = shelf_at(town.hub)
    take_in(shelf=shelf, mass_kg=Decimal(5))
    take(shelf, "bag", town.preschool)
    values = {"reason": "Fel", "by": town.keeper, "shelf": shelf}

    with pytest.raises(CountedMeanwhile):
        recount(counted_kg=Decimal(5), expected_kg=Decimal(5), **values)
    sign_in(client, town.keeper)
    page = client.post(
        f"/en/nav/bjuv/hylla/{shelf.pk}/rakna/",
        {"counted_kg": "5", "expected_kg": "5.000", "reason": "Fel"},
    )

    form = BeautifulSoup(page.content, "html.parser")
    assert form.find("input", {"name": "expected_kg"})["value"] == "3.000"
    assert form.find("input", {"name": "counted_kg"})["value"] == "5"
    assert left(shelf) == Decimal(3)
    recount(counted_kg=Decimal(3), expected_kg=Decimal(3), **values)
    assert not Movement.objects.filter(type=Movement.Type.LOST).exists()


# --- Before the time at the hub is over ----------------------------------------------------------

FRIDAY = "2026-12-04 09:00+01:00"


def kept_at(town, until, arrived="2026-11-23 10:00+01:00"):
    """Something that came to the hub on a day, and is kept until `until`."""
    listing = ListingFactory(organisation=town.company, title="Spillbitar")
    with time_machine.travel(arrived, tick=False):
        arrival = receive(arrival=promised(town, listing))
    Arrival.objects.filter(pk=arrival.pk).update(kept_until=until)
    return arrival


def reminded(town, moment):
    with time_machine.travel(moment, tick=False):
        call_command("periodic", verbosity=0)
    return told(town.teacher, "hub_last_days").count()


@pytest.mark.parametrize(
    ("until", "too_early", "in_time"),
    [
        (date(2026, 12, 3), "2026-12-02 07:30+01:00", "2026-12-02 08:05+01:00"),
        (date(2026, 12, 7), "2026-12-03 18:00+01:00", FRIDAY),
    ],
    ids=["the morning before", "on Friday for Monday"],
)
def test_who_has_not_fetched_it_is_reminded_once_the_working_day_before(
    town, until, too_early, in_time
):
    kept_at(town, until)

    assert reminded(town, too_early) == 0
    assert [reminded(town, in_time), reminded(town, in_time)] == [1, 1]
    assert not told(town.seller, "hub_last_days").exists()


def test_who_has_fetched_it_or_called_it_off_is_not_reminded(client, town):
    fetched = kept_at(town, date(2026, 12, 7))
    off = kept_at(town, date(2026, 12, 7))
    kept = kept_at(town, date(2026, 12, 7))
    with time_machine.travel("2026-12-01 10:00+01:00", tick=False):
        hand_over(arrival=fetched)
        cancel_reservation(reservation=off.reservation, by=town.teacher)

    assert reminded(town, FRIDAY) == 1
    assert told(town.teacher, "hub_last_days").get().reservation == kept.reservation


def test_what_came_that_day_has_just_been_told_of(town):
    kept_at(town, date(2026, 12, 7), arrived="2026-12-04 08:30+01:00")
    before = kept_at(town, date(2026, 12, 7), arrived="2026-12-03 08:30+01:00")

    assert reminded(town, FRIDAY) == 1
    assert told(town.teacher, "hub_last_days").get().reservation == before.reservation


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "sv",
            [
                "”Spillbitar”",
                "Storgatan 1",
                "måndag 7 december",
                "onsdag 2 december kl. 13.00–15.00",
            ],
        ),
        (
            "en",
            [
                "“Spillbitar”",
                "Storgatan 1",
                "Monday 7 December",
                "Wednesday 2 December, 13:00–15:00",
            ],
        ),
    ],
)
def test_where_the_hub_is_open_earlier_for_the_last_time_that_is_what_counts(town, language, words):
    HubOpening.objects.create(
        hub=town.hub, weekday=HubOpening.Weekday.WEDNESDAY, starts=time(13), ends=time(15)
    )
    kept_at(town, date(2026, 12, 7))
    town.teacher.language = language
    town.teacher.save()

    assert reminded(town, "2026-11-30 18:00+01:00") == 0
    assert reminded(town, "2026-12-01 09:00+01:00") == 1

    mail = write_mail(told(town.teacher, "hub_last_days").get()).message
    assert [word for word in words if word not in mail] == []
