"""A teacher has material brought in the same step as asking for it."""

from datetime import date, time, timedelta
from decimal import Decimal

import pytest
from bs4 import BeautifulSoup
from post_office.models import Email

from marketplace.exchange.joint_requests.services import create_requests
from marketplace.exchange.reservations.models import Reservation
from marketplace.exchange.reservations.services import (
    accept_reservation,
    cancel_reservation,
    request_reservation,
)
from marketplace.notifications.delivery import write_mail
from marketplace.notifications.models import Notification
from marketplace.transport.errors import TooMuchToCarry
from marketplace.transport.models import Run, Shipment, Stop
from tests.factories import CompanyFactory, ListingFactory, MunicipalityFactory, SchoolFactory
from tests.marketplace.transport.conftest import ask, booked, carrier_with_round

TUESDAY = date(2026, 12, 8)


def reserve_page(client, town):
    client.force_login(town.teacher, backend="django.contrib.auth.backends.ModelBackend")
    return client.get(f"/en/material/{town.listing.pk}/boka/")


def ways(response):
    page = BeautifulSoup(response.content, "html.parser")
    return {
        each["value"]: each.find_parent("label").text
        for each in page.find_all(attrs={"name": "way"})
        if each["type"] == "radio"
    }


def test_the_form_says_who_brings_it_and_the_next_day(client, town):
    found = ways(reserve_page(client, town))

    assert set(found) == {"fetch", f"transport:{town.round.carrier_id}"}
    assert "Vaktmästeriet" in found[f"transport:{town.round.carrier_id}"]
    assert "utan kostnad" in found[f"transport:{town.round.carrier_id}"]
    assert "8 December" in found[f"transport:{town.round.carrier_id}"]


def test_a_municipality_without_carriers_shows_no_choice(client, town):
    town.round.carrier.is_active = False
    town.round.carrier.save()

    response = reserve_page(client, town)

    assert response.status_code == 200
    assert ways(response) == {}


def test_what_the_form_sends_is_brought_on_tuesday_once_the_company_says_yes(client, town):
    client.force_login(town.teacher, backend="django.contrib.auth.backends.ModelBackend")
    response = client.post(
        f"/en/material/{town.listing.pk}/boka/",
        {
            "organisation": town.preschool.pk,
            "quantity": "3",
            "way": f"transport:{town.round.carrier_id}",
            "transport-receives_from": "08:00",
            "transport-receives_until": "15:00",
            "transport-leave_note": "Bakdörren, plan 2",
        },
    )
    reservation = Reservation.objects.get()
    assert response.status_code == 302
    assert reservation.shipment.state == Shipment.State.ASKED

    accept_reservation(reservation=reservation, by=town.seller)

    shipment = Shipment.objects.get()
    assert (shipment.state, shipment.run.date) == (Shipment.State.WAITING, TUESDAY)
    assert set(shipment.stops.values_list("type", flat=True)) == {"fetch", "leave"}
    page = client.get(f"/en/mitt/bokningar/{reservation.pk}/").content.decode()
    assert "Vaktmästeriet on Tuesday 8 December" in page
    assert "No time has been agreed on yet" not in page


def test_the_hours_of_receiving_are_asked_for_and_what_was_typed_is_kept(client, town):
    client.force_login(town.teacher, backend="django.contrib.auth.backends.ModelBackend")

    response = client.post(
        f"/en/material/{town.listing.pk}/boka/",
        {
            "organisation": town.preschool.pk,
            "quantity": "3",
            "purpose": "Bygga broar",
            "way": f"transport:{town.round.carrier_id}",
            "transport-receives_from": "15:00",
            "transport-receives_until": "08:00",
        },
    )

    page = response.content.decode()
    assert "The time must end after it starts." in page
    assert "Bygga broar" in page
    assert not Reservation.objects.exists()


def test_more_than_the_vehicle_takes_is_refused_with_a_reason(town):
    with pytest.raises(TooMuchToCarry):
        ask(town, quantity=80)

    assert ask(town, quantity=40).shipment


def test_a_full_day_goes_to_the_next_week(town):
    booked(town, quantity=45)
    other = SchoolFactory(municipality=town.here)

    reservation = booked(town, quantity=10, receiver=other)

    assert reservation.shipment.run.date == TUESDAY + timedelta(weeks=1)


def test_a_company_s_van_carries_only_what_the_company_gives(client, town):
    carrier = town.round.carrier
    carrier.type, carrier.organisation = "company", CompanyFactory(municipality=town.here)
    carrier.save()
    assert ways(reserve_page(client, town)) == {}

    carrier.organisation = town.company
    carrier.save()

    assert len(ways(reserve_page(client, town))) == 2


def test_a_round_drives_in_its_area_only(client, town):
    town.preschool.municipality = MunicipalityFactory()
    town.preschool.save()
    assert ways(reserve_page(client, town)) == {}

    town.round.areas.add(town.preschool.municipality)

    assert len(ways(reserve_page(client, town))) == 2


