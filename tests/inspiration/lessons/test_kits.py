"""From a lesson idea and a group to material that has been asked for."""

from decimal import Decimal

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from icalendar import Calendar

from inspiration.lessons.amounts import Group
from inspiration.lessons.kits.forms import coming_mondays
from inspiration.lessons.kits.models import LessonKit
from inspiration.lessons.kits.proposals import propose
from inspiration.lessons.kits.services import send_kit
from inspiration.lessons.kits.stocktake import Asker, Stocktake
from inspiration.lessons.models import LessonIdeaPage
from marketplace.exchange.errors import NotEnoughLeft
from marketplace.exchange.reservations.models import Reservation
from marketplace.wanted.models import WantedAd
from tests.factories import (
    CompanyFactory,
    ListingFactory,
    MembershipFactory,
    ReservationFactory,
    SchoolFactory,
)
from tests.printed import assert_accessible, words

pytestmark = pytest.mark.django_db

HERE = {"latitude": "56.04", "longitude": "12.69"}
THERE = {"latitude": "56.40", "longitude": "13.00"}


@pytest.fixture
def lesson(pages, tubes, tape):
    """Three tubes per child, two rolls of tape per group."""
    return pages.lesson(
        age_groups=["forskola-3-5"],
        materials=[
            {"category": tubes, "quantity": Decimal(3), "unit": "st", "per": "child"},
            {"category": tape, "quantity": Decimal(2), "unit": "rulle", "per": "group"},
        ],
    )


@pytest.fixture
def teacher(client):
    school = SchoolFactory(name="Björkskolan", type="preschool", **HERE)
    user = MembershipFactory(organisation=school).user
    client.force_login(user)
    return user


def address(lesson, children=8, groups=2, **more):
    week = coming_mondays()[1].isocalendar().week
    query = {"barn": children, "grupper": groups, "vecka": week, **more}
    return f"/idebank/{lesson.pk}/kit/?" + "&".join(f"{k}={v}" for k, v in query.items())


def read(client, path):
    response = client.get(path)
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def rows(page):
    found = page.select("section[aria-labelledby=the-kit] li")
    for each in found:
        for details in each.select("details"):
            details.decompose()
    return [" ".join(each.get_text(" ", strip=True).split()) for each in found]


def send(client, path, **said):
    form = read(client, path).select_one("form.panel[method=post]")
    hidden = {each["name"]: each["value"] for each in form.select("input[type=hidden]")}
    return client.post(path, hidden | said, follow=True)


def test_anybody_sees_what_their_group_can_have_and_what_is_missing(client, lesson, tubes):
    ListingFactory(title="Rör", category=tubes, stock__offered=30)

    page = read(client, address(lesson))

    first, second = rows(page)
    assert "24 stycken" in first
    assert "Finns" in first
    assert "Saknas: 4 rullar" in second
    assert "Det finns inget just nu." in second
    assert "1 av 2" in page.find(id="the-kit").get_text()
    assert page.find("a", string="Logga in och boka")


def test_one_tap_asks_for_everything_and_looks_for_the_rest(client, lesson, tubes, tape, teacher):
    giver = CompanyFactory(name="Rör AB")
    tube = ListingFactory(title="Rör", category=tubes, organisation=giver, stock__offered=30)
    ListingFactory(category=tape, organisation=giver, stock__offered=3, stock__unit="rulle")

    answer = send(client, address(lesson), wanted="on")

    kit = LessonKit.objects.get()
    assert answer.redirect_chain[-1][0] == kit.get_absolute_url()
    asked, other = kit.reservations.order_by("-requested_quantity")
    assert (asked.listing, asked.requested_quantity) == (tube, 24)
    assert asked.needed_by == kit.monday
    # One request and one pickup for each giver.
    assert asked.joint_request
    assert asked.joint_request == other.joint_request
    ad = kit.wanted_ads.get()
    assert (ad.quantity, ad.unit) == (1, "rulle")
    assert ad.current_workflow_state
    shown = answer.content.decode()
    assert "Rör AB" in shown
    assert "Tejp: 1 rulle" in shown


def test_a_kit_sent_twice_is_sent_once(client, lesson, tubes, teacher):
    ListingFactory(category=tubes, stock__offered=30)
    path = address(lesson)
    form = read(client, path).select_one("form.panel[method=post]")
    hidden = {each["name"]: each["value"] for each in form.select("input[type=hidden]")}

    for _twice in range(2):
        client.post(path, hidden)

    assert LessonKit.objects.count() == Reservation.objects.count() == 1


