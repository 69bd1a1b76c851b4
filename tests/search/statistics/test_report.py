"""The report of searches in the admin: what is asked, what is not found, and who sees which."""

import csv
import io
from datetime import date

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook
from wagtail.users.models import UserProfile

from search.statistics.models import SearchCount
from tests.factories import MembershipFactory, MunicipalityFactory, SchoolFactory, UserFactory, give

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("portal")]
REPORT = "/admin/sokningar/"
MARCH = date(2026, 3, 5)


@pytest.fixture
def here():
    return MunicipalityFactory(name="Klippan", code="1276", slug="klippan")


@pytest.fixture
def elsewhere():
    return MunicipalityFactory(name="Svalöv", code="1214", slug="svalov")


def asked(text, searches=10, without=0, clicks=0, positions=0, *, day=MARCH, where=""):
    return SearchCount.objects.create(
        day=day,
        text=text,
        municipality=where,
        searches=searches,
        without_result=without,
        clicks=clicks,
        click_positions=positions,
    )


def signed_in(client, name, *coordinates):
    user = UserFactory()
    UserProfile.objects.create(user=user, preferred_language="en")
    give(user, name)
    for municipality in coordinates:
        give(user, "coordinator", municipalities=[municipality])
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")


@pytest.fixture
def editor(client):
    signed_in(client, "editor")


def content(response):
    assert response.status_code == 200
    return b"".join(response.streaming_content) if response.streaming else response.content


def table(client, query="period=egen&fran=2026-01-01&till=2026-12-31", part=""):
    """{words: [cells]} of the report, in its order."""
    soup = BeautifulSoup(content(client.get(f"{REPORT}{part}?{query}")), "html.parser")
    return {
        row.find("th").get_text(strip=True): [
            cell.get_text(" ", strip=True).replace("\xa0", " ") for cell in row.find_all("td")
        ]
        for row in soup.select("table.listing tbody tr")
    }


def test_what_people_search_and_do_not_find_and_how_far_down_they_look(client, editor):
    asked("plexiglas", searches=8, without=6, clicks=2, positions=7)

    assert table(client)["plexiglas"][:5] == ["8", "6", "75 %", "2", "3.5"]


def test_a_search_on_the_site_is_in_the_report_without_who_asked(client, here):
    members = MembershipFactory.create_batch(3, organisation=SchoolFactory(municipality=here))
    for member in members:
        client.force_login(member.user, backend="django.contrib.auth.backends.ModelBackend")
        for _time in range(2):
            client.get("/sok/?q=Zebrasadel")
    signed_in(client, "editor")

    rows = table(client, "kommun=1276")

    assert rows["zebrasadel"][:3] == ["3", "3", "100 %"]
    page = client.get(f"{REPORT}?kommun=1276").content.decode()
    assert not [member for member in members if member.user.email in page]


def test_words_that_few_have_asked_for_are_counted_and_not_shown(client, editor):
    asked("kim larsson", searches=2)
    asked("papp", searches=5)

    rows = table(client)

    assert "kim larsson" not in rows
    assert rows["Other words, searched for by few"][0] == "2"
    assert rows["All together"][0] == "7"


def test_only_what_was_not_found(client, editor):
    asked("papp", searches=50)
    asked("plexiglas", without=2)
    asked("flarn", without=9)

    assert list(table(client, "manad=2026-03&visa=utan")) == ["flarn", "plexiglas"]


@pytest.mark.parametrize(
    ("query", "searches"),
    [
        ("manad=2026-03", "10"),
        ("manad=2026-02", "4"),
        ("period=egen&fran=2026-02-28&till=2026-03-05", "14"),
    ],
)
def test_a_month_or_a_period_can_be_chosen(client, editor, query, searches):
    asked("papp")
    asked("papp", searches=4, day=date(2026, 2, 28))

    assert table(client, query)["papp"][0] == searches


def test_a_municipality_can_be_chosen(client, editor, here, elsewhere):
    asked("papp", searches=10, where="klippan")
    asked("papp", searches=4, where="svalov")
    asked("papp", searches=3)

    assert table(client, "manad=2026-03&kommun=1276")["papp"][0] == "10"
    assert table(client, "manad=2026-03")["papp"][0] == "17"


