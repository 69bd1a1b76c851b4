"""Who may do what with a reservation, and that no service acts on one that is over."""

from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from marketplace.exchange.errors import PickupInThePast, QuantityNotPositive
from marketplace.exchange.handovers.models import Handover
from marketplace.exchange.handovers.permissions import can_correct_handover
from marketplace.exchange.handovers.services import (
    confirm_handover,
    correct_handover,
    estimated_mass,
    record_delivery,
)
from marketplace.exchange.reservations import permissions, services
from marketplace.exchange.reservations.models import Reservation
from marketplace.notifications.models import Notification
from marketplace.review.errors import WrongState
from marketplace.roles.models import Role
from tests.factories import (
    MembershipFactory,
    MunicipalityFactory,
    ReservationFactory,
    SchoolFactory,
    UserFactory,
    give,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def between():
    """A reservation with somebody of each kind, and another that has nothing to do with it."""
    bystander = ReservationFactory()
    reservation = ReservationFactory(organisation=SchoolFactory(municipality=MunicipalityFactory()))
    giver, receiver = reservation.giver, reservation.organisation

    def coordinator(municipality):
        return give(UserFactory(), Role.COORDINATOR, municipalities=[municipality])

    people = {
        "giver": MembershipFactory(organisation=giver).user,
        "receiver": MembershipFactory(organisation=receiver).user,
        "stranger": MembershipFactory(organisation=SchoolFactory()).user,
        "editor": give(UserFactory(), Role.EDITOR),
        "coordinator of the giver": coordinator(giver.municipality),
        "coordinator of the receiver": coordinator(receiver.municipality),
        "visitor": AnonymousUser(),
    }
    return SimpleNamespace(reservation=reservation, people=people, bystander=bystander)


@pytest.mark.parametrize(
    ("may", "who"),
    [
        (permissions.can_see_reservation, {"giver", "receiver"}),
        (permissions.can_answer, {"giver"}),
        (permissions.can_cancel, {"giver", "receiver"}),
        (permissions.can_prolong, {"receiver"}),
        (permissions.can_write_message, {"giver", "receiver"}),
        (permissions.can_leave_note, {"giver", "receiver"}),
        (permissions.can_propose_pickup, {"giver", "receiver"}),
        (permissions.can_say_bought, {"receiver"}),
        (permissions.can_confirm_handover, {"giver", "receiver"}),
    ],
)
def test_who_may(between, may, who):
    people = between.people.items()

    assert {name for name, person in people if may(person, between.reservation)} == who


def test_the_ledger_is_corrected_where_it_counts(between):
    reservation, people = between.reservation, between.people
    services.accept_reservation(reservation=reservation, by=people["giver"])
    handover = confirm_handover(
        reservation=reservation, by=people["giver"], quantity=2, would_have_bought="yes"
    )

    assert {name for name, person in people.items() if can_correct_handover(person, handover)} == {
        "editor",
        "coordinator of the receiver",
    }


SERVICES = {
    "accept": lambda row, people: services.accept_reservation(reservation=row, by=people["giver"]),
    "decline": lambda row, people: services.decline_reservation(
        reservation=row, by=people["giver"]
    ),
    "cancel": lambda row, people: services.cancel_reservation(
        reservation=row, by=people["receiver"]
    ),
    "prolong": lambda row, people: services.prolong_reservation(
        reservation=row, by=people["receiver"]
    ),
    "propose": lambda row, people: services.propose_pickup(
        reservation=row, by=people["giver"], pickup_at=timezone.now() + timedelta(days=2)
    ),
    "agree": lambda row, people: services.agree_pickup(reservation=row, by=people["receiver"]),
    "confirm": lambda row, people: confirm_handover(
        reservation=row, by=people["receiver"], quantity=2, would_have_bought="no"
    ),
    "deliver": lambda row, people: record_delivery(reservation=row),
}
# What has to have happened before each of them.
BEFORE = {"confirm": ["accept"], "deliver": ["accept"], "agree": ["propose"]}
# Who is told of it, and as what. A delivery is told of by the driver's page.
TOLD = {
    "accept": ("receiver", "reservation_accepted"),
    "decline": ("receiver", "reservation_declined"),
    "cancel": ("giver", "reservation_cancelled"),
    "prolong": ("giver", "reservation_prolonged"),
    "propose": ("receiver", "pickup_proposed"),
    "confirm": ("giver", "handover_confirmed"),
}


@pytest.mark.parametrize("service", SERVICES)
def test_no_service_acts_on_what_is_over(between, service):
    over = Reservation.objects.get(pk=between.reservation.pk)
    SERVICES["cancel"](over, between.people)

    with pytest.raises(WrongState):
        SERVICES[service](over, between.people)

    over.refresh_from_db()
    assert over.state == Reservation.State.CANCELLED
    stock = over.listing.stock
    stock.refresh_from_db()
    assert (stock.reserved, stock.collected) == (0, 0)


@pytest.mark.parametrize("service", SERVICES)
def test_each_service_acts_on_what_is_open(between, service):
    for step in [*BEFORE.get(service, []), service]:
        SERVICES[step](between.reservation, between.people)

    row = Reservation.objects.get(pk=between.reservation.pk)
    assert {
        "accept": row.state == Reservation.State.ACCEPTED,
        "decline": row.state == Reservation.State.DECLINED,
        "cancel": row.state == Reservation.State.CANCELLED,
        "prolong": row.prolonged_at is not None,
        "propose": row.pickup_at is not None and row.pickup_agreed_at is None,
        "agree": row.pickup_agreed_at is not None,
        "confirm": row.state == Reservation.State.COLLECTED,
        "deliver": row.state == Reservation.State.COLLECTED,
    }[service]
    bystander = Reservation.objects.get(pk=between.bystander.pk)
    assert (bystander.state, bystander.pickup_at) == (Reservation.State.REQUESTED, None)
    assert bystander.listing.stock.reserved == bystander.listing.stock.collected == 0


@pytest.mark.parametrize("service", TOLD)
def test_the_other_side_is_told_once(between, service):
    for step in BEFORE.get(service, []):
        SERVICES[step](between.reservation, between.people)
    SERVICES[service](between.reservation, between.people)

    who, type = TOLD[service]
    told = Notification.objects.filter(type=type)
    assert [each.user for each in told] == [between.people[who]]


def test_a_request_is_told_to_the_giver_only(between):
    receiver = between.people["receiver"]
    services.decline_reservation(reservation=between.reservation, by=between.people["giver"])

    services.request_reservation(
        listing=between.reservation.listing,
        organisation=between.reservation.organisation,
        by=receiver,
        quantity=Decimal(1),
    )

    told = Notification.objects.filter(type="reservation_requested")
    assert [each.user for each in told] == [between.people["giver"]]


@pytest.mark.parametrize(("quantity", "mass_kg"), [("-0.5", "1"), ("1", "-0.5")])
def test_no_correction_is_below_nothing(between, quantity, mass_kg):
    reservation, giver = between.reservation, between.people["giver"]
    services.accept_reservation(reservation=reservation, by=giver)
    handover = confirm_handover(
        reservation=reservation, by=giver, quantity=2, would_have_bought="yes"
    )
    assert not handover.is_weighed

    def correct(quantity, mass_kg):
        return correct_handover(
            handover=handover,
            by=giver,
            reason="Fel",
            quantity=Decimal(quantity),
            mass_kg=Decimal(mass_kg),
        )

    with pytest.raises(QuantityNotPositive):
        correct(quantity, mass_kg)
    assert Handover.objects.count() == 1

    assert correct("1", "1").mass_kg == 1


def test_an_agreed_pickup_is_told_to_both_sides(between):
    for step in ("propose", "agree"):
        SERVICES[step](between.reservation, between.people)

    told = Notification.objects.filter(type="pickup_agreed")
    assert {each.user for each in told} == {between.people[who] for who in ("giver", "receiver")}


def test_nothing_is_picked_up_in_the_past(between):
    reservation, giver = between.reservation, between.people["giver"]
    past = timezone.now() - timedelta(minutes=1)

    for service in (services.propose_pickup, services.accept_reservation):
        with pytest.raises(PickupInThePast):
            service(reservation=reservation, by=giver, pickup_at=past)
    assert Reservation.objects.get(pk=reservation.pk).pickup_at is None

    ahead = timezone.now() + timedelta(minutes=1)
    services.accept_reservation(reservation=reservation, by=giver, pickup_at=ahead)
    assert Reservation.objects.get(pk=reservation.pk).pickup_at == ahead


def test_a_message_reaches_the_other_side_as_it_was_written(between):
    teacher = between.people["receiver"]
    services.post_message(reservation=between.reservation, by=teacher, text="Vi kommer tio.")

    written = between.reservation.messages.get()
    assert (written.text, written.author) == ("Vi kommer tio.", teacher)
    assert written.organisation == between.reservation.organisation
    (told,) = Notification.objects.filter(type="message")
    assert told.user == between.people["giver"]


@pytest.mark.parametrize(
    ("quantity", "kg_per_unit", "mass_kg"),
    [("3", "0.25", "0.75"), ("4", "0.0001", "0.001"), ("1", "0.0015", "0.002")],
)
def test_what_nobody_weighs_has_the_mass_of_its_units_and_at_least_a_gram(
    quantity, kg_per_unit, mass_kg
):
    assert estimated_mass(Decimal(quantity), Decimal(kg_per_unit)) == Decimal(mass_kg)
