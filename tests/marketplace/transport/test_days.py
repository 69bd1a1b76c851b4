"""A coordinator plans a day, changes it, locks it, and moves it when something comes between."""

import json
from datetime import date, datetime, time, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import BytesIO
from threading import Thread

import pytest
from django.test import TestCase
from django.utils import timezone
from post_office.models import Email
from pypdf import PdfReader

from marketplace.exchange.pickups.models import PickupTime
from marketplace.exchange.reservations.services import cancel_reservation
from marketplace.notifications.delivery import write_mail
from marketplace.notifications.models import Notification
from marketplace.transport.distances import distances
from marketplace.transport.errors import DoesNotFit
from marketplace.transport.models import Run, Shipment, Stop
from marketplace.transport.plans import make_plan, move_stop
from tests.factories import (
    CompanyFactory,
    ListingFactory,
    MembershipFactory,
    MunicipalityFactory,
    SchoolFactory,
    UserFactory,
    give,
)
from tests.marketplace.transport.conftest import booked

BACKEND = "django.contrib.auth.backends.ModelBackend"
TUESDAY = date(2026, 12, 8)


@pytest.fixture
def coordinator(client, town):
    client.force_login(town.coordinator, backend=BACKEND)
    return client


def act(client, run, action, **data):
    with TestCase.captureOnCommitCallbacks(execute=True):
        response = client.post(f"/admin/transport/{run.pk}/{action}/", data)
    assert response.status_code == 302
    run.refresh_from_db()
    return client.get(f"/admin/transport/{run.pk}/").content.decode()


def three_on_tuesday(town):
    receivers = [town.preschool]
    for number in (1, 2):
        school = SchoolFactory(
            municipality=town.here, latitude=56 + number / 10, longitude=13 - number / 20
        )
        MembershipFactory(organisation=school)
        receivers.append(school)
    return [booked(town, receiver=receiver) for receiver in receivers]


def order(run):
    return [(stop.tour.number, stop.position, stop.type) for stop in run.stops.in_order()]


def test_the_list_says_how_many_stops_and_kilograms(coordinator, town):
    three_on_tuesday(town)

    page = coordinator.get("/admin/transport/").content.decode()

    assert "Tisdag 8 december" in page
    assert "6 stopp, 72 kg" in page


def test_plan_makes_an_order_with_times_and_kilometres(coordinator, town):
    three_on_tuesday(town)
    run = Run.objects.get()

    act(coordinator, run, "plan")

    stops = list(run.stops.in_order())
    assert [stop.position for stop in stops] == list(range(1, 7))
    assert all(stop.planned_at.date() == TUESDAY for stop in stops)
    assert stops == sorted(stops, key=lambda stop: stop.planned_at)
    assert run.tours.get().metres > 0
    for shipment in Shipment.objects.all():
        fetch, leave = shipment.stops.order_by("type")
        assert fetch.planned_at < leave.planned_at


def test_the_hours_of_giver_and_receiver_are_kept(town):
    PickupTime.objects.create(organisation=town.company, weekday=1, starts=time(10), ends=time(11))
    booked(town, receives_from=time(13), receives_until=time(14))
    run = Run.objects.get()

    make_plan(run)

    fetch, leave = (
        timezone.localtime(each.planned_at).time() for each in run.stops.order_by("type")
    )
    assert time(10) <= fetch <= time(11)
    assert time(13) <= leave <= time(14)


def test_what_does_not_fit_is_said_and_goes_to_the_next_round(coordinator, town):
    fits = booked(town)
    late = booked(
        town,
        receiver=SchoolFactory(municipality=town.here),
        receives_from=time(18),
        receives_until=time(19),
    )
    run = fits.shipment.run

    act(coordinator, run, "plan")

    late.shipment.refresh_from_db()
    page = coordinator.get(f"/admin/transport/{run.pk}/").content.decode()
    assert "1 sändning fick inte plats" in page
    assert late.shipment.run.date == TUESDAY + timedelta(weeks=1)
    assert fits.shipment.run.date == TUESDAY


def test_who_does_not_fit_is_told_the_new_day(town):
    town.round.capacity_kg = 24
    reservation = booked(town)
    Shipment.objects.update(receives_from=time(18), receives_until=time(19))

    make_plan(reservation.shipment.run)

    told = Notification.objects.filter(type="transport_moved")
    assert {each.user for each in told} == {town.seller, town.teacher}


