from datetime import timedelta
from decimal import Decimal

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import override

from marketplace.exchange.errors import (
    AlreadyAsked,
    AlreadyInLine,
    ListingNotAvailable,
    NotAReceiver,
    QuantityNotPositive,
)
from marketplace.exchange.handovers.facts import HandoverFacts
from marketplace.exchange.handovers.services import confirm_handover, record_handover
from marketplace.exchange.reservations.models import Reservation
from marketplace.exchange.reservations.services import (
    accept_reservation,
    cancel_reservation,
    decline_reservation,
    request_reservation,
)
from marketplace.exchange.stock.models import Stock
from marketplace.exchange.waiting_list.models import WaitingPlace
from marketplace.exchange.waiting_list.services import (
    expire_offers,
    hold_for,
    join_line,
    leave_line,
    take_offer,
)
from marketplace.notifications.delivery import write_mail
from marketplace.offers.services import set_stock, withdraw_listing
from marketplace.review.errors import WrongState
from tests.factories import (
    ListingFactory,
    MembershipFactory,
    ReservationFactory,
    SchoolFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def listing():
    return ListingFactory(title="Korkmattor")


@pytest.fixture
def promised(listing):
    """All ten pieces are promised to somebody."""
    return accept_reservation(
        reservation=ReservationFactory(listing=listing, requested_quantity=Decimal(10)),
        by=UserFactory(),
    )


def wait(listing, quantity=4, school=None, **said):
    return join_line(
        listing=listing,
        organisation=school or SchoolFactory(),
        by=UserFactory(),
        quantity=Decimal(quantity),
        **said,
    )


def cancel(reservation):
    return cancel_reservation(reservation=reservation, by=UserFactory())


def offered(listing):
    places = WaitingPlace.objects.offered().filter(listing=listing)
    return [int(place.offered_quantity) for place in places]


def left(listing):
    return Stock.objects.get(listing=listing).left


def test_there_is_a_line_when_everything_is_promised(listing, promised):
    assert wait(listing).number == 1


def test_there_is_no_line_while_something_is_left(listing):
    with pytest.raises(ListingNotAvailable):
        wait(listing)


def test_there_is_no_line_when_nothing_can_come_back(listing):
    record_handover(
        listing=listing,
        receiver=SchoolFactory(),
        facts=HandoverFacts(quantity=Decimal(10), mass_kg=Decimal(5)),
    )

    with pytest.raises(ListingNotAvailable):
        wait(listing)


def test_a_school_stands_in_line_once(listing, promised):
    school = SchoolFactory()
    wait(listing, school=school)

    with pytest.raises(AlreadyInLine):
        wait(listing, school=school)


def test_who_is_not_approved_does_not_stand_in_line(listing, promised):
    with pytest.raises(NotAReceiver):
        wait(listing, school=SchoolFactory(approval="pending"))


def test_who_has_asked_for_it_already_does_not_stand_in_line_as_well(listing, promised):
    with pytest.raises(AlreadyAsked):
        wait(listing, school=promised.organisation)


def test_nobody_waits_for_nothing(listing, promised):
    with pytest.raises(QuantityNotPositive):
        wait(listing, 0)


def test_what_comes_back_is_offered_to_the_first_in_line(listing, promised):
    first, second = wait(listing, 4), wait(listing, 10)

    cancel(promised)

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.offered_quantity, second.offered_quantity) == (4, 6)


def test_what_is_offered_is_held(listing, promised):
    wait(listing, 10)

    cancel(promised)

    assert left(listing) == 0
    with pytest.raises(ListingNotAvailable):
        request_reservation(
            listing=listing, organisation=SchoolFactory(), by=UserFactory(), quantity=1
        )


def test_what_nobody_waits_for_is_free_for_all(listing, promised):
    wait(listing, 4)

    cancel(promised)

    assert left(listing) == 6


def test_less_collected_than_promised_is_offered_to_the_line(listing, promised):
    wait(listing, 4)

    confirm_handover(
        reservation=promised,
        by=UserFactory(),
        quantity=Decimal(7),
        mass_kg=Decimal(3),
        would_have_bought="no",
    )

    assert offered(listing) == [3]


def test_more_offered_by_the_giver_goes_to_the_line(listing, promised):
    wait(listing, 4)

    set_stock(listing=listing, offered=12, unit="st", kg_per_unit=Decimal("0.5"))

    assert offered(listing) == [2]


def test_requests_without_an_answer_come_before_the_line(listing):
    ReservationFactory(listing=listing, requested_quantity=Decimal(8))
    promised = accept_reservation(
        reservation=ReservationFactory(listing=listing, requested_quantity=Decimal(10)),
        by=UserFactory(),
    )
    wait(listing, 10)

    cancel(promised)

    assert offered(listing) == [2]