def test_what_has_changed_since_it_was_shown_is_shown_again(client, lesson, tubes, teacher):
    listing = ListingFactory(category=tubes, stock__offered=30)
    path = address(lesson)
    form = read(client, path).select_one("form.panel[method=post]")
    hidden = {each["name"]: each["value"] for each in form.select("input[type=hidden]")}
    listing.stock.offered = 20
    listing.stock.save()

    answer = client.post(path, hidden, follow=True)

    assert "Något har ändrats" in answer.content.decode()
    assert not LessonKit.objects.exists()
    assert not Reservation.objects.exists()


def test_what_others_wait_for_is_not_proposed(client, lesson, tubes, teacher):
    listing = ListingFactory(title="Rör", category=tubes, stock__offered=30)
    before = rows(read(client, address(lesson)))[0]
    ReservationFactory(listing=listing, requested_quantity=10)

    assert "Finns" in before
    assert "Saknas: 4 stycken" in rows(read(client, address(lesson)))[0]


def test_two_kits_never_ask_for_the_same_box(lesson, tubes):
    ListingFactory(category=tubes, stock__offered=30)
    schools = SchoolFactory.create_batch(2)
    users = [MembershipFactory(organisation=each).user for each in schools]
    monday = coming_mondays()[1]
    lesson = LessonIdeaPage.for_cards().get(pk=lesson.pk)
    proposals = [
        propose(lesson, Group(8, 2), Stocktake([lesson], Asker(user, school, None)))
        for user, school in zip(users, schools, strict=True)
    ]

    def sent(n):
        return send_kit(proposal=proposals[n], monday=monday, organisation=schools[n], by=users[n])

    assert sent(0).reservations.count() == 1
    with pytest.raises(NotEnoughLeft):
        sent(1)
    assert LessonKit.objects.count() == 1


def test_the_fewest_places_and_of_them_the_nearest(client, lesson, tubes, tape, teacher):
    near = CompanyFactory(name="Bara tejp", **HERE)
    both = CompanyFactory(name="Allt på ett ställe", **THERE)
    ListingFactory(category=tape, organisation=near, stock__unit="rulle")
    ListingFactory(category=tape, organisation=both, stock__unit="rulle")
    ListingFactory(category=tubes, organisation=both, stock__offered=24)

    stops = read(client, address(lesson)).select("section[aria-labelledby=stops] li")

    assert len(stops) == 1
    assert "Allt på ett ställe" in stops[0].get_text()


def test_a_preschool_is_never_proposed_what_is_not_safe_for_its_children(
    client, lesson, tubes, teacher
):
    lesson.age_groups = ["forskola-1-3"]
    lesson.save_revision().publish()
    listing = ListingFactory(category=tubes, stock__offered=30, loose_parts="small")

    unsafe = rows(read(client, address(lesson)))[0]
    listing.loose_parts = "none"
    listing.save()

    assert "passar inte barn från 1 år" in unsafe
    assert listing.title not in unsafe
    assert listing.title in rows(read(client, address(lesson)))[0]


def test_a_preschool_confirms_what_needs_care(client, lesson, tubes, teacher):
    ListingFactory(category=tubes, stock__offered=30, dust_or_smell="dust")
    path = address(lesson)

    refused = send(client, path)

    assert "kryssa i rutan" in refused.content.decode()
    assert not Reservation.objects.exists()
    send(client, path, safety_confirmed="on")
    assert Reservation.objects.get().safety_confirmed_at


def test_a_row_can_be_changed_or_left_out(client, lesson, tubes, tape, teacher):
    mine = ListingFactory(title="Korta rör", category=tubes, stock__offered=30)
    ListingFactory(title="Långa rör", category=tubes, stock__offered=24)
    ListingFactory(category=tape, stock__unit="rulle")

    proposed = rows(read(client, address(lesson)))[0]
    changed = rows(read(client, address(lesson, rad1=mine.pk, rad2=0)))

    assert "Långa rör" in proposed
    assert "Korta rör" in changed[0]
    assert "Utelämnas" in changed[1]
    send(client, address(lesson, rad1=mine.pk, rad2=0))
    assert Reservation.objects.get().listing == mine
    assert not WantedAd.objects.exists()


@pytest.mark.parametrize("row", ["rad=5", "rad1=", "rad=", "rad1=x"])
def test_half_a_choice_of_a_row_is_no_choice(client, lesson, tubes, row):
    ListingFactory(title="Rör", category=tubes, stock__offered=30)
    plain = rows(read(client, address(lesson)))

    assert rows(read(client, f"{address(lesson)}&{row}")) == plain