def test_stops_are_moved_by_hand_as_far_as_they_fit(coordinator, town):
    three_on_tuesday(town)
    run = Run.objects.get()
    act(coordinator, run, "plan")
    first, second = run.stops.in_order()[:2]

    act(coordinator, run, "move", stop=first.pk, vehicle=1, steps=1)

    moved = list(run.stops.in_order()[:2])
    if second.shipment_id != first.shipment_id:
        assert [stop.pk for stop in moved] == [second.pk, first.pk]
    leave = run.stops.filter(type="leave").in_order().first()
    with pytest.raises(DoesNotFit):
        move_stop(stop=leave, vehicle=1, by_steps=-10)


def test_a_stop_takes_its_partner_along_to_another_vehicle(coordinator, town):
    town.round.vehicles = 2
    town.round.save()
    three_on_tuesday(town)
    run = Run.objects.get()
    act(coordinator, run, "plan")
    stop = run.stops.in_order().first()
    other = 2 if stop.tour.number == 1 else 1

    act(coordinator, run, "move", stop=stop.pk, vehicle=other)

    assert {each.tour.number for each in stop.shipment.stops.all()} == {other}


def test_locking_promises_the_times_to_both_sides_with_a_calendar_entry(coordinator, town):
    reservation = booked(town)
    run = Run.objects.get()
    act(coordinator, run, "plan")

    act(coordinator, run, "lock")

    told = Notification.objects.filter(type="transport_planned")
    assert {each.user for each in told} == {town.seller, town.teacher}
    reservation.refresh_from_db()
    assert reservation.pickup_agreed_at
    assert reservation.calendar_entry.starts_at == Stop.objects.get(type="fetch").promised_from
    page = act(coordinator, run, "move", stop=run.stops.first().pk, vehicle=1, steps=1)
    assert "Planen är låst" in page


def test_planning_again_after_a_cancellation_keeps_what_was_promised(coordinator, town):
    reservations = three_on_tuesday(town)
    run = Run.objects.get()
    act(coordinator, run, "plan")
    act(coordinator, run, "lock")
    promised = {
        stop.pk: (stop.promised_from, stop.promised_until)
        for stop in run.stops.exclude(shipment=reservations[0].shipment)
    }

    cancel_reservation(reservation=reservations[0], by=town.teacher)
    told = Notification.objects.get(type="transport_taken_off")
    assert told.user == town.coordinator
    write_mail(told)
    assert f"/admin/transport/{run.pk}/" in Email.objects.order_by("-pk")[0].message
    act(coordinator, run, "plan")

    assert run.stops.count() == 4
    for stop in run.stops.all():
        assert (stop.promised_from, stop.promised_until) == promised[stop.pk]
        assert stop.promised_from <= stop.planned_at <= stop.promised_until


def test_a_cancellation_before_the_day_is_locked_disturbs_nobody(coordinator, town):
    first, second, _third = three_on_tuesday(town)
    act(coordinator, Run.objects.get(), "plan")

    cancel_reservation(reservation=first, by=town.teacher)

    assert not Notification.objects.filter(type="transport_taken_off").exists()
    act(coordinator, Run.objects.get(), "lock")
    cancel_reservation(reservation=second, by=town.seller)
    assert Notification.objects.filter(type="transport_taken_off").count() == 1


def test_one_button_moves_the_day_and_everybody_is_told_once(coordinator, town):
    booked(town)
    booked(town, listing=ListingFactory(organisation=town.company, carry_class="bag"))
    run = Run.objects.get()
    act(coordinator, run, "plan")
    act(coordinator, run, "lock")

    act(coordinator, run, "call_off")
    act(coordinator, run, "call_off")

    days = set(Shipment.objects.values_list("run__date", flat=True))
    assert days == {TUESDAY + timedelta(weeks=1)}
    told = Notification.objects.filter(type="transport_moved").values_list("user", flat=True)
    assert sorted(told) == sorted([town.seller.pk, town.teacher.pk])


