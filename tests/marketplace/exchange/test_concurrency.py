"""Many people at once, on real connections: only PostgreSQL locks rows."""

import random
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from django.contrib.auth import get_user_model
from django.db import connection, connections
from django.db.models import Sum

from marketplace.exchange.errors import ListingNotAvailable, NotEnoughLeft
from marketplace.exchange.handovers.models import Handover
from marketplace.exchange.handovers.services import confirm_handover
from marketplace.exchange.reservations.models import Reservation
from marketplace.exchange.reservations.services import (
    accept_reservation,
    cancel_reservation,
    request_reservation,
)
from marketplace.exchange.stock.models import Stock
from marketplace.exchange.waiting_list.models import WaitingPlace
from marketplace.exchange.waiting_list.services import join_line, leave_line, take_offer
from marketplace.notifications.models import Notification
from marketplace.review.errors import ExchangeError
from tests.factories import (
    ListingFactory,
    MembershipFactory,
    MunicipalityFactory,
    ReservationFactory,
    SchoolFactory,
    UserFactory,
)

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

WORKERS = 16
ATTEMPTS = 200


def at_once(work, inputs):
    """Run `work` for every input on `WORKERS` threads; what was refused comes back as its error."""

    def attempt(each):
        try:
            return work(each)
        except ExchangeError as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(WORKERS) as pool:
        return list(pool.map(attempt, inputs))


def schools(count):
    municipality = MunicipalityFactory()
    return SchoolFactory.create_batch(count, municipality=municipality)


def test_two_hundred_attempts_never_promise_more_than_there_is():
    listing = ListingFactory(stock__offered=100)
    giver = UserFactory()
    dice = random.Random(1)

    def ask_and_accept(school):
        quantity = Decimal(dice.randint(1, 7))
        reservation = request_reservation(
            listing=listing, organisation=school, by=giver, quantity=quantity
        )
        return accept_reservation(reservation=reservation, by=giver)

    outcomes = at_once(ask_and_accept, schools(ATTEMPTS))

    stock = Stock.objects.get(listing=listing)
    promised = Reservation.objects.accepted().aggregate(sum=Sum("accepted_quantity"))["sum"]
    assert stock.reserved == promised <= stock.offered
    assert {type(outcome) for outcome in outcomes} <= {
        Reservation,
        NotEnoughLeft,
        ListingNotAvailable,
    }
    assert stock.left < 7


def test_one_request_is_accepted_by_only_one_of_many_colleagues():
    reservation = ReservationFactory(requested_quantity=Decimal(1))
    giver = UserFactory()

    outcomes = at_once(lambda _: accept_reservation(reservation=reservation, by=giver), range(40))

    assert sum(isinstance(outcome, Reservation) for outcome in outcomes) == 1
    assert Stock.objects.get(listing=reservation.listing).reserved == 1


def test_one_school_asks_once_however_often_the_button_is_pressed():
    listing, school, teacher = ListingFactory(), SchoolFactory(), UserFactory()

    at_once(
        lambda _: request_reservation(
            listing=listing, organisation=school, by=teacher, quantity=Decimal(1)
        ),
        range(40),
    )

    assert Reservation.objects.count() == 1


def test_accepting_cancelling_and_collecting_at_once_keeps_the_books():
    listing = ListingFactory(stock__offered=60)
    giver = UserFactory()
    reservations = [
        ReservationFactory(listing=listing, organisation=school, requested_quantity=Decimal(3))
        for school in schools(40)
    ]

    def live_through(numbered):
        number, reservation = numbered
        accepted = accept_reservation(reservation=reservation, by=giver)
        if number % 3 == 0:
            return cancel_reservation(reservation=accepted, by=giver)
        if number % 3 == 1:
            return confirm_handover(
                reservation=accepted,
                by=giver,
                quantity=Decimal(2),
                mass_kg=Decimal(1),
                would_have_bought="yes",
            )
        return accepted

    at_once(live_through, enumerate(reservations))

    stock = Stock.objects.get(listing=listing)
    promised = Reservation.objects.accepted().aggregate(sum=Sum("accepted_quantity"))["sum"]
    collected = Handover.objects.aggregate(sum=Sum("quantity"))["sum"]
    assert (stock.reserved, stock.collected) == (promised, collected)
    assert stock.left >= 0


def test_a_notification_that_many_workers_pick_up_becomes_one_mail(mailoutbox):
    from marketplace.notifications.tasks import send_notification

    listing = ListingFactory()
    MembershipFactory(organisation=listing.organisation)
    reservation = ReservationFactory(listing=listing)
    user = get_user_model().objects.get()
    notification = Notification.objects.create(
        user=user, type="message", key="once", reservation=reservation, listing=listing
    )

    at_once(lambda _: send_notification.call(notification.pk), range(30))

    assert len(mailoutbox) == 1


def test_what_comes_back_is_taken_once_and_the_books_stay_right():
    listing = ListingFactory(stock__offered=30)
    giver = UserFactory()
    promised = accept_reservation(
        reservation=ReservationFactory(listing=listing, requested_quantity=Decimal(30)), by=giver
    )
    places = [
        join_line(listing=listing, organisation=school, by=giver, quantity=Decimal(4))
        for school in schools(12)
    ]
    cancel_reservation(reservation=promised, by=giver)

    def take_or_leave(numbered):
        number, place = numbered
        if number % 4 == 3:
            return leave_line(place=place)
        return take_offer(place=place, by=giver)

    at_once(take_or_leave, enumerate(places * 3))

    stock = Stock.objects.get(listing=listing)
    held = WaitingPlace.objects.offered().aggregate(sum=Sum("offered_quantity"))["sum"] or 0
    taken = Reservation.objects.accepted().aggregate(sum=Sum("accepted_quantity"))["sum"] or 0
    assert stock.reserved == held + taken
    assert stock.left >= 0


def test_the_rows_are_really_locked():
    assert connection.features.has_select_for_update
