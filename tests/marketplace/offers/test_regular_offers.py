"""Leftovers that keep coming: asked for by mail, published with one tap."""

import re
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from bs4 import BeautifulSoup
from django.core import mail, signing
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from marketplace.exchange.errors import ListingNotAvailable
from marketplace.exchange.handovers.models import Handover
from marketplace.exchange.handovers.services import confirm_handover
from marketplace.exchange.reservations.services import accept_reservation
from marketplace.exchange.waiting_list.models import WaitingPlace
from marketplace.exchange.waiting_list.services import join_line
from marketplace.listings.models import MaterialListing
from marketplace.offers.regular import services as regular_services
from marketplace.offers.regular.models import RegularOffer
from marketplace.offers.regular.services import (
    answer_regular_offer,
    ask_about_regular_offers,
    follow_regular_offer,
    read_regular_offer_token,
    regular_offer_token,
)
from marketplace.offers.services import withdraw_listing
from tests.factories import (
    ListingFactory,
    MembershipFactory,
    ReservationFactory,
    SchoolFactory,
)

pytestmark = pytest.mark.django_db
MORNING = timezone.make_aware(datetime(2026, 3, 2, 9, 0))


@pytest.fixture
def listing():
    return ListingFactory(title="Träspill", recurrence="weekly")


@pytest.fixture
def giver(listing):
    return MembershipFactory(organisation=listing.organisation).user


@pytest.fixture
def regular(listing, giver):
    regular = follow_regular_offer(listing)
    regular.next_on = MORNING.date()
    regular.save()
    return regular


