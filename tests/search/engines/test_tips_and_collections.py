"""What units tell, and what editors put together, is found like any lesson idea."""

import json

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from inspiration.lessons.collections import CollectionPage
from inspiration.lessons.tips.models import LessonTip
from inspiration.lessons.tips.services import remove_tip, submit_tip
from search.index import entries as index
from search.index.models import SearchEntry
from search.intentions.models import Intention
from tests.factories import (
    CategoryFactory,
    ListingFactory,
    MembershipFactory,
    MunicipalityFactory,
    SchoolFactory,
    UserFactory,
    give,
)
from tests.inspiration.conftest import pages

__all__ = ["pages"]

pytestmark = pytest.mark.django_db


@pytest.fixture
def school(pages):
    return SchoolFactory(name="Björkskolan", municipality=MunicipalityFactory(slug="bjuv"))


def told(school, *, title="Kulbana i trappan", approved=True, **values):
    """A tip that the school has sent, and that an editor has approved."""
    editor = give(UserFactory(), "editor")
    new = LessonTip(organisation=school, title=title, **({"text": "Vi tejpade rören."} | values))
    by = MembershipFactory(organisation=school).user
    tip = submit_tip(tip=new, images=[], categories=[CategoryFactory(name="Rör")], by=by)
    if approved:
        tip.current_workflow_task_state.approve(user=editor)
    return LessonTip.objects.get(pk=tip.pk)


def collection(pages, *lessons, title="Tema hav", **values):
    idea_bank = pages.index("Idébank", slug="samlingar", lists="lessonideapage")
    chosen = json.dumps([{"type": "lesson", "value": each.pk} for each in lessons])
    return pages.add(CollectionPage, idea_bank, title, lessons=chosen, **values)


def shown(address):
    """The titles of the cards on a search page."""
    page = BeautifulSoup(Client().get(address).content, "html.parser")
    return [each.get_text(strip=True) for each in page.select("#results .card__title")]


def test_a_tip_is_found_by_its_words_its_material_and_its_unit(engine, school):
    told(school)
    told(school, title="Väntar", approved=False)

    for words in ("trappan", "tejp", "rör", "Björkskolan"):
        assert engine.titles(f"q={words}") == ["Kulbana i trappan"], words
    assert engine.titles("typ=tips") == ["Kulbana i trappan"]
    assert engine.ask("").facets["typ"]["tips"] == 1


def test_a_tip_is_found_in_every_language_and_on_no_other_site(engine, school):
    told(school)

    assert engine.titles("q=kulbana", municipalities=("bjuv",)) == ["Kulbana i trappan"]
    assert engine.titles("q=kulbana", municipalities=("lund",)) == []
    assert engine.titles("q=kulbana", language="en") == ["Kulbana i trappan"]


def test_a_tip_suits_the_youngest_whom_it_is_for(engine, school):
    told(school, title="För stora", age_groups=["f-3"])
    told(school, title="För små", age_groups=["forskola-1-3", "forskola-3-5"])
    told(school, title="Okänt")

    assert engine.titles("typ=tips&fran=1") == ["För små"]
    assert engine.titles("typ=tips&alder=f-3") == ["För stora"]


def test_a_collection_is_found_by_its_title_and_its_ideas(engine, pages):
    boats = pages.lesson(title="Barkbåtar", age_groups=["f-3"])
    collection(pages, boats)

    assert engine.titles("typ=samling") == ["Tema hav"]
    assert engine.titles("q=hav") == ["Tema hav"]
    assert engine.titles("q=barkbåt") == ["Barkbåtar", "Tema hav"]
    assert engine.titles("typ=samling&alder=f-3") == ["Tema hav"]


def test_collections_and_tips_answer_an_intention_before_material(engine, pages, school):
    Intention.objects.all().delete()
    shells = CategoryFactory(slug="snackor", name="Snäckor")
    Intention.objects.create(type="theme", phrases="hav", words="", best_categories=["snackor"])
    ListingFactory(title="Snäckor", description="", category=shells)
    collection(pages, pages.lesson(title="Barkbåtar"))
    told(school, title="Vårt hav")

    found = engine.titles("q=tema+hav")

    assert set(found[:2]) == {"Tema hav", "Vårt hav"}
    assert found[2:] == ["Snäckor"]


def test_a_tip_is_found_once_it_is_approved_and_no_longer_once_it_is_removed(
    school, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        tip = told(school)
    assert shown("/sok/?q=kulbana") == ["Kulbana i trappan"]

    with django_capture_on_commit_callbacks(execute=True):
        remove_tip(tip=tip)

    assert shown("/sok/?q=kulbana") == []


def test_a_withdrawn_tip_is_no_longer_found(school, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        tip = told(school)
    assert shown("/sok/?q=kulbana") == ["Kulbana i trappan"]

    with django_capture_on_commit_callbacks(execute=True):
        tip.unpublish()

    assert shown("/sok/?q=kulbana") == []


def test_a_collection_follows_its_ideas(pages, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        idea = pages.lesson(title="Barkbåtar")
        page = collection(pages, idea)
    assert set(shown("/sok/?q=barkbåt")) == {"Barkbåtar", "Tema hav"}

    idea.title = "Flottar"
    with django_capture_on_commit_callbacks(execute=True):
        idea.save_revision().publish()
    assert shown("/sok/?q=barkbåt") == []
    assert set(shown("/sok/?q=flotte")) == {"Flottar", "Tema hav"}

    with django_capture_on_commit_callbacks(execute=True):
        page.unpublish()
    assert shown("/sok/?q=flotte") == ["Flottar"]


def test_what_was_lost_on_the_way_is_put_right(pages, school):
    told(school)
    collection(pages, pages.lesson(title="Barkbåtar"))
    SearchEntry.objects.all().delete()

    index.refresh_lost()

    assert {*SearchEntry.objects.values_list("type", flat=True)} >= {"tips", "samling"}


@pytest.mark.parametrize(
    ("language", "kinds", "path"),
    [("", ("Tips", "Samling"), "/"), ("/en", ("Tip", "Collection"), "/en/")],
)
def test_their_cards_say_what_they_are_and_who_tells(pages, school, language, kinds, path):
    tip = told(school)
    page = collection(pages, pages.lesson(title="Barkbåtar"))
    pages.translate(page, title="The sea")
    index.refresh_all()

    html = Client().get(f"{language}/sok/?typ=tips&typ=samling").content
    cards = BeautifulSoup(html, "html.parser").select("#results .card")

    assert {each.select_one(".badge").get_text(strip=True) for each in cards} == {*kinds}
    told_by = {each.select_one(".card__kicker") for each in cards} - {None}
    assert [each.get_text(strip=True) for each in told_by] == ["Björkskolan"]
    links = {each.select_one(".card__title a")["href"] for each in cards}
    assert f"{path}idebank/tips/{tip.pk}/" in links
