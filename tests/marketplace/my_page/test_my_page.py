from datetime import timedelta
from decimal import Decimal

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from marketplace.exchange.handovers.facts import HandoverFacts
from marketplace.exchange.handovers.services import record_handover
from marketplace.exchange.reservations.models import Reservation
from marketplace.exchange.reservations.services import (
    accept_reservation,
    cancel_reservation,
    decline_reservation,
    post_message,
)
from marketplace.my_page.own_listings import describe, own_listings
from marketplace.notifications.models import MailPreference
from marketplace.offers.services import withdraw_listing
from marketplace.review.states import ListingState
from tests.factories import (
    CompanyFactory,
    ListingFactory,
    MembershipFactory,
    ReservationFactory,
    SchoolFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def company():
    return CompanyFactory(name="Sågen AB")


@pytest.fixture
def giver(company):
    return MembershipFactory(organisation=company).user


@pytest.fixture
def school():
    return SchoolFactory(name="Björkskolan")


@pytest.fixture
def teacher(school):
    return MembershipFactory(organisation=school).user


def address(name="my_page", *args):
    with override("en"):
        return reverse(f"marketplace:{name}", args=args)


def my_page(client, user):
    client.force_login(user)
    return BeautifulSoup(client.get(address()).content, "html.parser")


def section(page, heading):
    return page.find(id=heading).find_parent("section").get_text(" ", strip=True)


def state(listing):
    return describe(own_listings(listing.organisation).get(pk=listing.pk)).state


# --- What waits for an answer


def test_a_request_waits_for_the_giver(client, company, giver, school):
    ReservationFactory(listing__organisation=company, organisation=school)

    assert "Björkskolan asks for 2 pieces" in section(my_page(client, giver), "tasks")


def test_a_request_does_not_wait_for_the_receiver(client, school, teacher):
    ReservationFactory(organisation=school)

    assert "Nothing right now" in section(my_page(client, teacher), "tasks")


def test_a_proposed_time_waits_for_the_other_side(client, company, giver, school, teacher):
    reservation = ReservationFactory(listing__organisation=company, organisation=school)
    accept_reservation(
        reservation=reservation, by=giver, pickup_at=timezone.now() + timedelta(days=1)
    )

    assert "proposes a time" in section(my_page(client, teacher), "tasks")
    assert "Nothing right now" in section(my_page(client, giver), "tasks")


def test_a_passed_pickup_waits_for_both(client, company, giver, school, teacher):
    reservation = ReservationFactory(listing__organisation=company, organisation=school)
    accept_reservation(reservation=reservation, by=giver)
    yesterday = timezone.now() - timedelta(days=1)
    Reservation.objects.update(pickup_at=yesterday, pickup_agreed_at=yesterday)

    assert "been picked up?" in section(my_page(client, giver), "tasks")
    assert "been picked up?" in section(my_page(client, teacher), "tasks")


def tasks(client, user):
    return section(my_page(client, user), "tasks")


def test_a_message_that_nobody_has_read_waits_for_an_answer(
    client, company, giver, school, teacher
):
    reservation = ReservationFactory(listing__organisation=company, organisation=school)
    accept_reservation(reservation=reservation, by=giver)
    post_message(reservation=reservation, by=teacher, text="Kommer vi åt lastkajen?")

    before = tasks(client, giver)
    client.get(f"/en/mitt/bokningar/{reservation.pk}/")

    assert "Kommer vi åt lastkajen?" in before
    assert "Kommer vi åt lastkajen?" not in tasks(client, giver)


def test_people_who_ask_to_join_wait_for_those_who_may_let_them_in(client, school, teacher):
    MembershipFactory(organisation=school, status="pending", user__first_name="Nypon")
    administrator = MembershipFactory(organisation=school, role="administrator").user

    assert "Nypon" in tasks(client, administrator)
    assert "Nypon" not in tasks(client, teacher)


def test_the_company_reads_what_it_is_for_before_it_answers(client, company, giver, school):
    ReservationFactory(
        listing__organisation=company, organisation=school, purpose="En koja i skogen"
    )

    assert "En koja i skogen" in tasks(client, giver)


def test_what_has_waited_longest_comes_first(company):
    new = ReservationFactory(listing__organisation=company)
    old = ReservationFactory(
        listing__organisation=company, created_at=timezone.now() - timedelta(days=3)
    )

    assert list(Reservation.objects.waiting_for(company)) == [old, new]


# --- States of a listing


def test_a_listing_that_nobody_has_sent_is_a_draft():
    assert state(ListingFactory(draft=True)) == ListingState.DRAFT


def test_a_published_listing_is_published():
    assert state(ListingFactory()) == ListingState.LIVE


def test_a_listing_where_everything_is_promised_says_so():
    reservation = ReservationFactory(requested_quantity=Decimal(10))
    accept_reservation(reservation=reservation, by=UserFactory())

    assert state(reservation.listing) == ListingState.PROMISED


def test_a_listing_that_is_given_away_says_so():
    listing = ListingFactory()
    record_handover(
        listing=listing,
        receiver=SchoolFactory(),
        facts=HandoverFacts(quantity=Decimal(10), mass_kg=Decimal(5)),
    )

    assert state(listing) == ListingState.SOLD_OUT


def test_a_listing_after_its_last_day_has_ended():
    yesterday = timezone.localdate() - timedelta(days=1)

    assert state(ListingFactory(available_until=yesterday)) == ListingState.ENDED


def test_a_withdrawn_listing_says_so():
    listing = ListingFactory()
    withdraw_listing(listing=listing, by=UserFactory())

    assert state(listing) == ListingState.CLOSED


def test_a_listing_that_editors_took_down_says_so():
    listing = ListingFactory()
    listing.unpublish()

    assert state(listing) == ListingState.UNPUBLISHED


# --- The page


def test_somebody_without_organisation_is_shown_the_way(client):
    page = my_page(client, UserFactory())

    assert page.find("a", href=address("organisation_register"))


def test_a_company_without_listings_is_shown_the_way(client, giver):
    page = my_page(client, giver)

    assert page.select_one(".empty a")["href"] == address("offer")


def test_a_school_without_reservations_is_shown_the_way(client, teacher):
    assert "Find material" in section(my_page(client, teacher), "reservations")


def test_who_waits_for_approval_is_told_so(client):
    waiting = MembershipFactory(organisation=CompanyFactory(approval="pending")).user

    assert "has not been approved yet" in my_page(client, waiting).get_text()


def test_visitors_are_asked_to_sign_in(client):
    response = client.get(address())

    assert response["Location"].endswith(f"?next={address()}")


def test_somebody_in_two_organisations_chooses_whom_to_act_for(client, giver, school):
    MembershipFactory(user=giver, organisation=school)
    client.force_login(giver)

    client.post(address("act_for"), {"organisation": school.pk})

    page = BeautifulSoup(client.get(address()).content, "html.parser")
    assert page.find(id="reservations")
    assert page.select_one("option[selected]").get_text() == "Björkskolan"


@pytest.mark.parametrize("chosen", ["0", "", "x", "99999999999999999999999"])
def test_nobody_acts_for_an_organisation_of_others(client, giver, chosen):
    client.force_login(giver)

    response = client.post(address("act_for"), {"organisation": chosen})

    assert response.status_code == 404


def test_choosing_an_organisation_never_leads_away_from_the_site(client, giver, company):
    client.force_login(giver)

    response = client.post(
        address("act_for"), {"organisation": company.pk, "next": "https://example.org/"}
    )

    assert response["Location"] == address()


def queries_for(client, user):
    my_page(client, user)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        client.get(address())
    return len(queries)


def test_a_company_page_takes_as_many_queries_however_much_there_is(client, company, giver):
    def more(count):
        for number in range(count):
            listing = ListingFactory(organisation=company, draft=number % 2 == 0)
            listing.save_revision()
            if listing.live:
                reservation = ReservationFactory(listing=listing)
                if number % 3:
                    accept_reservation(reservation=reservation, by=giver)
                decline_reservation(
                    reservation=ReservationFactory(listing=listing), by=giver, reason="Nej"
                )

    more(4)
    few = queries_for(client, giver)
    more(8)

    assert queries_for(client, giver) == few


def test_a_school_page_takes_as_many_queries_however_much_there_is(client, school, teacher):
    def more(count):
        for number in range(count):
            reservation = ReservationFactory(organisation=school)
            if number % 2:
                cancel_reservation(reservation=reservation, by=teacher)

    more(2)
    few = queries_for(client, teacher)
    more(8)

    assert queries_for(client, teacher) == few


def test_a_reservation_takes_as_many_queries_however_long_the_thread(client, school, teacher):
    reservation = ReservationFactory(organisation=school)
    client.force_login(teacher)

    def count():
        post_message(reservation=reservation, by=teacher, text="Hej")
        with CaptureQueriesContext(connection) as queries:
            client.get(address("reservation", reservation.pk))
        return len(queries)

    count()
    few = count()
    for _ in range(5):
        count()

    assert count() == few


# --- Mail preference


def test_mail_can_be_chosen_without_signing_in(client, teacher):
    from marketplace.notifications.delivery import mute_token

    client.post(address("mail_preference", mute_token(teacher)), {"frequency": "never"})

    assert MailPreference.frequency_for(teacher) == "never"


def test_looking_at_the_mail_page_changes_nothing(client, teacher):
    from marketplace.notifications.delivery import mute_token

    client.get(address("mail_preference", mute_token(teacher)))

    assert MailPreference.frequency_for(teacher) == "at_once"