def test_a_declined_request_goes_to_the_line(listing):
    asked = ReservationFactory(listing=listing, requested_quantity=Decimal(10))
    cancelled = accept_reservation(
        reservation=ReservationFactory(listing=listing, requested_quantity=Decimal(10)),
        by=UserFactory(),
    )
    wait(listing, 4)
    cancel(cancelled)
    assert offered(listing) == []

    decline_reservation(reservation=asked, by=UserFactory(), reason="Nej")

    assert offered(listing) == [4]


def test_a_yes_turns_the_offer_into_a_promise(listing, promised):
    place = wait(listing, 4)
    cancel(promised)

    reservation = take_offer(place=place, by=UserFactory())

    assert (reservation.state, reservation.accepted_quantity) == ("accepted", 4)
    assert Stock.objects.get(listing=listing).reserved == 4


def test_the_giver_is_told_about_the_yes(listing, promised):
    giver = MembershipFactory(organisation=listing.organisation).user
    place = wait(listing)
    cancel(promised)

    take_offer(place=place, by=UserFactory())

    assert giver.notifications.filter(type="waiting_taken").count() == 1


def test_a_no_sends_the_offer_to_the_next(listing, promised):
    first, _second = wait(listing, 10), wait(listing, 7)
    cancel(promised)

    leave_line(place=first, by=UserFactory())

    assert offered(listing) == [7]


def test_an_offer_goes_to_the_next_after_48_hours(listing, promised):
    wait(listing, 10)
    wait(listing, 7)
    cancel(promised)

    expire_offers(timezone.now() + timedelta(hours=47))
    assert offered(listing) == [10]
    expire_offers(timezone.now() + timedelta(hours=49))

    assert offered(listing) == [7]


def mail_of(user, type):
    return write_mail(user.notifications.get(type=type))


def test_the_mail_says_until_when_it_is_held(listing, promised, teacher):
    place = wait(listing, 4, teacher.memberships.get().organisation)
    cancel(promised)
    place.refresh_from_db()

    text = mail_of(teacher, "waiting_offered").message.replace("\xa0", " ")

    until = timezone.localtime(place.offered_until)
    assert f"den {date_format(until, 'j F Y')} kl. {until:%H.%M}." in text


def test_who_did_not_answer_in_time_can_still_ask(listing, promised, teacher):
    wait(listing, 4, teacher.memberships.get().organisation)
    cancel(promised)

    expire_offers(timezone.now() + timedelta(hours=49))

    text = mail_of(teacher, "waiting_offer_expired").message
    assert "gått till nästa i kön" in text
    assert listing.get_absolute_url() in text


def test_when_the_line_ends_other_material_is_one_tap_away(listing, promised, teacher):
    wait(listing, 4, teacher.memberships.get().organisation)

    withdraw_listing(listing=listing, by=UserFactory())

    assert "/material/\n" in mail_of(teacher, "waiting_ended").message


def test_an_offer_that_ended_cannot_be_taken(listing, promised):
    place = wait(listing, 10)
    cancel(promised)
    WaitingPlace.objects.update(offered_until=timezone.now() - timedelta(minutes=1))

    with pytest.raises(WrongState):
        take_offer(place=place, by=UserFactory())


def test_nobody_takes_what_was_not_offered(listing, promised):
    with pytest.raises(WrongState):
        take_offer(place=wait(listing), by=UserFactory())


def test_who_has_a_promise_meanwhile_does_not_take_the_offer_as_well(listing):
    promise = ReservationFactory(listing=listing, requested_quantity=Decimal(10))
    promise = accept_reservation(reservation=promise, by=UserFactory())
    place = wait(listing, 4)
    cancel(promise)
    ReservationFactory(listing=listing, organisation=place.organisation)

    with pytest.raises(AlreadyAsked):
        take_offer(place=place, by=UserFactory())
    assert offered(listing) == [4]


def test_who_has_left_the_line_does_not_leave_it_again(listing, promised):
    place = wait(listing, 4)
    cancel(promised)
    leave_line(place=place, by=UserFactory())

    with pytest.raises(WrongState):
        leave_line(place=place, by=UserFactory())
    assert left(listing) == 10


def hold(listing, school=None):
    return hold_for(listing=listing, organisation=school or SchoolFactory())


def test_a_giver_holds_what_is_left_for_whom_it_offers_it_to(listing):
    assert hold(listing)
    assert (left(listing), offered(listing)) == (0, [10])


def test_nothing_is_held_where_everything_is_promised(listing, promised):
    assert hold(listing) is None
    assert offered(listing) == []


def test_nothing_is_held_for_who_is_not_approved(listing):
    assert hold(listing, SchoolFactory(approval="pending")) is None
    assert left(listing) == 10


