"""A published wanted ad asks likely givers; each at most once a week, answered with one tap."""

from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone

from marketplace.exchange.handovers.facts import HandoverFacts
from marketplace.exchange.handovers.services import record_handover
from marketplace.notifications.models import Notification
from marketplace.wanted.demand import demand
from marketplace.wanted.models import WantedAd
from marketplace.wanted.questions.models import GiverQuestion, NeverAsked
from marketplace.wanted.questions.services import answer_question, ask_givers, likely_givers
from tests.factories import (
    CategoryFactory,
    CompanyFactory,
    ListingFactory,
    MembershipFactory,
    MunicipalityFactory,
    SchoolFactory,
)

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 5, 20, 12, tzinfo=ZoneInfo("Europe/Stockholm"))


@pytest.fixture
def cardboard():
    return CategoryFactory(name="Kartong", slug="kartong")


def ad_for(category, **fields):
    return WantedAd.objects.create(
        **{
            "organisation": SchoolFactory(),
            "title": "Stora kartonger",
            "description": "Till kojor.",
            "category": category,
            "live": True,
            "first_published_at": NOON - timedelta(days=1),
        }
        | fields
    )


def giver(category, *, given=False, **fields):
    """A company with somebody in it that has offered, and perhaps given, of `category`."""
    company = CompanyFactory()
    MembershipFactory(organisation=company)
    listing = ListingFactory(organisation=company, category=category, **fields)
    if given:
        record_handover(
            listing=listing,
            receiver=SchoolFactory(),
            facts=HandoverFacts(quantity=Decimal(1), mass_kg=Decimal(1)),
        )
    return company


def asked(ad):
    return {question.organisation for question in ad.questions.all()}


def test_those_who_gave_or_offered_such_things_are_asked_and_no_others(cardboard):
    below = CategoryFactory(parent=cardboard)
    likely = {giver(cardboard), giver(below, given=True)}
    giver(CategoryFactory())
    giver(cardboard, live=False, first_published_at=None)
    ad = ad_for(cardboard)

    assert ask_givers(NOON) == 2
    assert ask_givers(NOON) == 0
    assert asked(ad) == likely
    told = Notification.objects.filter(type="wanted_asked").values_list("organisation", flat=True)
    assert set(told) == {each.pk for each in likely}


def test_a_shared_word_is_enough(cardboard):
    listing = ListingFactory()
    listing.tags.add("koja")
    listing.save()
    ad = ad_for(cardboard)
    ad.tags.add("koja")
    ad.save()

    assert likely_givers(ad, NOON) == [listing.organisation]


def test_who_gave_comes_before_who_keeps_getting_it_and_then_the_nearest(cardboard):
    offered = giver(cardboard)
    far = giver(cardboard)
    far.latitude, far.longitude = Decimal(60), Decimal(15)
    far.save()
    again = giver(cardboard, recurrence="weekly")
    gave = giver(cardboard, given=True)

    assert likely_givers(ad_for(cardboard), NOON) == [gave, again, offered, far]


def place(company, latitude, longitude):
    company.latitude, company.longitude = Decimal(latitude), Decimal(longitude)
    company.save()


def test_degrees_to_the_east_are_shorter_than_degrees_to_the_north(cardboard):
    """At 56° north 0.15° to the east are 9 km, 0.1° to the north 11 km, and 0.3° east 19 km."""
    east, north, further_east = giver(cardboard), giver(cardboard), giver(cardboard)
    place(east, "56", "12.85")
    place(north, "56.1", "12.7")
    place(further_east, "56", "13")
    school = SchoolFactory()
    place(school, "56", "12.7")

    found = likely_givers(ad_for(cardboard, organisation=school), NOON)

    assert found == [east, north, further_east]


def test_ten_are_asked_about_an_ad_and_no_more_later(cardboard):
    for _number in range(12):
        giver(cardboard)
    ad = ad_for(cardboard)

    assert [ask_givers(NOON), ask_givers(NOON + timedelta(days=8))] == [10, 0]
    assert ad.questions.count() == 10
    ad_for(cardboard)
    assert ask_givers(NOON + timedelta(days=8)) == 10


def test_nobody_is_asked_twice_in_a_week_whatever_is_looked_for(cardboard):
    company = giver(cardboard)
    first, second = ad_for(cardboard), ad_for(cardboard)

    assert [ask_givers(NOON + timedelta(days=days)) for days in (0, 3, 6, 8, 20)] == [1, 0, 0, 1, 0]
    assert asked(first) == asked(second) == {company}


