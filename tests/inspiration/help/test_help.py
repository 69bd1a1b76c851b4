"""The help page: questions by role, found by their words, linked from where they arise."""

import json

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError

from inspiration.help.models import HelpPage
from portal.site.starter.pages import Pages
from tests.factories import ListingFactory, MembershipFactory, SchoolFactory

pytestmark = pytest.mark.django_db


def role(title, *questions):
    return {
        "type": "role",
        "value": {
            "title": title,
            "questions": [
                {"key": key, "question": question, "answer": f"<p>{answer}</p>"}
                for key, question, answer in questions
            ],
        },
    }


@pytest.fixture
def help_page(pages):
    roles = [
        role("Företag", ("ge", "Vad får vi ge?", "Allt som är helt.")),
        role(
            "Lärare",
            ("del", "Måste jag boka allt?", "Nej, en del räcker."),
            ("ko", "Allt är bokat. Vad gör jag?", "Ställ er i kö."),
        ),
    ]
    return pages.add(HelpPage, title="Hjälp", slug="hjalp", roles=json.dumps(roles))


def read(client, address):
    return BeautifulSoup(client.get(address).content, "html.parser")


def questions(page):
    return [each.get_text(strip=True) for each in page.select("main summary")]


def test_questions_are_read_by_who_asks_them(client, help_page):
    page = read(client, "/hjalp/")

    assert [each.get_text(strip=True) for each in page.select("main h2")] == ["Företag", "Lärare"]
    assert len(questions(page)) == 3
    assert page.find(id="ge").get_text(strip=True) == "Allt som är helt."


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("boka allt", ["Måste jag boka allt?", "Allt är bokat. Vad gör jag?"]),
        ("KÖ", ["Allt är bokat. Vad gör jag?"]),
        ("räcker", ["Måste jag boka allt?"]),
        ("månen", []),
    ],
)
def test_answers_are_searched(client, help_page, asked, found):
    page = read(client, f"/hjalp/?q={asked}")

    assert [each for each in questions(page) if each in found] == found
    assert len(questions(page)) == len(found) or asked == "boka allt"
    assert bool(found) != ("Inget svar" in page.find("main").get_text())


def test_a_link_to_an_answer_stands_where_the_question_arises(client, help_page):
    client.force_login(MembershipFactory(organisation=SchoolFactory()).user)

    link = read(client, f"/material/{ListingFactory().pk}/boka/").find("a", href="/hjalp/#del")

    assert link.get_text(strip=True) == "Måste jag boka allt?"


def test_without_a_help_page_nothing_leads_to_it(client, pages):
    client.force_login(MembershipFactory(organisation=SchoolFactory()).user)

    page = read(client, f"/material/{ListingFactory().pk}/boka/")

    assert page.find(attrs={"name": "quantity"})
    assert not page.select("a[href*=hjalp]")


def test_the_help_page_is_linked_from_the_foot_of_every_page(client, help_page):
    assert read(client, "/effekt/").select("footer a[href='/hjalp/']")


def test_two_questions_cannot_share_a_name(help_page):
    help_page.roles = json.dumps([role("A", ("ge", "Vad?", "Ja")), role("B", ("ge", "När?", "Nu"))])

    with pytest.raises(ValidationError, match="ge"):
        help_page.full_clean()


def test_a_new_site_answers_five_questions_of_each_role_in_both_languages(pages):
    Pages(start=pages.sv).help({"sv": pages.sv, "en": pages.en})

    swedish, english = (HelpPage.objects.get(locale__language_code=each) for each in ("sv", "en"))

    for page in (swedish, english):
        assert [len(each.questions) for each in page.questions()] == [5] * 7
        assert page.slug == "hjalp"
    assert swedish.translation_key == english.translation_key
