"""Hubs: what is taken in and handed out, by whom, and that it equals the ledger."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.core import signing
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from marketplace.exchange.errors import NotAReceiver, QuantityNotPositive
from marketplace.exchange.handovers.models import Handover
from marketplace.exchange.handovers.services import correct_handover
from marketplace.hubs.cards import find_card, make_card, revoke_card
from marketplace.hubs.closing_models import HubClosing
from marketplace.hubs.errors import HubClosed, ShelfEmpty, TooLateToUndo
from marketplace.hubs.models import Hub, HubCard, HubOpening, HubTime, Movement, Scan
from marketplace.hubs.openings import plan_openings
from marketplace.hubs.services import hand_out, open_shelf, take_in, undo_scan
from marketplace.impact import figures
from marketplace.listings.models import MaterialListing
from marketplace.notifications.models import Notification
from marketplace.occasions.models import Occasion
from marketplace.occasions.services import book
from marketplace.organisations.models import Membership
from tests.factories import (
    CategoryFactory,
    CompanyFactory,
    ListingFactory,
    MembershipFactory,
    SchoolFactory,
    UserFactory,
)
from tests.printed import words

pytestmark = pytest.mark.django_db


@pytest.fixture
def hub():
    return Hub.objects.create(
        organisation=SchoolFactory(name="Återbruket"),
        name="Återbruket Bjuv",
        slug="bjuv",
        address="Storgatan 1",
        town="Bjuv",
        house_rules="Ta det ni behöver.\nLämna hyllan fin.",
    )


def shelf_at(hub, name="Hylla 1"):
    return open_shelf(
        hub=hub,
        name=name,
        category=CategoryFactory(),
        handful_kg=Decimal("0.2"),
        bag_kg=Decimal(2),
        box_kg=Decimal(6),
    )


@pytest.fixture
def shelf(hub):
    return shelf_at(hub)


def take(shelf, size="bag", organisation=None, **more):
    return hand_out(
        shelf=shelf, organisation=organisation or SchoolFactory(), size=size, key=uuid4(), **more
    )


def left(shelf):
    return type(shelf).objects.get(pk=shelf.pk).left_kg


# --- The ledger ----------------------------------------------------------------------------------


def test_a_tap_is_a_handover_from_who_brought_it(shelf):
    company, school = CompanyFactory(), SchoolFactory()
    take_in(shelf=shelf, mass_kg=Decimal(8), origin=company)

    take(shelf, "box", school)

    handover = Handover.objects.get()
    assert (handover.giver, handover.receiver) == (company, school)
    assert handover.giver_municipality == company.municipality
    assert handover.mass_kg == Decimal(6)
    assert left(shelf) == Decimal(2)


def test_what_nobody_knows_the_origin_of_is_the_hubs(shelf, hub):
    take_in(shelf=shelf, mass_kg=Decimal(8))

    take(shelf)

    assert Handover.objects.get().giver == hub.organisation


def test_the_oldest_goes_first_and_a_portion_of_two_givers_is_two_handovers(shelf):
    first, second = CompanyFactory(), CompanyFactory()
    take_in(shelf=shelf, mass_kg=Decimal("1.5"), origin=first)
    take_in(shelf=shelf, mass_kg=Decimal(5), origin=second)

    take(shelf, "bag")

    assert dict(Handover.objects.values_list("giver", "mass_kg")) == {
        first.pk: Decimal("1.5"),
        second.pk: Decimal("0.5"),
    }


def test_what_stands_on_another_shelf_stays_there(shelf, hub):
    other, elsewhere, here = shelf_at(hub, "Hylla 2"), CompanyFactory(), CompanyFactory()
    take_in(shelf=other, mass_kg=Decimal(8), origin=elsewhere)
    take_in(shelf=shelf, mass_kg=Decimal(8), origin=here)

    take(shelf, "box")

    assert Handover.objects.get().giver == here
    assert (left(other), left(shelf)) == (Decimal(8), Decimal(2))


def test_the_last_bit_is_smaller_and_then_the_shelf_is_empty(shelf):
    take_in(shelf=shelf, mass_kg=Decimal(3))

    assert take(shelf, "bag").mass_kg == Decimal(2)
    assert take(shelf, "bag").mass_kg == Decimal(1)
    with pytest.raises(ShelfEmpty):
        take(shelf, "handful")
    assert left(shelf) == 0


def test_the_same_tap_counts_once_and_so_does_the_same_box(shelf):
    key, school, box = uuid4(), SchoolFactory(), uuid4()
    first = take_in(shelf=shelf, mass_kg=Decimal(8), key=box)
    assert take_in(shelf=shelf, mass_kg=Decimal(8), key=box) == first

    taken = hand_out(shelf=shelf, organisation=school, size="bag", key=key)
    again = hand_out(shelf=shelf, organisation=school, size="bag", key=key)

    assert taken == again
    assert left(shelf) == Decimal(6)
    assert Handover.objects.count() == 1


def test_what_the_hubs_own_people_take_changes_no_hands(shelf, hub):
    take_in(shelf=shelf, mass_kg=Decimal(2))

    take(shelf, "bag", hub.organisation)

    assert left(shelf) == 0
    assert not Handover.objects.exists()
    take_in(shelf=shelf, mass_kg=Decimal(5))
    assert left(shelf) == Decimal(5)


def test_what_one_brought_oneself_comes_from_the_hub(shelf, hub):
    school = SchoolFactory()
    take_in(shelf=shelf, mass_kg=Decimal(4), origin=school)

    take(shelf, "bag", school)

    assert Handover.objects.get().giver == hub.organisation


def test_a_mistake_is_undone_for_a_quarter_of_an_hour(shelf):
    take_in(shelf=shelf, mass_kg=Decimal(8))
    scan, late = take(shelf), take(shelf)
    Scan.objects.filter(pk=late.pk).update(recorded_at=timezone.now() - timedelta(minutes=16))

    undo_scan(scan=scan)
    undo_scan(scan=scan)
    with pytest.raises(TooLateToUndo):
        undo_scan(scan=late)

    assert left(shelf) == Decimal(6)
    assert figures.totals(figures.handovers())["mass_kg"] == Decimal(2)


@pytest.mark.parametrize("size", ["bag", "box"])
def test_what_the_hubs_own_people_took_by_mistake_is_back_on_the_shelf(shelf, hub, size):
    take_in(shelf=shelf, mass_kg=Decimal(6))
    scan = take(shelf, size, hub.organisation)
    assert left(shelf) < Decimal(6)

    undo_scan(scan=scan)

    assert left(shelf) == Movement.objects.sum_kg() == Decimal(6)
    assert not Handover.objects.exists()
    take(shelf, "box")
    assert Handover.objects.get().mass_kg == Decimal(6)


@pytest.mark.parametrize("mass_kg", ["0", "-1", "0.0004"])
def test_nothing_is_not_taken_in(shelf, mass_kg):
    with pytest.raises(QuantityNotPositive):
        take_in(shelf=shelf, mass_kg=Decimal(mass_kg))

    assert left(shelf) == 0
    assert not Movement.objects.exists()


def test_a_shelf_follows_what_is_corrected_in_the_ledger(shelf, django_capture_on_commit_callbacks):
    take_in(shelf=shelf, mass_kg=Decimal(8))
    take(shelf, "bag")

    with django_capture_on_commit_callbacks(execute=True):
        correct_handover(
            handover=Handover.objects.get(),
            by=None,
            reason="Weighed",
            quantity=Decimal(3),
            mass_kg=Decimal(3),
        )

    assert left(shelf) == Movement.objects.sum_kg() == Decimal(5)


def test_only_approved_units_take_and_only_while_the_hub_is_there(shelf, hub):
    take_in(shelf=shelf, mass_kg=Decimal(8))
    with pytest.raises(NotAReceiver):
        take(shelf, organisation=SchoolFactory(approval="pending"))
    Hub.objects.update(last_day=timezone.localdate() - timedelta(days=1))
    with pytest.raises(HubClosed):
        take(shelf)
    Hub.objects.update(last_day=timezone.localdate())

    assert take(shelf).mass_kg == Decimal(2)


def test_when_a_phone_says_it_was_tapped_is_believed_for_a_week(shelf):
    take_in(shelf=shelf, mass_kg=Decimal(30))
    now = timezone.now()

    def day(**ago):
        scan = take(shelf, taken_at=now - timedelta(**ago))
        return scan.movements.get().handover.handed_over_on

    assert day(days=2) == timezone.localdate(now - timedelta(days=2))
    assert day(days=9) == timezone.localdate(now)
    assert day(days=-1) == timezone.localdate(now)


kilos = st.decimals("0.05", "20", places=3)
events = st.lists(
    st.tuples(
        st.sampled_from(["in", "out", "undo", "own"]),
        st.integers(0, 2),
        kilos,
        st.sampled_from(["handful", "bag", "box"]),
    ),
    max_size=20,
)


@settings(max_examples=25)
@given(history=events)
def test_shelves_hold_what_came_less_what_the_ledger_says_was_given(history, django_db_blocker):
    with django_db_blocker.unblock():
        hub = Hub.objects.create(
            organisation=SchoolFactory(), name="Hub", slug=uuid4().hex, address="1", town="Bjuv"
        )
        shelf, parties = shelf_at(hub), [CompanyFactory(), SchoolFactory(), None]
        for event, who, mass_kg, size in history:
            if event == "in":
                take_in(shelf=shelf, mass_kg=mass_kg, origin=parties[who])
            elif event == "undo":
                if scan := Scan.objects.filter(shelf=shelf).first():
                    undo_scan(scan=scan)
            elif left(shelf) > 0:
                receiver = hub.organisation if event == "own" else parties[who or 1] or parties[1]
                take(shelf, size, receiver)

        own = Movement.objects.filter(shelf=shelf)
        ledger = figures.totals(figures.handovers(categories=[shelf.category]))["mass_kg"]
        assert left(shelf) == own.sum_kg() >= 0
        assert -own.exclude(handover=None).sum_kg() == ledger


# --- At the shelf --------------------------------------------------------------------------------


@pytest.fixture
def card():
    school = SchoolFactory(name="Förskolan Ekorren")
    return make_card(organisation=school, name="Personalrummet", by=UserFactory())


def test_a_card_is_enough_to_take(shelf, card):
    take_in(shelf=shelf, mass_kg=Decimal(8))
    phone = Client()

    before = phone.get(shelf.get_absolute_url()).content.decode()
    assert 'name="size"' not in before

    phone.get(card.get_absolute_url())
    soup = BeautifulSoup(phone.get(shelf.get_absolute_url()).content, "html.parser")
    key = soup.select_one("[name=key]")["value"]
    answer = phone.post(shelf.get_absolute_url(), {"size": "box", "key": key}, follow=True)
    phone.post(shelf.get_absolute_url(), {"size": "box", "key": key})

    scan = Scan.objects.get()
    assert (scan.organisation, scan.card, scan.taken_by) == (card.organisation, card, None)
    said = BeautifulSoup(answer.content, "html.parser").get_text().replace("\xa0", " ")
    assert "6 kg" in said
    assert left(shelf) == Decimal(2)

    phone.post(f"{shelf.get_absolute_url()}angra/{scan.key}/")
    assert left(shelf) == Decimal(8)


def test_a_card_ends_is_taken_back_and_cannot_be_made_up(shelf, card):
    take_in(shelf=shelf, mass_kg=Decimal(8))
    phone = Client()
    phone.get(card.get_absolute_url())
    assert find_card(card.token) == card

    HubCard.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    assert find_card(card.token) is None
    HubCard.objects.update(expires_at=timezone.now() + timedelta(days=1))
    assert find_card(card.token) == card

    revoke_card(card=HubCard.objects.get(), by=None)
    answer = phone.post(shelf.get_absolute_url(), {"size": "bag", "key": str(uuid4())})

    assert answer.status_code == 403
    assert phone.get(card.get_absolute_url()).status_code == 404
    forged = signing.dumps([card.pk, card.nonce], salt="hub card", key="another key")
    assert find_card(forged) is None
    assert not Scan.objects.exists()


def test_a_card_that_somebody_planted_takes_for_nobody_signed_in(shelf, card):
    take_in(shelf=shelf, mass_kg=Decimal(8))
    member = MembershipFactory(organisation=SchoolFactory(name="Skolan Granen"))
    phone = Client()
    phone.force_login(member.user)

    said = phone.get(card.get_absolute_url()).content.decode()
    page = phone.get(shelf.get_absolute_url()).content.decode()
    phone.post(shelf.get_absolute_url(), {"size": "bag", "key": str(uuid4())})

    assert "Du tar åt Skolan Granen" in said
    assert "Skolan Granen" in page
    assert "Ekorren" not in page
    scan = Scan.objects.get()
    assert (scan.organisation, scan.card, scan.taken_by) == (
        member.organisation,
        None,
        member.user,
    )
    phone.logout()
    phone.get(card.get_absolute_url())
    assert "Ekorren" in phone.get(shelf.get_absolute_url()).content.decode()


def test_a_card_opens_shelves_and_nothing_else(card, client, settings):
    client.get(card.get_absolute_url())

    assert settings.HUB_CARD_COOKIE_NAME in client.cookies
    for address in ("/mitt/", "/mitt/navkort/", "/nav/bjuv/ta-emot/", "/admin/"):
        assert client.get(address).status_code in (302, 404)


def test_a_phone_that_was_offline_is_answered_in_json_and_may_ask_again(shelf, card):
    take_in(shelf=shelf, mass_kg=Decimal(8))
    phone = Client()
    phone.get(card.get_absolute_url())
    key = str(uuid4())
    at = (timezone.now() - timedelta(days=1)).isoformat()

    answers = [
        phone.post(
            shelf.get_absolute_url(),
            {"size": "bag", "key": key, "at": at},
            headers={"accept": "application/json"},
        )
        for _each in range(3)
    ]

    assert [each.json() for each in answers] == [{"key": key, "mass_kg": 2.0}] * 3
    assert left(shelf) == Decimal(6)
    handover = Handover.objects.get()
    assert handover.handed_over_on == timezone.localdate() - timedelta(days=1)


def test_somebody_signed_in_needs_no_card(shelf):
    take_in(shelf=shelf, mass_kg=Decimal(8))
    user = MembershipFactory(organisation=SchoolFactory()).user
    phone = Client()
    phone.force_login(user)

    phone.post(shelf.get_absolute_url(), {"size": "bag", "key": str(uuid4())})

    assert Scan.objects.get().taken_by == user


# --- Those who look after it ---------------------------------------------------------------------


@pytest.fixture
def keeper(hub, client):
    user = MembershipFactory(organisation=hub.organisation).user
    client.force_login(user)
    return user


def test_its_people_put_up_a_shelf_and_take_in(client, hub, keeper):
    category = CategoryFactory()
    client.post(
        "/nav/bjuv/ny-hylla/",
        {
            "name": "Hylla 3",
            "category": category.pk,
            "handful_kg": "0,2",
            "bag_kg": "2",
            "box_kg": "6",
        },
    )
    shelf = hub.shelves.get()
    company = CompanyFactory(municipality=hub.municipality)
    soup = BeautifulSoup(client.get("/nav/bjuv/ta-emot/").content, "html.parser")
    data = {
        "mass_kg": "8,2",
        "shelf": shelf.pk,
        "origin": company.pk,
        "key": soup.select_one("[name=key]")["value"],
    }

    answer = client.post("/nav/bjuv/ta-emot/", data)
    client.post("/nav/bjuv/ta-emot/", data)

    assert f"hylla={shelf.pk}" in answer["Location"]
    assert left(shelf) == Decimal("8.2")
    assert shelf.movements.get().origin == company
    assert "8,2" in client.get("/nav/bjuv/").content.decode()
    assert "Hylla 3" in words(client.get("/nav/bjuv/hyllor.pdf").content)


def test_strangers_only_look(client, hub, shelf):
    client.force_login(MembershipFactory(organisation=SchoolFactory()).user)

    assert client.get("/nav/bjuv/").status_code == 200
    for address in ("ta-emot/", "ny-hylla/", "hyllor.pdf"):
        assert client.get(f"/nav/bjuv/{address}").status_code == 403


def test_a_shelfs_listing_is_nowhere_offered(client, hub, shelf, keeper):
    take_in(shelf=shelf, mass_kg=Decimal(8))
    offered = ListingFactory(organisation=hub.organisation, title="Stolar")

    page = client.get("/mitt/").content.decode()

    assert offered.title in page
    assert shelf.listing.title not in page
    assert list(MaterialListing.objects.available_to(keeper)) == [offered]


def test_administrators_make_print_and_take_back_cards(client):
    membership = MembershipFactory(
        organisation=SchoolFactory(name="Ekorren"), role=Membership.Role.ADMINISTRATOR
    )
    client.force_login(membership.user)

    client.post("/mitt/navkort/", {"name": "Personalrummet"})
    card = HubCard.objects.get()
    assert "Ekorren" in words(client.get(f"/mitt/navkort/{card.pk}/kort.pdf").content)
    client.post(f"/mitt/navkort/{card.pk}/bort/")

    assert not HubCard.objects.get().is_valid
    client.force_login(MembershipFactory(organisation=membership.organisation).user)
    assert client.get("/mitt/navkort/").status_code == 403


# --- Opening hours -------------------------------------------------------------------------------


@time_machine.travel(datetime(2026, 12, 1, 12, tzinfo=UTC))
def test_opening_hours_become_days_to_book_four_weeks_ahead(client, hub):
    HubOpening.objects.create(hub=hub, weekday=2, starts="13:00", ends="15:00", places=1)
    plan_openings()
    plan_openings()

    times = HubTime.objects.order_by("day")
    assert len(times) == 5
    assert {time.day.isoweekday() for time in times} == {2}
    last = times.last().occasion
    user = MembershipFactory(organisation=SchoolFactory()).user
    client.force_login(user)
    own = user.memberships.get().organisation
    client.post(f"/mitt/platser/{last.pk}/boka/", {"organisation": own.pk, "people": "1"})
    last.refresh_from_db()
    assert last.taken == 1
    assert "Lämna hyllan fin." in client.get(times.last().get_absolute_url()).content.decode()
    other = SchoolFactory()
    assert book(occasion=last, organisation=other, by=user, people=1).state == "waiting"

    HubOpening.objects.all().delete()
    plan_openings()

    last.refresh_from_db()
    assert last.called_off
    assert Notification.objects.filter(user=user, type="place_called_off").count() == 1


def test_other_hours_move_what_is_booked(hub):
    opening = HubOpening.objects.create(hub=hub, weekday=2, starts="13:00", ends="15:00", places=1)
    plan_openings()
    occasion = HubTime.objects.order_by("day").last().occasion
    user = MembershipFactory(organisation=SchoolFactory()).user
    own = user.memberships.get().organisation
    book(occasion=occasion, organisation=own, by=user, people=1)

    opening.starts = "14:00"
    opening.save()
    plan_openings()

    occasion.refresh_from_db()
    assert timezone.localtime(occasion.starts_at).hour == 14
    assert Notification.objects.filter(user=user, type="place_moved").count() == 1


def test_all_times_of_hours_that_are_taken_away_are_called_off(hub):
    for starts, ends in (("10:00", "11:00"), ("13:00", "15:00")):
        HubOpening.objects.create(hub=hub, weekday=2, starts=starts, ends=ends, places=1)
    with time_machine.travel(datetime(2026, 12, 2, 12, tzinfo=UTC), tick=False):
        plan_openings()
        assert Occasion.objects.filter(called_off=False).count() == 8

        HubOpening.objects.all().delete()
        plan_openings()

    assert not Occasion.objects.filter(called_off=False).exists()


def test_what_is_over_today_does_not_stop_the_days_to_come(hub):
    noon = datetime(2026, 12, 1, 12, tzinfo=timezone.get_default_timezone())
    opening = HubOpening.objects.create(hub=hub, weekday=2, starts="13:00", ends="15:00", places=1)
    with time_machine.travel(noon, tick=False):
        assert plan_openings() == 1
    days = HubTime.objects.order_by("day")
    today, *others = [time.occasion for time in days]

    with time_machine.travel(noon + timedelta(hours=4), tick=False):
        opening.starts = "14:00"
        opening.ends = "17:00"
        opening.save()
        assert plan_openings() == 1

    assert [time.occasion for time in days.all()] == [today, *others]
    for each in (today, *others):
        each.refresh_from_db()
    assert timezone.localtime(today.ends_at).hour == 15
    assert {timezone.localtime(each.ends_at).hour for each in others} == {17}


def test_hours_that_are_over_when_they_are_written_begin_next_week(hub):
    evening = datetime(2026, 12, 1, 19, tzinfo=timezone.get_default_timezone())
    HubOpening.objects.create(hub=hub, weekday=2, starts="13:00", ends="15:00", places=1)

    with time_machine.travel(evening, tick=False):
        assert plan_openings() == 1

    assert HubTime.objects.order_by("day").first().day == date(2026, 12, 8)


def test_a_day_that_is_closed_is_called_off_stays_so_and_is_read_on_the_page(client, hub):
    call_command("setup_portal", verbosity=0)
    # Places are booked until a day before.
    soon = timezone.localdate() + timedelta(days=3)
    HubOpening.objects.create(
        hub=hub, weekday=soon.weekday(), starts="13:00", ends="15:00", places=1
    )
    plan_openings()
    first, *others = [time.occasion for time in HubTime.objects.order_by("day")]
    day = timezone.localdate(first.starts_at)
    user = MembershipFactory(organisation=SchoolFactory()).user
    book(occasion=first, organisation=user.memberships.get().organisation, by=user, people=1)

    closing = HubClosing.objects.create(hub=hub, first_day=day, last_day=day, reason="Planering")
    plan_openings()
    plan_openings()

    first.refresh_from_db()
    assert first.called_off
    assert not any(Occasion.objects.get(pk=each.pk).called_off for each in others)
    assert Notification.objects.filter(user=user, type="place_called_off").count() == 1
    assert "Planering" in client.get(hub.get_absolute_url()).content.decode()

    closing.delete()
    plan_openings()

    first.refresh_from_db()
    assert not first.called_off
    assert "Planering" not in client.get(hub.get_absolute_url()).content.decode()


def test_hubs_are_listed_while_they_are_there(client, hub):
    call_command("setup_portal", verbosity=0)
    assert hub.name in client.get("/nav/").content.decode()

    Hub.objects.update(last_day=timezone.localdate() - timedelta(days=1))

    assert hub.name not in client.get("/nav/").content.decode()
    assert client.get("/nav/bjuv/").status_code == 404


def test_a_teacher_finds_the_hubs_from_any_page_and_when_they_are_open(client, hub):
    HubOpening.objects.create(hub=hub, weekday=2, starts=time(13), ends=time(15), places=6)
    plan_openings()
    client.force_login(
        MembershipFactory(organisation=SchoolFactory()).user,
        backend="django.contrib.auth.backends.ModelBackend",
    )

    my_page = BeautifulSoup(client.get("/en/mitt/").content, "html.parser")
    assert my_page.select_one('main a[href="/en/nav/"]')
    assert my_page.select_one('footer a[href="/en/nav/"]')
    page = client.get("/en/nav/").content.decode()
    assert "Open next: Tuesday" in page
    assert page.count("Bjuv</p>") + page.count("Bjuv ·") == 1


def test_what_the_keepers_wrote_is_read_as_swedish_on_an_english_page(client, hub):
    page = BeautifulSoup(client.get("/en/nav/bjuv/").content, "html.parser")

    assert page.select_one('h1 [lang="sv"]').get_text() == "Återbruket Bjuv"
    assert page.select_one('li [lang="sv"]').get_text() == "Ta det ni behöver."