def test_never_this_is_remembered_and_not_now_is_not(cardboard):
    never, later = giver(cardboard), giver(cardboard)
    ad_for(cardboard)
    ask_givers(NOON)
    answers = {never: "never", later: "not_now"}
    for question in GiverQuestion.objects.all():
        answer_question(question=question, answer=answers[question.organisation])

    next_ad = ad_for(cardboard)
    ask_givers(NOON + timedelta(days=8))

    assert asked(next_ad) == {later}
    assert NeverAsked.objects.get().organisation == never


def test_who_changes_a_never_says_nothing_of_other_material(cardboard):
    company, wood = giver(cardboard), CategoryFactory()
    ListingFactory(organisation=company, category=wood)
    for category, days in ((cardboard, 0), (wood, 8)):
        ad = ad_for(category)
        ask_givers(NOON + timedelta(days=days))
        answer_question(question=ad.questions.get(), answer="never")
    assert NeverAsked.objects.count() == 2

    answer_question(question=ad.questions.get(), answer="not_now")

    assert NeverAsked.objects.get().category == cardboard


def test_the_one_who_looks_those_not_approved_and_closed_ads_are_left_out(cardboard):
    own = giver(cardboard)
    pending = giver(cardboard)
    pending.approval = "pending"
    pending.save()
    company = giver(cardboard)
    ad_for(cardboard, organisation=own)
    ad_for(cardboard, live=False)
    ad_for(cardboard, wanted_until=NOON.date() - timedelta(days=1))

    ask_givers(NOON)

    assert [each.organisation for each in GiverQuestion.objects.all()] == [company]


def test_nobody_is_asked_at_night(cardboard):
    giver(cardboard)
    ad_for(cardboard)

    assert ask_givers(NOON.replace(hour=7)) == 0
    assert ask_givers(NOON.replace(hour=8)) == 1


# --- The answer ----------------------------------------------------------------------------------


@pytest.fixture
def question(cardboard):
    ad = ad_for(cardboard, first_published_at=timezone.now())
    return GiverQuestion.objects.create(wanted_ad=ad, organisation=CompanyFactory())


def test_have_some_leads_to_a_listing_that_is_filled_in(question):
    client = Client()
    client.get(question.get_absolute_url())
    question.refresh_from_db()
    assert question.answer == ""

    answer = client.post(question.get_absolute_url(), {"svar": "have"}, follow=True)

    question.refresh_from_db()
    assert question.answer == "have"
    assert 'value="Stora kartonger"' in answer.content.decode()


def test_a_no_needs_no_account_and_can_be_changed(question):
    client = Client()
    for answer in ("never", "not_now"):
        page = client.post(question.get_absolute_url(), {"svar": answer}, follow=True)
        question.refresh_from_db()
        assert question.answer == answer
        assert NeverAsked.objects.exists() == (answer == "never")
        assert page.status_code == 200


def test_a_made_up_link_opens_nothing(question):
    client = Client()
    assert client.get(question.get_absolute_url()).status_code == 200
    assert client.get("/efterlysningar/fraga/made-up/").status_code == 404
    client.post(question.get_absolute_url(), {"svar": "perhaps"})
    question.refresh_from_db()
    assert question.answer == ""
    question.organisation.approval = "rejected"
    question.organisation.save()
    assert client.get(question.get_absolute_url()).status_code == 404


# --- What schools look for ---------------------------------------------------------------------


def test_only_what_five_look_for_is_counted(cardboard):
    place, paper = MunicipalityFactory(slug="bjuv"), CategoryFactory(name="Papper")
    below = CategoryFactory(parent=cardboard)
    for category in (cardboard, cardboard, below, below, below):
        ad_for(category, organisation=SchoolFactory(municipality=place))
    for _each in range(4):
        ad_for(paper, organisation=SchoolFactory(municipality=place))
    again = WantedAd.objects.order_by("pk").first().organisation
    ad_for(below, organisation=again)

    found, others = demand([place])

    assert [(each.name, each.count) for each in found] == [("Kartong", 5)]
    assert others == 0
    page = Client().get("/efterlysningar/oversikt/?kommun=bjuv").content.decode()
    assert "Kartong" in page
    assert "Papper" not in page

    ad_for(CategoryFactory(), organisation=SchoolFactory(municipality=place))
    assert demand([place])[1] == 5
    assert demand([MunicipalityFactory()]) == ([], 0)