@pytest.fixture
def asked(regular, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        assert ask_about_regular_offers(MORNING) == 1
    regular.refresh_from_db()
    return regular


def link(regular):
    person = regular.listing.organisation.active_members().first()
    token = regular_offer_token(regular.pk, MORNING.date().isoformat(), person.pk if person else 0)
    with override("en"):
        return reverse("marketplace:regular_offer_answer", args=[token])


def take_all(listing):
    reservation = ReservationFactory(listing=listing, requested_quantity=listing.stock.left)
    accept_reservation(reservation=reservation, by=None)
    confirm_handover(
        reservation=reservation,
        by=None,
        quantity=Decimal(10),
        mass_kg=Decimal(5),
        would_have_bought="no",
    )


def test_publishing_a_listing_that_comes_back_starts_the_questions(listing):
    listing.save_revision().publish()

    assert listing.regular_offer.next_on == timezone.localdate() + timedelta(weeks=1)


def test_publishing_it_as_a_single_time_ends_its_questions_alone(listing, regular):
    of_others = follow_regular_offer(ListingFactory(recurrence="weekly"))
    listing.recurrence = "none"
    listing.save_revision().publish()

    assert RegularOffer.objects.get() == of_others


def test_what_comes_weekly_from_now_on_is_asked_about_within_a_week(listing, regular):
    in_a_month, in_a_week = (timezone.localdate() + timedelta(days=days) for days in (30, 7))
    RegularOffer.objects.update(next_on=in_a_month)

    listing.save_revision().publish()

    assert RegularOffer.objects.get().next_on == in_a_week


@pytest.mark.parametrize(
    ("day", "recurrence", "then"),
    [
        (date(2026, 3, 2), "weekly", date(2026, 3, 9)),
        (date(2026, 1, 31), "monthly", date(2026, 2, 28)),
        (date(2026, 12, 15), "monthly", date(2027, 1, 15)),
    ],
)
def test_the_next_question_comes_a_week_or_a_month_later(day, recurrence, then):
    assert RegularOffer.day_after(day, recurrence) == then


def test_the_giver_is_asked_once_by_mail(asked, giver):
    assert ask_about_regular_offers(MORNING + timedelta(hours=3)) == 0
    assert [message.to for message in mail.outbox] == [[giver.email]]
    assert "/mitt/igen/" in mail.outbox[0].body


def test_nobody_is_asked_in_the_night(regular):
    assert ask_about_regular_offers(MORNING.replace(hour=7)) == 0
    assert ask_about_regular_offers(MORNING.replace(hour=8)) == 1


def test_the_periodic_command_asks(regular, giver):
    regular.next_on = timezone.localdate() - timedelta(days=1)
    regular.save()
    if timezone.localtime().hour < regular_services.ASK_FROM_HOUR:
        ask_about_regular_offers(timezone.now().replace(hour=12))
    else:
        call_command("periodic", verbosity=0)

    assert giver.notifications.filter(type="regular_offer").count() == 1


def test_looking_at_the_link_publishes_nothing(client, listing, asked):
    take_all(listing)

    page = client.get(link(asked))

    assert page.status_code == 200
    assert "Yes, publish it" in page.content.decode()
    listing.stock.refresh_from_db()
    assert listing.stock.left == 0


def test_one_tap_publishes_as_much_again_without_signing_in(client, listing, asked):
    take_all(listing)
    quantity = BeautifulSoup(client.get(link(asked)).content, "html.parser").find(id="id_quantity")

    client.post(link(asked), {"action": "publish", "quantity": quantity["value"]})

    listing.stock.refresh_from_db()
    assert listing.stock.left == 10
    assert MaterialListing.objects.available().filter(pk=listing.pk).exists()


def test_what_has_been_given_away_stays_counted(client, listing, asked):
    take_all(listing)

    client.post(link(asked), {"action": "publish", "quantity": "4"})

    assert Handover.objects.get().quantity == 10
    listing.stock.refresh_from_db()
    assert (listing.stock.offered, listing.stock.collected) == (14, 10)


def test_a_second_tap_does_nothing_more(client, listing, asked):
    for quantity in ("4", "9"):
        client.post(link(asked), {"action": "publish", "quantity": quantity})

    listing.stock.refresh_from_db()
    assert listing.stock.left == 4
    assert "has been answered" in client.get(link(asked)).content.decode()


def test_the_next_question_suggests_what_there_was_the_last_time(client, asked):
    client.post(link(asked), {"action": "publish", "quantity": "7"})

    asked.refresh_from_db()
    assert (asked.quantity, asked.unanswered, asked.asked_on) == (7, 0, None)


def test_the_mail_says_what_there_was_the_last_time(
    regular, giver, django_capture_on_commit_callbacks
):
    take_all(regular.listing)
    answer_regular_offer(regular=regular, quantity=Decimal(7))
    RegularOffer.objects.update(next_on=MORNING.date())

    with django_capture_on_commit_callbacks(execute=True):
        ask_about_regular_offers(MORNING)

    assert re.search(r"\b7 stycken", mail.outbox[0].body)


def test_an_answer_is_about_its_own_listing_alone(client, listing, asked):
    other = follow_regular_offer(ListingFactory(recurrence="weekly"))
    RegularOffer.objects.filter(pk=other.pk).update(next_on=date(2026, 1, 1))

    client.post(link(asked), {"action": "publish", "quantity": "4"})

    listing.stock.refresh_from_db()
    other.listing.stock.refresh_from_db()
    assert (listing.stock.left, other.listing.stock.left) == (4, 10)


@pytest.mark.parametrize("asked_on", [MORNING.date(), None])
def test_an_answer_does_not_move_the_next_question(asked, asked_on):
    answer_regular_offer(regular=asked, quantity=Decimal(3), asked_on=asked_on)

    assert RegularOffer.objects.get().next_on == date(2026, 3, 9)


def test_those_in_line_are_told_first(client, listing, asked):
    school = SchoolFactory()
    promised = ReservationFactory(listing=listing, requested_quantity=Decimal(10))
    accept_reservation(reservation=promised, by=None)
    join_line(listing=listing, organisation=school, by=None, quantity=Decimal(3))

    client.post(link(asked), {"action": "publish", "quantity": "5"})

    assert WaitingPlace.objects.get().offered_quantity == 3


def test_a_withdrawn_listing_comes_back_with_a_later_last_day(client, listing, giver, asked):
    MaterialListing.objects.update(available_until=MORNING.date() - timedelta(days=400))
    withdraw_listing(listing=listing, by=giver)

    client.post(link(asked), {"action": "publish", "quantity": "5"})

    assert MaterialListing.objects.available().filter(pk=listing.pk).exists()


@pytest.mark.parametrize("quantity", ["", "0", "-1", "many"])
def test_a_quantity_that_makes_no_sense_is_explained(client, listing, asked, quantity):
    response = client.post(link(asked), {"action": "publish", "quantity": quantity})

    page = BeautifulSoup(response.content, "html.parser")
    assert page.find(id="id_quantity")["aria-invalid"] == "true"


def test_not_this_time_waits_for_the_next(client, listing, asked):
    client.post(link(asked), {"action": "skip"})

    asked.refresh_from_db()
    assert (asked.asked_on, asked.next_on) == (None, date(2026, 3, 9))


def test_pausing_from_the_mail_ends_the_questions(client, asked):
    client.post(link(asked), {"action": "pause"})

    assert ask_about_regular_offers(MORNING + timedelta(weeks=2)) == 0


@pytest.mark.parametrize("action", ["stop", "resume", "", "anything"])
def test_the_link_in_the_mail_does_only_what_its_page_offers(client, asked, action):
    assert client.post(link(asked), {"action": action}).status_code == 403


def test_a_forged_link_is_not_found(client, asked):
    assert client.get(link(asked)[:-2] + "x/").status_code == 404


def test_who_never_answers_is_asked_no_more(regular):
    for week in range(6):
        ask_about_regular_offers(MORNING + timedelta(weeks=week))

    regular.refresh_from_db()
    assert regular.paused_at
    assert regular.listing.organisation.members.get().notifications.count() == 3


def test_what_editors_took_down_is_not_asked_about(listing, regular):
    MaterialListing.objects.update(live=False)

    assert ask_about_regular_offers(MORNING) == 0


def test_what_editors_took_down_does_not_come_back_by_an_answer(listing, asked):
    MaterialListing.objects.update(live=False)

    with pytest.raises(ListingNotAvailable):
        answer_regular_offer(regular=asked, quantity=Decimal(3))
    assert not MaterialListing.objects.get().live


def test_who_does_not_wait_for_the_question_is_asked_a_week_later(regular):
    answer_regular_offer(regular=regular, quantity=Decimal(3))

    assert RegularOffer.objects.get().next_on == timezone.localdate() + timedelta(weeks=1)


def test_a_link_from_before_links_were_for_one_person_has_ended(asked):
    old = signing.dumps([asked.pk, MORNING.date().isoformat()], salt=regular_services.SALT)

    with pytest.raises(signing.SignatureExpired):
        read_regular_offer_token(old)


def act(client, regular, action):
    with override("en"):
        return client.post(
            reverse("marketplace:regular_offer", args=[regular.pk]), {"action": action}
        )


def test_my_page_pauses_and_starts_again(client, giver, regular):
    client.force_login(giver)

    act(client, regular, "pause")
    assert "paused" in client.get("/en/mitt/").content.decode()
    act(client, regular, "resume")

    regular.refresh_from_db()
    assert (regular.paused_at, regular.next_on) == (None, timezone.localdate() + timedelta(weeks=1))


def test_stopping_keeps_the_listing_and_holds_when_it_is_published_again(client, giver, regular):
    listing = regular.listing
    listing.save_revision()
    client.force_login(giver)

    act(client, regular, "stop")
    MaterialListing.objects.get(pk=listing.pk).latest_revision.publish()

    assert MaterialListing.objects.get(pk=listing.pk).live
    assert not RegularOffer.objects.exists()


def test_what_comes_no_more_says_so_at_once_and_others_still_come(client, giver, regular):
    of_others = follow_regular_offer(ListingFactory(recurrence="weekly"))
    client.force_login(giver)

    act(client, regular, "stop")

    assert RegularOffer.objects.get() == of_others
    left = MaterialListing.objects.exclude(recurrence="none")
    assert list(left) == [of_others.listing]


def test_a_question_waits_first_on_my_page(client, giver, asked):
    client.force_login(giver)

    page = BeautifulSoup(client.get("/en/mitt/").content, "html.parser")

    tasks = page.find(id="tasks").find_parent("section").get_text(" ", strip=True)
    assert "Do you have Träspill left over again?" in tasks


def test_nobody_answers_for_others(client, regular):
    client.force_login(MembershipFactory().user)

    assert act(client, regular, "stop").status_code == 403
