"""A driver without an account says what happened, also after a while without a connection."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from marketplace.exchange.handovers.models import Handover
from marketplace.exchange.reservations.models import Reservation
from marketplace.impact import figures
from marketplace.listings.photos.models import PhotoUpload
from marketplace.notifications.models import Notification
from marketplace.transport.models import Drive, Run, Shipment, Stop
from marketplace.transport.plans import make_plan
from portal.foundation.audit.models import AuditEvent
from portal.foundation.images.models import CustomImage
from tests.factories import ListingFactory, SchoolFactory, picture_bytes
from tests.marketplace.transport.conftest import TUESDAY, booked

BACKEND = "django.contrib.auth.backends.ModelBackend"
JSON = {"HTTP_ACCEPT": "application/json"}


@pytest.fixture
def tour(town, friday):
    """A planned Tuesday, which has come."""
    booked(town)
    run = Run.objects.get()
    make_plan(run)
    friday.move_to(TUESDAY)
    return run.tours.get()


def tap(client, tour, kind, outcome, *, key="", **data):
    stop = tour.stops.get(type=kind)
    values = {"outcome": outcome, "key": key or f"stop-{stop.pk}-0", "at": "2026-12-08T09:30:00Z"}
    return client.post(f"/en/kor/{tour.token}/{stop.pk}/", values | data, **JSON)


def test_the_page_has_the_day_s_stops_with_addresses_and_the_note(client, tour):
    page = client.get(f"/en/kor/{tour.token}/").content.decode()

    assert "Ängens förskola" in page
    assert "Ängsvägen 3" in page
    assert "Bakdörren" in page
    assert "0435-123 45" in page


def test_the_driver_reads_how_to_get_at_it_and_the_weight_once(client, town, friday):
    listing = ListingFactory(
        organisation=town.company, pickup_access="Lastkajen på gaveln", stock__unit="kg"
    )
    booked(town, listing=listing)
    run = Run.objects.get()
    make_plan(run)
    friday.move_to(TUESDAY)

    page = client.get(f"/en/kor/{run.tours.get().token}/").content.decode()

    assert "Lastkajen på gaveln" in page
    assert "Tuesday 8 December" in page
    assert "</strong>, " not in page


@pytest.mark.parametrize("days", [-1, 1])
def test_on_another_day_it_shows_no_address(client, tour, friday, days):
    friday.shift(timedelta(days=days))

    response = client.get(f"/en/kor/{tour.token}/")

    assert response.status_code == 200
    assert "The list of another day" in response.content.decode()
    for secret in ("Ängens förskola", "Ängsvägen", "Bakdörren", "0435"):
        assert secret not in response.content.decode()


@pytest.mark.parametrize("days", [-1, 1])
def test_nor_does_an_answer_to_a_tap_that_cannot_be_read(client, tour, friday, days):
    friday.shift(timedelta(days=days))
    stop = tour.stops.get(type="fetch")

    response = client.post(f"/en/kor/{tour.token}/{stop.pk}/", {"outcome": "nonsense"})

    assert response.status_code == 422
    for secret in ("Ängens förskola", "Ängsvägen", "Bakdörren", "0435"):
        assert secret not in response.content.decode()


def test_nothing_happens_before_the_day_has_come(client, tour, friday):
    friday.shift(timedelta(days=-1))

    answer = tap(client, tour, "fetch", "fetched")

    assert answer.status_code == 409
    assert "another day" in answer.json()["error"]
    assert Stop.objects.filter(state="planned").count() == 2


def test_the_link_ends_and_can_be_taken_back(client, tour, friday, town):
    assert client.get(f"/en/kor/{tour.token}/").status_code == 200

    client.force_login(town.coordinator, backend=BACKEND)
    client.post(f"/admin/transport/{tour.run_id}/take_link/", {"vehicle": "1"})
    client.logout()

    assert client.get(f"/en/kor/{tour.token}/").status_code == 410
    assert tap(client, tour, "fetch", "fetched").status_code == 410
    assert client.get("/en/kor/something-else/").status_code == 410
    assert Stop.objects.filter(state="planned").count() == 2


def test_a_new_link_is_another_one(client, tour, town):
    client.force_login(town.coordinator, backend=BACKEND)
    client.post(f"/admin/transport/{tour.run_id}/take_link/", {"vehicle": "1"})

    client.post(f"/admin/transport/{tour.run_id}/give_link/", {"vehicle": "1"})

    old = tour.token
    tour.refresh_from_db()
    assert tour.token != old
    assert client.get(f"/en/kor/{tour.token}/").status_code == 200
    assert client.get(f"/en/kor/{old}/").status_code == 410
    events = AuditEvent.objects.filter(target_type="marketplace.tour", target_id=str(tour.pk))
    assert [(each.type, each.actor) for each in events] == [
        ("access_given", town.coordinator.pk),
        ("access_taken", town.coordinator.pk),
    ]


def test_left_makes_the_row_of_the_ledger_with_what_was_weighed_and_the_kilometres(
    client, tour, town
):
    assert tap(client, tour, "fetch", "fetched", mass_kg="25").status_code == 200
    assert tap(client, tour, "leave", "left", mass_kg="23,5").status_code == 200

    handover = Handover.objects.get()
    assert (handover.mass_kg, handover.quantity, handover.is_weighed) == (
        Decimal("23.500"),
        Decimal(3),
        True,
    )
    assert handover.handed_over_on == date(2026, 12, 8)
    assert Reservation.objects.get().state == Reservation.State.COLLECTED
    drive = Drive.objects.get()
    assert drive.km == tour.kilometres > 0
    assert (drive.kgco2e_per_km, drive.factor_source) == (Decimal("0.2"), "Test source")
    told = Notification.objects.filter(type="transport_left")
    assert {each.user for each in told} == {town.seller, town.teacher}


def test_the_receiver_is_asked_afterwards_whether_it_would_have_been_bought(client, tour, town):
    tap(client, tour, "fetch", "fetched")
    tap(client, tour, "leave", "left")
    reservation = Reservation.objects.get()
    before = figures.climate(figures.handovers())
    address = f"/en/mitt/bokningar/{reservation.pk}/"
    client.force_login(town.seller, backend=BACKEND)
    assert "Would you otherwise" not in client.get(address).content.decode()
    assert client.post(f"{address}svar/", {"bought-would_have_bought": "yes"}).status_code == 403

    client.force_login(town.teacher, backend=BACKEND)
    assert "Would you otherwise" in client.get(address).content.decode()
    client.post(f"{address}svar/", {"bought-would_have_bought": "yes"})
    again = client.post(f"{address}svar/", {"bought-would_have_bought": "no"})

    assert again.status_code == 409
    handover = Handover.objects.standing().get()
    assert handover.would_have_bought == "yes"
    assert handover.purchase_avoided_sek == handover.value_sek
    after = figures.climate(figures.handovers())
    assert (after.gross, after.km, after.transport) == (before.gross, before.km, before.transport)
    assert after.net > before.net
    assert "Would you otherwise" not in client.get(address).content.decode()


def test_without_scales_the_listing_s_weight_counts(client, tour):
    tap(client, tour, "fetch", "fetched")
    tap(client, tour, "leave", "left")

    handover = Handover.objects.get()
    assert (handover.mass_kg, handover.is_weighed) == (Decimal(24), False)


def test_the_same_tap_sent_again_counts_once(client, tour):
    for _attempt in range(2):
        assert tap(client, tour, "fetch", "fetched").status_code == 200
    for _attempt in range(3):
        assert tap(client, tour, "leave", "left").json()["state"] == "left"

    assert Handover.objects.count() == 1


def test_a_phone_that_was_away_catches_up_the_day_after_but_not_for_ever(client, tour, friday):
    friday.shift(timedelta(days=1))
    assert tap(client, tour, "fetch", "fetched").status_code == 200
    assert Stop.objects.get(type="fetch").happened_at.date() == date(2026, 12, 8)

    friday.shift(timedelta(days=2))

    assert tap(client, tour, "leave", "left").status_code == 410
    assert not Handover.objects.exists()


def test_nothing_is_left_that_was_not_fetched(client, tour):
    response = tap(client, tour, "leave", "left")

    assert response.status_code == 409
    assert "fetched" in response.json()["error"]
    assert not Handover.objects.exists()


def test_nobody_there_moves_it_and_tells_both_sides_and_the_coordinator(client, tour, town):
    response = tap(client, tour, "fetch", "nobody")

    assert response.status_code == 200
    shipment = Shipment.objects.get()
    assert shipment.run.date == date(2026, 12, 15)
    told = set(Notification.objects.filter(type="transport_nobody").values_list("user", flat=True))
    assert told == {town.seller.pk, town.teacher.pk, town.coordinator.pk}
    assert tour.stops.count() == 0


def test_what_could_not_be_left_stays_on_board_until_the_next_round(client, tour, friday):
    tap(client, tour, "fetch", "fetched")
    leave = tour.stops.get(type="leave")
    tap(client, tour, "leave", "nobody")
    shipment = Shipment.objects.get()
    assert (shipment.state, shipment.run.date) == ("fetched", date(2026, 12, 15))

    make_plan(shipment.run)
    friday.shift(timedelta(days=7))
    next_tour = shipment.run.tours.get()
    assert list(next_tour.stops.all()) == [leave]
    tap(client, next_tour, "leave", "left", key="another-key")

    assert Handover.objects.get().mass_kg == Decimal(24)


def test_without_javascript_the_form_leads_back_to_the_list(client, tour):
    stop = tour.stops.get(type="fetch")

    response = client.post(
        f"/en/kor/{tour.token}/{stop.pk}/",
        {"outcome": "fetched", "key": f"stop-{stop.pk}-0", "quantity": "2"},
        follow=True,
    )

    assert response.redirect_chain == [(f"/en/kor/{tour.token}/", 302)]
    assert "1 of 2 stops done" in response.content.decode()


def test_what_cannot_be_read_is_said_at_the_stop(client, tour):
    stop = tour.stops.get(type="fetch")

    response = client.post(
        f"/en/kor/{tour.token}/{stop.pk}/",
        {"outcome": "fetched", "key": f"stop-{stop.pk}-0", "mass_kg": "tung"},
    )

    assert response.status_code == 422
    assert "Write a number, such as 3 or 1,5." in response.content.decode()
    assert Stop.objects.filter(state="planned").count() == 2


def test_a_photo_belongs_to_the_stop_and_is_seen_by_both_sides_only(client, tour, town):
    photo = SimpleUploadedFile("a.jpg", picture_bytes(), "image/jpeg")
    tap(client, tour, "fetch", "fetched", photo=photo)
    image = Stop.objects.get(type="fetch").photo
    assert image
    url = image.file.url

    assert client.get(url).status_code in (403, 404)
    client.force_login(town.teacher, backend=BACKEND)
    assert client.get(url).status_code == 200


def test_a_photo_of_what_is_refused_or_sent_again_is_not_kept(client, tour):
    def photo():
        return SimpleUploadedFile("a.jpg", picture_bytes(), "image/jpeg")

    refused = [
        tap(client, tour, "leave", "left", photo=photo()),
        tap(client, tour, "fetch", "fetched", mass_kg="tung", photo=photo()),
        tap(client, tour, "fetch", "fetched", photo=SimpleUploadedFile("a.jpg", b"no picture")),
    ]
    assert [each.status_code for each in refused] == [409, 422, 422]
    assert not CustomImage.objects.exists()

    for _time in range(2):
        assert tap(client, tour, "fetch", "fetched", photo=photo()).status_code == 200

    assert CustomImage.objects.get() == tour.stops.get(type="fetch").photo
    assert not PhotoUpload.objects.exists()


def test_a_stop_of_another_vehicle_is_not_reached_with_this_link(client, tour, town, friday):
    friday.move_to("2026-12-04T10:00:00+01:00")
    town.round.pk = None
    other = booked(town, receiver=SchoolFactory(municipality=town.here))
    stop = other.shipment.stops.first()
    friday.move_to(TUESDAY)

    response = client.post(
        f"/en/kor/{tour.token}/{stop.pk}/", {"outcome": "fetched", "key": "12345678"}, **JSON
    )

    assert response.status_code == 404


def test_kilograms_on_the_round_are_those_in_the_ledger_and_kilometres_those_driven(
    client, town, friday
):
    for number in range(3):
        booked(
            town,
            receiver=SchoolFactory(municipality=town.here, latitude=56 + number / 9, longitude=13),
        )
    run = Run.objects.get()
    make_plan(run)
    friday.move_to(TUESDAY)
    tour = run.tours.get()

    for stop in tour.stops.order_by("position"):
        outcome = "fetched" if stop.type == "fetch" else "left"
        client.post(
            f"/en/kor/{tour.token}/{stop.pk}/",
            {"outcome": outcome, "key": f"stop-{stop.pk}-0"},
            **JSON,
        )

    carried = sum(shipment.load.kg for shipment in Shipment.objects.with_parties())
    assert carried == Handover.objects.totals()["mass_kg"] == Decimal(72)
    assert sum(drive.km for drive in Drive.objects.all()) == tour.kilometres
