"""From a lesson idea to material and back."""

import json

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from taggit.models import Tag
from wagtail.models import Locale

from inspiration.lessons.models import LessonMaterial
from marketplace.listings.models import MaterialListing
from search.index.entries import refresh_all
from tests.factories import (
    CategoryFactory,
    CompanyFactory,
    ListingFactory,
    MembershipFactory,
    SchoolFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def tubes():
    return CategoryFactory(slug="hylsor", name="Hylsor", parent=CategoryFactory(slug="papper"))


def soup(response):
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def cards(response, section):
    found = soup(response).select(f"section[aria-labelledby={section}] .card__title")
    return [each.get_text(strip=True) for each in found]


def test_a_lesson_idea_shows_what_can_be_had_for_it_now(client, pages, tubes):
    lesson = pages.lesson(materials=[{"category": tubes.parent}])
    ListingFactory(title="Långa hylsor", category=tubes)
    ListingFactory(title="Tyg")
    ListingFactory(title="Slut", category=tubes, stock__offered=2, stock__collected=2)

    assert cards(client.get(lesson.url), "material-now") == ["Långa hylsor"]


def test_material_is_found_by_a_word_as_well_as_by_its_category(client, pages, tubes):
    tag = Tag.objects.create(name="magnet")
    lesson = pages.lesson(materials=[{"tag": tag, "amount": "en var"}])
    listing = ListingFactory(title="Högtalarmagneter")
    listing.tags.add(tag)
    listing.save()

    answer = client.get(lesson.url)

    assert cards(answer, "material-now") == ["Högtalarmagneter"]
    assert "magnet</a>: en var" in answer.content.decode()


def test_those_who_are_signed_in_see_the_nearest_first(client, pages, tubes):
    lesson = pages.lesson(materials=[{"category": tubes}])
    here, there = {"latitude": "56.04", "longitude": "12.69"}, {"latitude": "56.4", "longitude": 13}
    ListingFactory(title="Nära", category=tubes, organisation=CompanyFactory(**here))
    ListingFactory(title="Långt", category=tubes, organisation=CompanyFactory(**there))
    teacher = MembershipFactory(organisation=SchoolFactory(**here)).user

    stranger = client.get(lesson.url)
    client.force_login(teacher)
    answer = client.get(lesson.url)

    assert cards(stranger, "material-now") == ["Långt", "Nära"]
    assert " km" not in soup(stranger).select_one("[aria-labelledby=material-now]").get_text()
    assert cards(answer, "material-now") == ["Nära", "Långt"]
    assert "0 km" in answer.content.decode()
    assert "44 km" in answer.content.decode()


def test_an_unknown_place_has_no_distance(client, pages, tubes):
    lesson = pages.lesson(materials=[{"category": tubes}])
    ListingFactory(title="Någonstans", category=tubes, organisation=CompanyFactory(latitude=None))
    here = {"latitude": "56.04", "longitude": "12.69"}
    client.force_login(MembershipFactory(organisation=SchoolFactory(**here)).user)

    answer = client.get(lesson.url)

    assert cards(answer, "material-now") == ["Någonstans"]
    assert " km" not in soup(answer).select_one("[aria-labelledby=material-now]").get_text()


def test_an_organisation_without_a_place_is_where_its_municipality_is(tubes):
    municipality = CompanyFactory().municipality
    ListingFactory(organisation__municipality=municipality)
    position = (municipality.latitude, municipality.longitude)

    found = MaterialListing.objects.nearest_to(position).get()

    assert found.distance_km == pytest.approx(0)


def test_a_listing_shows_what_can_be_done_with_it_the_most_fitting_first(client, pages, tubes):
    pages.lesson(title="Vidare", materials=[{"category": tubes.parent}])
    pages.lesson(title="Precis", materials=[{"category": tubes}])
    pages.lesson(title="Annat", materials=[{"category": CategoryFactory()}])
    listing = ListingFactory(category=tubes)

    assert cards(client.get(listing.get_absolute_url()), "lesson-ideas") == ["Precis", "Vidare"]


def test_a_listing_leads_to_all_ideas_with_its_material(client, pages, tubes):
    pages.lesson(title="Precis", materials=[{"category": tubes}])
    listing = ListingFactory(category=tubes)

    page = soup(client.get(listing.get_absolute_url()))
    address = page.select_one("section[aria-labelledby=lesson-ideas] .section__head a")["href"]

    assert "Precis" in client.get(address).content.decode()


def test_an_english_page_shows_english_ideas_and_swedish_ones_where_there_are_none(
    client, pages, tubes
):
    lesson = pages.lesson(title="Kulbana", materials=[{"category": tubes}])
    listing = ListingFactory(category=tubes)
    english = f"/en{listing.get_absolute_url()}"

    before = cards(client.get(english), "lesson-ideas")
    pages.translate(lesson, title="Marble run")

    assert before == ["Kulbana"]
    assert cards(client.get(english), "lesson-ideas") == ["Marble run"]


@pytest.fixture
def in_english(pages, tubes):
    copy = tubes.copy_for_translation(Locale.objects.get(language_code="en"))
    copy.name = "Tubes"
    copy.save()


def test_an_english_lesson_idea_is_found_by_its_material_in_english(
    client, pages, tubes, in_english
):
    lesson = pages.lesson(title="Kulbana", materials=[{"category": tubes}])
    pages.translate(lesson, title="Marble run")
    refresh_all()

    assert "Marble run" in client.get("/en/sok/?q=tubes").content.decode()


def test_cards_in_english_say_what_material_it_is_in_english(client, pages, tubes, in_english):
    lesson = pages.lesson(title="Kulbana", materials=[{"category": tubes}])
    ListingFactory(category=tubes)

    def kind_of_material(address):
        return (
            soup(client.get(address))
            .select_one("[aria-labelledby=material-now] .card__kicker")
            .text
        )

    assert kind_of_material(lesson.url) == "Hylsor"
    assert kind_of_material(pages.translate(lesson, title="Marble run").url) == "Tubes"


def test_material_of_a_lesson_idea_is_a_category_or_a_word():
    with pytest.raises(ValidationError, match=r"kategori|category"):
        LessonMaterial(amount="tio").full_clean(exclude=["page", "locale"])


def test_a_lesson_idea_tells_robots_what_it_is(client, pages, tubes):
    lesson = pages.lesson(
        duration_minutes=60, age_groups=["f-3"], materials=[{"category": tubes, "amount": "10"}]
    )

    script = soup(client.get(lesson.url)).select_one("script[type='application/ld+json']")
    data = json.loads(script.string)
    thing, way = data["@graph"]

    assert thing["@type"] == ["LearningResource", "HowTo"]
    assert thing["timeRequired"] == "PT60M"
    assert thing["supply"] == [{"@type": "HowToSupply", "name": "Hylsor 10"}]
    assert [each["name"] for each in way["itemListElement"]] == ["Start", "Lektioner", "Kulbana"]
