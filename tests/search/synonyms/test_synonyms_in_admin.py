"""Editors keep the synonyms and the recommendations of search."""

import pytest
from bs4 import BeautifulSoup
from wagtail.contrib.search_promotions.models import Query, SearchPromotion

from inspiration.pages.models import HomePage
from search.index.entries import refresh_all
from search.synonyms.models import Synonym
from search.synonyms.services import initial_rules
from tests.factories import ListingFactory, UserFactory, give

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("portal")]
SYNONYMS = "/admin/snippets/search/synonym"


@pytest.fixture
def editor(client):
    user = UserFactory()
    give(user, "editor")
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return user


def found(client, text):
    soup = BeautifulSoup(client.get("/sok/", {"q": text}).content, "html.parser")
    return [
        each.get_text(strip=True) for each in soup.select("#results > .search__cards .card__title")
    ]


def test_a_portal_begins_with_the_rules_that_come_with_it():
    assert set(Synonym.objects.values_list("rule", flat=True)) == set(initial_rules())


def test_an_editor_teaches_search_a_word(client, editor):
    ListingFactory(title="Wellpapp i ark")
    refresh_all()
    before = found(client, "flarnskiva")

    client.post(f"{SYNONYMS}/add/", {"rule": "flarnskiva, wellpapp", "active": "on", "note": ""})

    assert before == []
    assert found(client, "flarnskiva") == ["Wellpapp i ark"]


def test_a_new_rule_leaves_the_others_in_force(client, editor):
    client.post(f"{SYNONYMS}/add/", {"rule": "flarn, wellpapp", "active": "on", "note": ""})

    assert Synonym.objects.filter(active=True).count() == len(initial_rules()) + 1


def test_the_form_begins_with_the_words_that_nobody_found(client, editor):
    page = BeautifulSoup(client.get(f"{SYNONYMS}/add/?rule=flarnskiva, ").content, "html.parser")

    assert page.find(attrs={"name": "rule"})["value"] == "flarnskiva, "


@pytest.mark.parametrize(
    "rule",
    [
        "ensamt",
        "en => två => tre",
        "=> papp",
        ", ".join(f"ord{number}" for number in range(21)),
        "en rad av ord, papp",
        "och, papp",
    ],
)
def test_a_rule_that_says_nothing_is_refused_with_a_reason(client, editor, rule):
    response = client.post(f"{SYNONYMS}/add/", {"rule": rule, "active": "on", "note": ""})

    page = BeautifulSoup(response.content, "html.parser")
    assert page.select_one("#panel-child-rule-errors, .w-field__errors").get_text(strip=True)
    assert not Synonym.objects.filter(rule=rule).exists()


def test_the_preview_says_what_a_question_becomes(client, editor):
    address = f"{SYNONYMS}/preview/"
    client.post(address, {"rule": "flarnskiva => wellpapp", "active": "on", "note": ""})

    page = BeautifulSoup(client.get(address).content, "html.parser")

    assert "flarnskiva" in page.h2.get_text()
    looked_for = [each.get_text(strip=True) for each in page.select("main li strong")]
    assert looked_for[:2] == ["flarnskiva", "wellpapp"]


def test_an_editor_recommends_a_page_for_a_question(client, editor):
    form = BeautifulSoup(
        client.get("/admin/sokningar/rekommendera/?q=flarnskiva").content, "html.parser"
    )
    assert form.find(attrs={"name": "query_string"})["value"] == "flarnskiva"

    client.post(
        form.select_one("form[method=POST]")["action"],
        {
            "query_string": "flarnskiva",
            "editors_picks-TOTAL_FORMS": 1,
            "editors_picks-INITIAL_FORMS": 0,
            "editors_picks-0-page": HomePage.objects.get().pk,
            "editors_picks-0-ORDER": 1,
        },
    )

    assert SearchPromotion.objects.get().query == Query.objects.get(query_string="flarnskiva")
    assert "Redaktionen tipsar" in client.get("/sok/?q=Flarnskiva").content.decode()
