"""A preschool without a car has material brought, and a driver works without a connection."""

import re
from datetime import time
from decimal import Decimal

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from marketplace.exchange.handovers.models import Handover
from marketplace.exchange.reservations.models import Reservation
from marketplace.exchange.reservations.services import accept_reservation, request_reservation
from marketplace.transport.models import Carrier, Round, Run, Shipment, Stop
from marketplace.transport.plans import make_plan
from search.index.entries import refresh_all
from tests.factories import (
    CompanyFactory,
    ListingFactory,
    MembershipFactory,
    MunicipalityFactory,
    SchoolFactory,
    UserFactory,
    give,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def carrier(municipality, *, weekday):
    van = Carrier.objects.create(
        municipality=municipality,
        name="Vaktmästeriet",
        type="caretakers",
        vehicle="van",
        note="utan kostnad",
    )
    round_ = Round.objects.create(
        carrier=van,
        weekday=weekday,
        starts=time(0, 1),
        ends=time(23, 50),
        capacity_kg=400,
        capacity_litres=4000,
        start_name="Förrådet",
    )
    round_.areas.add(municipality)
    return round_


@pytest.fixture
def town(portal):
    here = MunicipalityFactory(name="Klippan")
    company = CompanyFactory(municipality=here)
    seller = MembershipFactory(organisation=company).user
    listing = ListingFactory(organisation=company, title="Papprör", carry_class="box")
    return here, seller, listing


def test_a_preschool_without_a_car_has_material_brought(phone, town, sign_in_browser):
    here, seller, _listing = town
    carrier(here, weekday=(timezone.localdate().weekday() + 3) % 7)
    preschool = SchoolFactory(type="preschool", municipality=here, school_unit_code="")
    sign_in_browser(phone, MembershipFactory(organisation=preschool).user)

    refresh_all()
    phone.goto("/material/?utanbil=1")
    phone.get_by_role("link", name="Papprör").click()
    expect(
        phone.get_by_text("Upp till 1 stycken ryms på en cykel")
        .or_(phone.get_by_text("Ryms på en cykel"))
        .first
    ).to_be_visible()
    phone.get_by_role("link", name="Boka", exact=True).click()
    expect(phone.get_by_label("Vi kan ta emot det från")).to_be_hidden()
    phone.get_by_label("Kör ut det till oss med Vaktmästeriet").check()
    phone.get_by_label("Vi kan ta emot det från").fill("08:00")
    phone.get_by_label("till", exact=True).fill("15:00")
    phone.get_by_label("Var lämnas det?").fill("Bakdörren")
    phone.get_by_role("button", name="Skicka").click()

    expect(phone.get_by_role("heading", name="Det körs ut")).to_be_visible()
    reservation = Reservation.objects.get()
    accept_reservation(reservation=reservation, by=seller)
    phone.reload()
    expect(phone.get_by_text("Vaktmästeriet", exact=False).first).to_be_visible()
    assert Shipment.objects.get().run.date > timezone.localdate()


@pytest.fixture
def tour(town):
    """Today's list: two boxes from one company to two schools, four stops."""
    here, seller, _listing = town
    round_ = carrier(here, weekday=timezone.localdate().weekday())
    run = Run.objects.create(round=round_, date=timezone.localdate())
    for number in (1, 2):
        school = SchoolFactory(municipality=here, address=f"Skolgatan {number}", town="Klippan")
        teacher = MembershipFactory(organisation=school).user
        reservation = request_reservation(
            listing=ListingFactory(organisation=seller.organisations.get(), title=f"Låda {number}"),
            organisation=school,
            by=teacher,
            quantity=Decimal(2),
        )
        accept_reservation(reservation=reservation, by=seller)
        shipment = Shipment.objects.create(
            reservation=reservation,
            run=run,
            state=Shipment.State.WAITING,
            receives_from=time(0, 1),
            receives_until=time(23, 30),
        )
        Reservation.objects.filter(pk=reservation.pk).update(way=f"transport:{round_.carrier_id}")
        for type in Stop.Type.values:
            Stop.objects.create(run=run, shipment=shipment, type=type)
    make_plan(run)
    return run.tours.get()


def tap(phone, name):
    phone.locator("[data-stop-work]").first.get_by_role("button", name=name).click()


def next_button(phone):
    first = phone.locator("[data-stop-work]").first
    fetches = first.get_by_role("button", name="Hämtat").count()
    return "Hämtat" if fetches else "Lämnat"


def test_a_driver_without_a_connection_for_three_stops_catches_up(phone, tour):
    phone.goto(f"/kor/{tour.token}/")
    phone.evaluate("navigator.serviceWorker.ready.then(() => true)")
    phone.reload()
    phone.wait_for_function("navigator.serviceWorker.controller !== null")
    expect(phone.locator("[data-stop-work]")).to_have_count(4)

    address = phone.locator("[data-stop-work] [data-map]").first
    expect(address).to_have_attribute("href", re.compile(r"^geo:0,0\?q=\w"))

    phone.context.set_offline(True)
    for left in (3, 2, 1):
        tap(phone, next_button(phone))
        expect(phone.locator("[data-stop-work]")).to_have_count(left)
    expect(phone.get_by_text("Det finns ingen uppkoppling")).to_be_visible()
    phone.reload()
    expect(phone.locator("[data-stop-work]")).to_have_count(1)
    assert Stop.objects.exclude(state="planned").count() == 0

    phone.context.set_offline(False)
    expect(phone.get_by_text("Det finns ingen uppkoppling")).to_be_hidden()
    with phone.expect_response(lambda answer: answer.request.method == "POST"):
        tap(phone, next_button(phone))
    expect(phone.locator("[data-stop-work]")).to_have_count(0)
    phone.reload()
    expect(phone.get_by_text("4 av 4 stopp klara")).to_be_visible()
    assert Handover.objects.count() == 2


def test_taps_are_sent_soon_though_the_first_try_came_too_early(phone, tour):
    phone.goto(f"/kor/{tour.token}/")
    held, answered = [], []
    phone.route("**/kor/**", lambda route: held.append(route), times=1)
    with phone.expect_request(lambda request: request.method == "POST"):
        tap(phone, next_button(phone))
    # What comes while a try is under way, which then fails, is not forgotten.
    tap(phone, next_button(phone))
    phone.evaluate("dispatchEvent(new Event('online'))")

    def both(answer):
        answered.extend([answer] if answer.request.method == "POST" else [])
        return len(answered) == 2

    with phone.expect_response(both, timeout=20_000):
        held[0].abort()
    phone.reload()
    expect(phone.get_by_text("2 av 4 stopp klara")).to_be_visible()


def test_a_coordinator_sees_the_plan_when_the_job_has_made_it(phone, tour, sign_in_browser):
    run = tour.run
    Run.objects.filter(pk=run.pk).update(planning=Run.Planning.WAITING)
    Stop.objects.update(tour=None, position=None, planned_at=None)
    coordinator = give(
        UserFactory(), "coordinator", municipalities=[run.round.carrier.municipality]
    )
    sign_in_browser(phone, coordinator)

    phone.goto(f"/admin/transport/{run.pk}/")
    expect(phone.get_by_text("Dagen planeras, det tar några sekunder")).to_be_visible()
    expect(phone.get_by_role("heading", name="Inte planerat än")).to_be_visible()
    make_plan(run)

    expect(phone.get_by_role("row").nth(4)).to_be_visible()
    expect(phone.get_by_role("heading", name="Inte planerat än")).to_be_hidden()
    expect(phone.get_by_text("Dagen planeras")).to_be_hidden()
