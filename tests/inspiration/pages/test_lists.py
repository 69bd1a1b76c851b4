"""Lists of pages: what they can be narrowed by, their order and their feeds."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.utils import timezone

from tests.factories import CategoryFactory, CompanyFactory, MunicipalityFactory

pytestmark = pytest.mark.django_db


def soup(response):
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def titles(response):
    return [each.get_text(strip=True) for each in soup(response).select(".card__title")]


def test_lesson_ideas_are_narrowed_by_age_and_subject_together(client, pages):
    pages.lesson(title="A", age_groups=["f-3"], subjects=["bild"])
    pages.lesson(title="B", age_groups=["f-3", "ak-4-6"], subjects=["fysik"])
    pages.lesson(title="C", age_groups=["ak-4-6"], subjects=["bild"])

    assert titles(client.get("/lektioner/?alder=f-3")) == ["B", "A"]
    assert titles(client.get("/lektioner/?alder=f-3&amne=bild")) == ["A"]


def test_lesson_ideas_are_narrowed_by_material_and_what_lies_below_it(client, pages):
    paper = CategoryFactory(slug="papper")
    tubes = CategoryFactory(slug="hylsor", parent=paper)
    pages.lesson(title="Rör", materials=[{"category": tubes}])
    pages.lesson(title="Tyg", materials=[{"category": CategoryFactory(slug="tyg")}])

    assert titles(client.get("/lektioner/?material=papper")) == ["Rör"]


def test_lesson_ideas_are_narrowed_by_goal_area_and_time(client, pages):
    pages.lesson(title="Kort", duration_minutes=30, preschool_goals=["normer-och-varden"])
    pages.lesson(title="Lång", duration_minutes=120, preschool_goals=["normer-och-varden"])

    assert titles(client.get("/lektioner/?mal=normer-och-varden&tid=60")) == ["Kort"]


def test_only_what_leaves_something_is_offered_as_a_filter(client, pages):
    pages.lesson(age_groups=["f-3"])
    pages.lesson(age_groups=["ak-4-6"])

    offered = soup(client.get("/lektioner/")).select("select[name=alder] option")

    assert [each["value"] for each in offered] == ["", "f-3", "ak-4-6"]


def test_nonsense_in_the_address_is_left_out(client, pages):
    pages.lesson(title="A")

    assert titles(client.get("/lektioner/?alder=%27--&tid=1e9&ordning=x&sida=-3")) == ["A"]


def test_nothing_found_leads_back_to_everything(client, pages):
    pages.lesson(age_groups=["f-3"], subjects=["bild"])
    pages.lesson(age_groups=["ak-4-6"], subjects=["fysik"])

    page = soup(client.get("/lektioner/?alder=f-3&amne=fysik"))

    assert page.select_one(".empty a")["href"] == "/lektioner/"


def test_lesson_ideas_come_by_time_when_asked(client, pages):
    for title, minutes in [("Lång", 90), ("Kort", 20), ("Okänd", None)]:
        pages.lesson(title=title, duration_minutes=minutes)

    assert titles(client.get("/lektioner/?ordning=tid")) == ["Kort", "Lång", "Okänd"]


def test_stories_are_narrowed_by_municipality(client, pages):
    index = pages.index("Berättelser", slug="berattelser")
    klippan = MunicipalityFactory(slug="klippan")
    pages.story("Här", index, company=CompanyFactory(municipality=klippan))
    pages.story("Där", index, company=CompanyFactory())

    assert titles(client.get("/berattelser/?kommun=klippan")) == ["Här"]


def test_articles_are_narrowed_by_tag(client, pages):
    one, other = pages.article("Ett"), pages.article("Två")
    for page, word in [(one, "vikt"), (other, "pedagogik")]:
        page.tags.add(word)
        page.save()

    assert titles(client.get("/artiklar/?tagg=vikt")) == ["Ett"]


def test_campaigns_that_run_come_before_those_to_come_and_those_that_are_over(client, pages):
    index = pages.index("Kampanjer", slug="kampanjer")
    today = timezone.localdate()
    for title, starts, ends in [("Slut", -9, -1), ("Snart", 5, 9), ("Nu", -1, 1)]:
        days = {"starts_on": starts, "ends_on": ends}
        pages.campaign(
            title, index, goal=1, **{name: today + timedelta(days=n) for name, n in days.items()}
        )

    assert titles(client.get("/kampanjer/")) == ["Nu", "Snart", "Slut"]
    assert titles(client.get("/kampanjer/?lage=slut")) == ["Slut"]


def test_a_long_list_has_pages_that_keep_the_filters(client, pages):
    for number in range(13):
        pages.lesson(title=f"L{number}", age_groups=["f-3"])
    pages.lesson(title="Annan", age_groups=["ak-4-6"])

    first = client.get("/lektioner/?alder=f-3")
    forward = soup(first).select_one("a[rel=next]")["href"]

    assert len(titles(first)) == 12
    assert titles(client.get(f"/lektioner/{forward}")) == ["L0"]


@pytest.mark.parametrize("kind", ["rss", "atom"])
def test_a_list_announces_a_feed_with_its_pages(client, pages, kind):
    pages.lesson(title="Kulbana", summary="Papprör och tejp.")

    link = soup(client.get("/lektioner/")).select_one(f"link[type='application/{kind}+xml']")
    answer = client.get(link["href"])
    text = answer.content.decode()

    assert answer["Content-Type"].startswith(f"application/{kind}+xml")
    assert "Kulbana" in text
    assert "Papprör och tejp." in text
    assert "http://localhost:8000/lektioner/kulbana/" in text
    assert {"rss": "<language>sv</language>", "atom": 'xml:lang="sv"'}[kind] in text


def test_a_feed_is_narrowed_like_its_list(client, pages):
    pages.lesson(title="Liten", age_groups=["f-3"])
    pages.lesson(title="Stor", age_groups=["ak-4-6"])

    text = client.get("/lektioner/rss/?alder=f-3").content.decode()

    assert "Liten" in text
    assert "Stor" not in text