@pytest.mark.parametrize(
    ("ordering", "words"),
    [
        ("", ["b", "a", "c"]),
        ("name", ["a", "b", "c"]),
        ("-searches_without_result", ["c", "b", "a"]),
        ("click_position", ["a", "b", "c"]),
        ("-click_position", ["b", "a", "c"]),
        ("nonsense", ["b", "a", "c"]),
    ],
)
def test_the_table_is_sorted_by_any_column(client, editor, ordering, words):
    asked("a", searches=20, without=0, clicks=1, positions=1)
    asked("b", searches=30, without=1, clicks=1, positions=9)
    asked("c", searches=10, without=5)

    rows = table(client, f"manad=2026-03&ordering={ordering}")

    assert list(rows) == [*words, "All together"]


def test_from_a_fruitless_search_to_a_synonym_a_recommendation_or_the_companies(client, editor):
    asked("plexi glas", without=6)

    soup = BeautifulSoup(client.get(f"{REPORT}?manad=2026-03").content, "html.parser")
    synonym, recommendation, wanted = (
        client.get(link["href"]) for link in soup.select(".portal-actions a")
    )

    form = BeautifulSoup(synonym.content, "html.parser")
    assert form.find(attrs={"name": "rule"})["value"] == "plexi glas, "
    form = BeautifulSoup(recommendation.content, "html.parser")
    assert form.find(attrs={"name": "query_string"})["value"] == "plexi glas"
    form = BeautifulSoup(wanted.content, "html.parser")
    assert form.find(attrs={"name": "title"})["value"] == "Plexi glas"
    assert "“plexi glas”" in form.find("textarea", attrs={"name": "description"}).get_text()


def test_who_may_not_make_synonyms_is_not_offered_to(client):
    asked("flarn", without=6)
    signed_in(client, "communicator")

    assert "Make a synonym" not in client.get(f"{REPORT}?manad=2026-03").content.decode()


def test_the_files_have_the_numbers_and_what_they_mean(client, editor):
    asked("papp", searches=3, clicks=3, positions=4)

    text = content(client.get(f"{REPORT}?manad=2026-03&export=csv")).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    book = load_workbook(io.BytesIO(content(client.get(f"{REPORT}?manad=2026-03&export=xlsx"))))

    named = dict(zip(rows[0], rows[1], strict=True))
    assert (named["Words searched for"], named["Searches"]) == ("papp", "3")
    assert named["Position of opened results"] == "1.3"
    assert any(row and row[0] == "Searches without result" and row[2] for row in rows)
    assert ["Figure", "Unit", "Definition", "Source"] in [
        list(row) for row in book.worksheets[1].values
    ]


@pytest.mark.parametrize("part", ["", "tabell/"])
@pytest.mark.parametrize(
    "query",
    ["", "&kommun=1214", "&kommun=1276&kommun=1214", "&kommun=alla", "&kommun=1214&export=csv"],
)
def test_a_coordinator_sees_the_own_municipality_only(client, here, elsewhere, part, query):
    asked("hos oss", searches=4, where="klippan")
    asked("hos dem", searches=9, where="svalov")
    asked("ingenstans", searches=9)
    signed_in(client, "coordinator", here)

    seen = content(client.get(f"{REPORT}{part}?manad=2026-03{query}")).decode()

    assert "hos dem" not in seen
    assert "ingenstans" not in seen
    assert "Svalöv" not in seen


def test_a_coordinators_sums_are_of_the_own_municipality(client, here, elsewhere):
    asked("papp", searches=4, where="klippan")
    asked("papp", searches=9, where="svalov")
    signed_in(client, "coordinator", here)

    assert table(client, "manad=2026-03&kommun=1214")["papp"][0] == "4"


@pytest.mark.parametrize("group", ["communicator", "steering_group"])
def test_communicators_and_the_steering_group_see_all(client, here, elsewhere, group):
    asked("papp", searches=4, where="klippan")
    asked("papp", searches=9)
    signed_in(client, group)

    assert table(client, "manad=2026-03")["papp"][0] == "13"
    assert REPORT in client.get("/admin/").content.decode()


def test_others_do_not_get_in(client):
    client.force_login(UserFactory(), backend="django.contrib.auth.backends.ModelBackend")

    assert client.get(REPORT).status_code == 302


def test_the_number_of_queries_does_not_grow(client, editor):
    today = timezone.localdate()
    asked("papp", day=today)
    client.get(REPORT)
    with CaptureQueriesContext(connection) as few:
        client.get(REPORT)
    for number in range(40):
        asked(f"ord {number}", day=today)

    with CaptureQueriesContext(connection) as many:
        assert "ord 39" in client.get(REPORT).content.decode()

    assert len(many) == len(few)