def test_what_is_counted_in_another_way_is_said(client, lesson, tubes):
    ListingFactory(category=tubes, stock__unit="kg", stock__offered=30)

    assert "räknas på ett annat sätt" in rows(read(client, address(lesson)))[0]


def test_the_plan_is_printed_with_its_shopping_list_and_goes_into_the_calendar(
    client, lesson, tubes, teacher
):
    giver = CompanyFactory(name="Rör AB")
    ListingFactory(title="Korta rör", category=tubes, organisation=giver, stock__offered=30)
    send(client, address(lesson), wanted="on")
    kit = LessonKit.objects.get()

    pdf = client.get(f"/mitt/kit/{kit.pk}/plan.pdf").content
    calendar = Calendar.from_ical(client.get(f"/mitt/kit/{kit.pk}/kalender.ics").content)

    assert_accessible(pdf, language="sv", title=lesson.title)
    printed = words(pdf)
    assert "24 stycken: Korta rör" in printed
    assert "Tejp: 4 rullar" in printed
    [event] = calendar.walk("VEVENT")
    assert event["dtstart"].dt == kit.monday
    assert "Korta rör" in event["description"]


def test_a_whole_kit_is_called_off_at_once(client, lesson, tubes, teacher):
    ListingFactory(category=tubes, stock__offered=30)
    send(client, address(lesson), wanted="on")
    kit = LessonKit.objects.get()

    client.post(f"/mitt/kit/{kit.pk}/avboka/")

    assert kit.reservations.get().state == "cancelled"
    assert not kit.wanted_ads.get().current_workflow_state


def test_a_lesson_idea_is_printed_as_an_accessible_page(client, lesson):
    response = client.get(f"/idebank/{lesson.pk}/ide.pdf?barn=8&grupper=2")

    assert_accessible(response.content, language="sv", title=lesson.title)
    assert "Hylsor: 24 stycken" in words(response.content)


@pytest.mark.parametrize("query", ["barn=0", "barn=många", "barn=8&grupper=900", "barn=8&vecka=99"])
def test_a_group_that_cannot_be_is_asked_about_again(client, lesson, query):
    page = read(client, f"/idebank/{lesson.pk}/kit/?{query}")

    assert page.select(".field__error")
    assert page.title.text.startswith("Fel: ")
    assert page.find(id=page.select_one("[data-focus] a")["href"].removeprefix("#"))
    assert not page.find(id="the-kit")


def test_24_ideas_take_as_many_questions_as_one(lesson, tubes, pages, django_assert_num_queries):
    ListingFactory.create_batch(3, category=tubes, stock__offered=30)
    school = SchoolFactory()
    user = MembershipFactory(organisation=school).user
    for _more in range(4):
        pages.lesson(materials=[{"category": tubes, "quantity": Decimal(1), "unit": "st"}])

    def stocktake(count):
        lessons = list(LessonIdeaPage.for_cards()[:count])
        asker = Asker(user, school, None)
        found = Stocktake(lessons, asker)
        return [propose(each, Group(8, 2), found) for each in lessons]

    stocktake(1)
    with CaptureQueriesContext(connection) as one:
        stocktake(1)
    with django_assert_num_queries(len(one)):
        assert len(stocktake(5)) == 5


def test_a_sent_kit_is_on_my_page_with_how_it_stands(client, lesson, teacher, tubes, tape):
    school = teacher.organisations.get()
    assert not read(client, "/mitt/").select("#own-kits")
    waiting = ReservationFactory(organisation=school, listing=ListingFactory(category=tubes))
    kit = LessonKit.objects.create(
        lesson=lesson, organisation=school, children=8, groups=2, monday=coming_mondays()[0]
    )
    kit.reservations.add(waiting)

    section = read(client, "/mitt/").select_one("#own-kits").find_parent("section")

    assert section.select_one("a")["href"] == kit.get_absolute_url()
    assert "1 väntar på svar" in section.get_text()


@pytest.mark.parametrize(("left", "is_enough"), [(72, True), (71, False)])
def test_material_says_for_which_ideas_it_is_enough_for_a_class(
    client, lesson, tubes, left, is_enough
):
    """Three for each of 24 children."""
    listing = ListingFactory(category=tubes, stock__offered=left)

    page = read(client, listing.get_absolute_url())

    assert "Kulbana" in page.select_one("section[aria-labelledby=lesson-ideas]").get_text()
    kits = page.select(f'a[href^="/idebank/{lesson.pk}/kit/?barn=24"]')
    assert bool(kits) == is_enough
