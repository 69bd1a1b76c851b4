from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from marketplace.exchange.errors import (
    AlreadyAsked,
    AlreadyProlonged,
    BelowSmallestPart,
    ListingNotAvailable,
    MoreThanAsked,
    MustTakeAll,
    NotAReceiver,
    NotEnoughLeft,
    PickupInThePast,
    QuantityNotPositive,
)
from marketplace.exchange.reservations.deadlines import (
    ask_about_uncollected,
    expire_reservations,
    remind_unanswered,
)
from marketplace.exchange.reservations.models import Reservation
from marketplace.exchange.reservations.services import (
    accept_reservation,
    agree_pickup,
    cancel_reservation,
    decline_reservation,
    post_message,
    prolong_reservation,
    request_reservation,
)
from marketplace.exchange.stock.models import Stock
from marketplace.listings.models import MaterialListing
from marketplace.notifications.models import Notification
from marketplace.review.errors import WrongState
from tests.factories import (
    CompanyFactory,
    ListingFactory,
    MembershipFactory,
    ReservationFactory,
    SchoolFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

TOMORROW = timezone.now() + timedelta(days=1)


def ask(listing, quantity=2, school=None, **kwargs):
    return request_reservation(
        listing=listing,
        organisation=school or SchoolFactory(),
        by=UserFactory(),
        quantity=Decimal(quantity),
        **kwargs,
    )


def stock_of(listing):
    return Stock.objects.get(listing=listing)


def told(user):
    return list(Notification.objects.filter(user=user).values_list("type", flat=True))


# --- Asking


def test_asking_promises_nothing():
    listing = ListingFactory()

    ask(listing, 10)

    assert stock_of(listing).left == 10


@pytest.mark.parametrize(
    ("quantity", "error"),
    [
        ("0", QuantityNotPositive),
        ("-1", QuantityNotPositive),
        ("0.0001", QuantityNotPositive),
        ("10.001", NotEnoughLeft),
        ("99999999", NotEnoughLeft),
    ],
)
def test_impossible_quantities_are_refused(quantity, error):
    with pytest.raises(error):
        ask(ListingFactory(), quantity)


def test_a_company_asks_for_material_as_a_school_does():
    assert ask(ListingFactory(), school=CompanyFactory()).state == "requested"


def test_a_school_that_is_not_approved_cannot_ask():
    with pytest.raises(NotAReceiver):
        ask(ListingFactory(), school=SchoolFactory(approval="pending"))


def test_a_school_asks_once_at_a_time():
    listing, school = ListingFactory(), SchoolFactory()
    ask(listing, school=school)

    with pytest.raises(AlreadyAsked):
        ask(listing, school=school)


def test_a_school_may_ask_again_after_a_no():
    listing, school = ListingFactory(), SchoolFactory()
    decline_reservation(reservation=ask(listing, school=school), by=UserFactory(), reason="Nej")

    assert ask(listing, school=school).state == "requested"


def test_a_draft_cannot_be_asked_for():
    with pytest.raises(ListingNotAvailable):
        ask(ListingFactory(draft=True))


def test_a_listing_whose_time_is_out_cannot_be_asked_for():
    yesterday = timezone.localdate() - timedelta(days=1)

    with pytest.raises(ListingNotAvailable):
        ask(ListingFactory(available_until=yesterday))


def test_a_whole_listing_is_not_shared():
    with pytest.raises(MustTakeAll):
        ask(ListingFactory(splittable=False), 9)


def test_less_than_the_smallest_part_is_refused():
    with pytest.raises(BelowSmallestPart):
        ask(ListingFactory(smallest_part=3), 2)


def test_the_last_bit_may_be_less_than_the_smallest_part():
    listing = ListingFactory(smallest_part=3, stock__offered=2)

    assert ask(listing, 2).state == "requested"


def test_a_pickup_time_in_the_past_is_refused():
    with pytest.raises(PickupInThePast):
        ask(ListingFactory(), pickup_at=timezone.now() - timedelta(hours=1))


# --- Answering


def test_accepting_promises_the_quantity():
    listing = ListingFactory()

    accept_reservation(reservation=ask(listing, 4), by=UserFactory())

    assert stock_of(listing).left == 6


def test_less_than_asked_may_be_promised():
    listing = ListingFactory()

    accept_reservation(reservation=ask(listing, 4), by=UserFactory(), quantity=1)

    assert stock_of(listing).reserved == 1


def test_more_than_asked_is_not_promised():
    with pytest.raises(MoreThanAsked):
        accept_reservation(reservation=ask(ListingFactory(), 4), by=UserFactory(), quantity=5)


def test_two_schools_are_never_promised_the_same_box():
    listing = ListingFactory()
    first, second = ask(listing, 6), ask(listing, 6)
    accept_reservation(reservation=first, by=UserFactory())

    with pytest.raises(NotEnoughLeft):
        accept_reservation(reservation=second, by=UserFactory())


def test_a_request_is_answered_once():
    reservation = ask(ListingFactory())
    accept_reservation(reservation=reservation, by=UserFactory())

    with pytest.raises(WrongState):
        decline_reservation(reservation=reservation, by=UserFactory(), reason="Nej")


def test_accepting_the_wished_time_agrees_to_it():
    reservation = ask(ListingFactory(), pickup_at=TOMORROW)

    accepted = accept_reservation(reservation=reservation, by=UserFactory())

    assert accepted.pickup_agreed_at


def test_another_time_than_the_wished_is_a_proposal():
    reservation = ask(ListingFactory(), pickup_at=TOMORROW)

    accepted = accept_reservation(
        reservation=reservation, by=UserFactory(), pickup_at=TOMORROW + timedelta(days=1)
    )

    assert (accepted.pickup_agreed_at, accepted.pickup_proposed_by_giver) == (None, True)


def test_the_receiver_agrees_to_a_proposed_time():
    listing = ListingFactory()
    giver = MembershipFactory(organisation=listing.organisation).user
    reservation = accept_reservation(reservation=ask(listing), by=giver, pickup_at=TOMORROW)

    agreed = agree_pickup(reservation=reservation, by=reservation.created_by)

    assert agreed.pickup_agreed_at


def test_nobody_agrees_to_their_own_proposal():
    listing = ListingFactory()
    giver = MembershipFactory(organisation=listing.organisation).user
    reservation = accept_reservation(reservation=ask(listing), by=giver, pickup_at=TOMORROW)

    with pytest.raises(WrongState):
        agree_pickup(reservation=reservation, by=giver)


# --- Cancelling


def test_a_cancelled_promise_is_free_again():
    listing = ListingFactory()
    reservation = accept_reservation(reservation=ask(listing, 10), by=UserFactory())
    assert listing not in MaterialListing.objects.available()

    cancel_reservation(reservation=reservation, by=UserFactory())

    assert listing in MaterialListing.objects.available()


def test_a_cancelled_request_frees_nothing():
    listing = ListingFactory()

    cancel_reservation(reservation=ask(listing, 3), by=UserFactory())

    assert stock_of(listing).reserved == 0


# --- Time


def test_an_unanswered_request_is_reminded_of_once():
    listing = ListingFactory()
    giver = MembershipFactory(organisation=listing.organisation).user
    ReservationFactory(listing=listing, created_at=timezone.now() - timedelta(days=8))

    remind_unanswered()
    remind_unanswered()

    assert told(giver) == ["reservation_reminder"]


def test_a_request_of_six_days_is_not_reminded_of():
    ReservationFactory(created_at=timezone.now() - timedelta(days=6))

    assert remind_unanswered() == 0


def test_an_unanswered_request_ends_after_fourteen_days():
    reservation = ReservationFactory(created_at=timezone.now() - timedelta(days=15))

    expire_reservations()

    reservation.refresh_from_db()
    assert reservation.state == Reservation.State.EXPIRED


def test_a_promise_does_not_end_by_itself():
    reservation = accept_reservation(
        reservation=ReservationFactory(created_at=timezone.now() - timedelta(days=15)),
        by=UserFactory(),
    )

    expire_reservations()

    reservation.refresh_from_db()
    assert reservation.state == Reservation.State.ACCEPTED


def test_both_sides_are_asked_once_about_what_was_not_collected():
    listing = ListingFactory()
    giver = MembershipFactory(organisation=listing.organisation).user
    reservation = accept_reservation(reservation=ReservationFactory(listing=listing), by=giver)
    receiver = MembershipFactory(organisation=reservation.organisation).user
    late = timezone.now() - timedelta(days=15)
    Reservation.objects.update(pickup_at=late, pickup_agreed_at=late)

    ask_about_uncollected()
    ask_about_uncollected()

    assert (told(giver), told(receiver)) == (
        ["reservation_not_collected"],
        ["reservation_not_collected"],
    )


def test_a_prolonged_request_has_two_more_weeks():
    reservation = ReservationFactory(created_at=timezone.now() - timedelta(days=13))
    prolong_reservation(reservation=reservation, by=UserFactory())

    assert expire_reservations(timezone.now() + timedelta(days=14)) == 0
    assert expire_reservations(timezone.now() + timedelta(days=16)) == 1


def test_a_prolonged_promise_is_asked_about_two_weeks_later():
    reservation = accept_reservation(reservation=ReservationFactory(), by=UserFactory())
    prolong_reservation(reservation=reservation, by=UserFactory())

    assert ask_about_uncollected(timezone.now() + timedelta(days=27)) == 0
    assert ask_about_uncollected(timezone.now() + timedelta(days=29)) == 1


def test_a_reservation_is_prolonged_once():
    reservation = ReservationFactory()
    prolong_reservation(reservation=reservation, by=UserFactory())

    with pytest.raises(AlreadyProlonged):
        prolong_reservation(reservation=reservation, by=UserFactory())


# --- Messages and people


def test_the_other_side_is_told_about_a_message():
    listing = ListingFactory()
    giver = MembershipFactory(organisation=listing.organisation).user
    reservation = ReservationFactory(listing=listing)
    teacher = MembershipFactory(organisation=reservation.organisation).user

    post_message(reservation=reservation, by=teacher, text="Finns det fler?")

    assert (told(giver), told(teacher)) == (["message"], [])


def test_deleting_a_user_changes_neither_stock_nor_reservations():
    listing = ListingFactory()
    teacher = UserFactory()
    reservation = request_reservation(
        listing=listing, organisation=SchoolFactory(), by=teacher, quantity=Decimal(3)
    )
    accept_reservation(reservation=reservation, by=UserFactory())

    teacher.delete()

    reservation.refresh_from_db()
    assert (reservation.state, stock_of(listing).reserved) == ("accepted", 3)