def test_a_cancelled_reservation_leaves_the_list(town):
    reservation = booked(town)
    assert Stop.objects.count() == 2

    cancel_reservation(reservation=reservation, by=town.teacher)

    assert Stop.objects.count() == 0
    assert Shipment.objects.get().state == Shipment.State.OVER


def test_the_mail_of_the_yes_tells_the_day_instead_of_the_address(town):
    town.listing.pickup_address = "Hamngatan 1"
    town.listing.save()
    booked(town)

    write_mail(Notification.objects.get(type="reservation_accepted"))

    text = Email.objects.get().message
    assert "8 december" in text
    assert "Hamngatan 1" not in text


def test_who_fetches_is_not_on_any_list(town):
    reservation = request_reservation(
        listing=town.listing, organisation=town.preschool, by=town.teacher, quantity=Decimal(2)
    )
    accept_reservation(reservation=reservation, by=town.seller)

    assert reservation.way == "fetch"
    assert not Run.objects.exists()
    booked(town, listing=ListingFactory(organisation=town.company))
    assert Run.objects.count() == 1


def test_two_carriers_are_two_choices(client, town):
    other = carrier_with_round(town.here, weekday=3)
    other.carrier.name = "Matbilen"
    other.carrier.save()

    found = ways(reserve_page(client, town))

    assert len(found) == 3
    assert "10 December" in found[f"transport:{other.carrier_id}"]


def headings(response):
    page = BeautifulSoup(response.content, "html.parser")
    return [each.get_text(strip=True) for each in page.find_all("h2")]


def test_the_van_comes_first_on_the_page_and_confirming_is_folded_below_it(client, town):
    reservation = booked(town)
    client.force_login(town.teacher, backend="django.contrib.auth.backends.ModelBackend")

    response = client.get(f"/en/mitt/bokningar/{reservation.pk}/")

    found = headings(response)
    assert found.index("It is brought") < found.index("Has it been handed over?")
    confirm = BeautifulSoup(response.content, "html.parser").select_one("#overlamning form")
    assert confirm.find_parent("details") is not None


def test_several_things_at_once_say_once_when_the_van_brings_them(client, town):
    more = ListingFactory(organisation=town.company, carry_class="bag")
    client.force_login(town.teacher, backend="django.contrib.auth.backends.ModelBackend")
    rows = create_requests(
        parts={town.listing: Decimal(1), more: Decimal(1)},
        organisation=town.preschool,
        by=town.teacher,
        way=f"transport:{town.round.carrier_id}",
        details={"receives_from": time(8), "receives_until": time(15), "leave_note": ""},
    )
    for row in rows:
        accept_reservation(reservation=row, by=town.seller)

    response = client.get(rows[0].joint_request.get_absolute_url(), follow=True)

    assert headings(response).count("Det körs ut") == 1
    assert "tisdag 8 december" in response.content.decode()


def test_a_giver_who_can_deliver_is_a_choice_and_reads_where_to(client, town):
    town.listing.delivery_offered = True
    town.listing.save()
    assert "Snickeriet AB" in ways(reserve_page(client, town))["delivery"]

    client.post(
        f"/en/material/{town.listing.pk}/boka/",
        {"organisation": town.preschool.pk, "quantity": "3", "way": "delivery"},
    )
    reservation = Reservation.objects.get()
    accept_reservation(reservation=reservation, by=town.seller)
    client.force_login(town.seller, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(f"/en/mitt/bokningar/{reservation.pk}/").content.decode()

    assert "Snickeriet AB brings it to Ängens förskola" in page
    assert "Ängsvägen 3" in page
    assert not Shipment.objects.exists()


def test_nobody_can_ask_for_a_delivery_that_was_not_offered(client, town):
    assert "delivery" not in ways(reserve_page(client, town))

    response = client.post(
        f"/en/material/{town.listing.pk}/boka/",
        {"organisation": town.preschool.pk, "quantity": "3", "way": "delivery"},
        follow=True,
    )

    assert "error" in response.content.decode()
    assert not Reservation.objects.exists()


def test_what_a_school_gives_is_not_said_to_wait_for_a_company(client, town):
    giver = SchoolFactory(municipality=town.here, name="Byskolan")
    listing = ListingFactory(organisation=giver, carry_class="bag")
    client.force_login(town.teacher, backend="django.contrib.auth.backends.ModelBackend")

    asking = client.get(f"/en/material/{listing.pk}/boka/").content.decode()
    reservation = ask(town, listing=listing)
    waiting = client.get(f"/en/mitt/bokningar/{reservation.pk}/").content.decode()

    assert "once the giver has said yes" in asking
    assert "The day is set once the giver has said yes." in waiting
    assert "the company has said" not in asking + waiting