def test_a_late_vehicle_tells_everybody_and_moves_the_promised_times(coordinator, town):
    booked(town)
    run = Run.objects.get()
    act(coordinator, run, "plan")
    act(coordinator, run, "lock")
    before = run.stops.get(type="leave").promised_from

    act(coordinator, run, "delay", minutes="30")

    assert run.stops.get(type="leave").promised_from == before + timedelta(minutes=30)
    told = Notification.objects.filter(type="transport_delayed")
    assert {each.user for each in told} == {town.seller, town.teacher}


def test_the_list_is_printed_with_addresses_but_without_the_note_for_the_driver(coordinator, town):
    booked(town)
    run = Run.objects.get()
    act(coordinator, run, "plan")

    response = coordinator.get(f"/admin/transport/{run.pk}/lista.pdf")

    text = "".join(page.extract_text() for page in PdfReader(BytesIO(response.content)).pages)
    assert "Ängsvägen 3" in text
    assert "Bakdörren" not in text


def test_a_coordinator_elsewhere_sees_none_of_it(client, town):
    booked(town)
    run = Run.objects.get()
    stranger = UserFactory()
    give(stranger, "coordinator", municipalities=[MunicipalityFactory()])
    client.force_login(stranger, backend=BACKEND)

    assert "Tisdag 8 december" not in client.get("/admin/transport/").content.decode()
    assert client.get(f"/admin/transport/{run.pk}/").status_code == 404
    assert client.post(f"/admin/transport/{run.pk}/plan/").status_code == 404


def test_who_plans_sees_where_the_round_goes_also_in_another_municipality(coordinator, town):
    elsewhere = CompanyFactory(name="Grannbolaget AB")
    town.round.areas.add(elsewhere.municipality)
    MembershipFactory(organisation=elsewhere, user=town.seller)
    booked(town, listing=ListingFactory(organisation=elsewhere, carry_class="bag"))

    page = coordinator.get(f"/admin/transport/{Run.objects.get().pk}/").content.decode()

    assert "Ängens förskola" in page
    assert "Grannbolaget AB" in page
    assert "en organisation i" not in page


# --- Distances ------------------------------------------------------------------------------------


class Osrm(BaseHTTPRequestHandler):
    answer: dict = {}

    def do_GET(self):
        body = json.dumps(self.answer).encode()
        self.send_response(200)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


@pytest.fixture
def osrm(settings):
    server = HTTPServer(("127.0.0.1", 0), Osrm)
    Thread(target=server.serve_forever, daemon=True).start()
    settings.OSRM_URL = f"http://127.0.0.1:{server.server_port}"
    yield Osrm
    server.shutdown()
    server.server_close()


def test_distances_are_by_road_where_a_server_answers(osrm):
    osrm.answer = {"distances": [[0, 1200.4], [1300, 0]], "durations": [[0, 90], [95.2, 0]]}

    table = distances([(56.0, 12.7), (56.1, 12.8)])

    assert (table.metres, table.seconds) == ([[0, 1201], [1300, 0]], [[0, 90], [96, 0]])
    assert table.by_roads


@pytest.mark.parametrize(
    "answer", [{}, {"distances": [[0]], "durations": [[0]]}, {"distances": None}]
)
def test_a_server_that_answers_something_else_is_not_believed(osrm, answer):
    osrm.answer = answer

    table = distances([(56.0, 12.7), (56.1, 12.8)])

    assert not table.by_roads
    assert 15_000 < table.metres[0][1] < 20_000


def test_a_longer_detour_is_a_longer_way(settings):
    settings.TRANSPORT_DETOUR_FACTOR = 1
    straight = distances([(56.0, 12.7), (56.1, 12.8)]).metres[0][1]

    settings.TRANSPORT_DETOUR_FACTOR = 2

    assert abs(distances([(56.0, 12.7), (56.1, 12.8)]).metres[0][1] - 2 * straight) <= 2


def test_a_plan_reads_the_clock_of_the_wall(town):
    booked(town, receives_from=time(9), receives_until=time(10))
    run = Run.objects.get()

    make_plan(run)

    leave = timezone.localtime(run.stops.get(type="leave").planned_at)
    assert datetime.combine(TUESDAY, time(9)) <= leave.replace(tzinfo=None)
    assert leave.replace(tzinfo=None) <= datetime.combine(TUESDAY, time(10))