def test_nothing_more_is_held_for_who_has_asked(listing):
    asked = ReservationFactory(listing=listing)

    assert hold(listing, asked.organisation) is None
    assert left(listing) == 10


def test_nothing_more_is_held_for_who_stands_in_line(listing, promised):
    place = wait(listing, 4)
    cancel(promised)

    assert hold(listing, place.organisation) is None
    assert offered(listing) == [4]


def test_withdrawing_ends_the_line_and_frees_what_was_held(listing, promised):
    place = wait(listing, 4)
    member = MembershipFactory(organisation=place.organisation).user
    cancel(promised)

    withdraw_listing(listing=listing, by=UserFactory())

    assert Stock.objects.get(listing=listing).reserved == 0
    assert list(member.notifications.values_list("type", flat=True)) == [
        "waiting_ended",
        "waiting_offered",
    ]


def test_books_balance_with_held_offers(listing, promised):
    wait(listing, 3)
    place = wait(listing, 5)
    cancel(promised)
    take_offer(place=place, by=UserFactory())

    held = sum(place.offered_quantity for place in WaitingPlace.objects.offered())
    promised_now = sum(r.accepted_quantity for r in Reservation.objects.accepted())
    assert Stock.objects.get(listing=listing).reserved == held + promised_now


# --- The pages


def url(name, about):
    with override("en"):
        if name == "listing":
            return about.get_absolute_url()
        return reverse(f"marketplace:{name}", args=[about])


def test_a_teacher_stands_in_line_from_the_page_of_the_material(client, listing, promised, teacher):
    client.force_login(teacher)
    page = BeautifulSoup(client.get(url("listing", listing)).content, "html.parser")
    link = page.find("a", string="Join the waiting list")
    school = teacher.memberships.get().organisation

    client.post(link["href"], {"organisation": school.pk, "quantity": "2,5"})

    place = WaitingPlace.objects.get()
    assert (place.quantity, place.created_by) == (Decimal("2.5"), teacher)


def test_who_stands_in_line_reads_what_it_is_counted_in(client, listing, promised, teacher):
    client.force_login(teacher)

    response = client.get(url("join_line", listing.pk))

    assert "In all there were 10 pieces." in response.content.decode()


def test_standing_in_line_starts_at_a_sensible_part_and_not_at_nothing(
    client, listing, promised, teacher
):
    client.force_login(teacher)

    page = BeautifulSoup(client.get(url("join_line", listing.pk)).content, "html.parser")

    # A quarter of the ten that there were.
    assert page.find(attrs={"name": "quantity"})["value"] == "3"


def test_while_something_is_left_the_line_leads_to_asking(client, listing, teacher):
    client.force_login(teacher)

    response = client.get(url("join_line", listing.pk))

    assert response["Location"] == url("reserve", listing.pk)


@pytest.mark.parametrize("quantity", ["0", "-1", "11", "x", ""])
def test_a_bad_quantity_is_refused(client, listing, promised, teacher, quantity):
    client.force_login(teacher)
    school = teacher.memberships.get().organisation

    response = client.post(
        url("join_line", listing.pk), {"organisation": school.pk, "quantity": quantity}
    )

    page = BeautifulSoup(response.content, "html.parser")
    assert page.find(attrs={"name": "quantity"})["aria-invalid"] == "true"


def test_an_offer_is_taken_with_one_button(client, listing, promised, teacher):
    place = wait(listing, 4, teacher.memberships.get().organisation)
    cancel(promised)
    client.force_login(teacher)

    response = client.post(url("take_offer", place.pk))

    reservation = Reservation.objects.get(organisation=place.organisation)
    assert response["Location"] == url("reservation", reservation.pk)


def test_an_offer_that_ended_is_answered_kindly(client, listing, promised, teacher):
    place = wait(listing, 4, teacher.memberships.get().organisation)
    client.force_login(teacher)

    response = client.post(url("take_offer", place.pk))

    assert response.status_code == 409
    assert "number 1 on the waiting list" in response.content.decode()


def test_strangers_do_not_see_who_waits(client, listing, promised, teacher):
    client.force_login(teacher)
    place = wait(listing)

    answers = [
        client.get(url("waiting_place", place.pk)),
        client.post(url("take_offer", place.pk)),
        client.post(url("leave_line", place.pk)),
    ]

    assert [answer.status_code for answer in answers] == [404, 404, 404]


def test_my_page_shows_first_what_is_held(client, listing, promised, teacher):
    wait(listing, 4, teacher.memberships.get().organisation)
    cancel(promised)
    client.force_login(teacher)

    page = BeautifulSoup(client.get("/en/mitt/").content, "html.parser")

    assert "You can have 4 pieces" in page.find(id="tasks").find_parent("section").get_text()
