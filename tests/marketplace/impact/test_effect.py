"""The public page of effect figures and the open data behind it."""

import csv
import io
import json
import xml.etree.ElementTree as ET
from datetime import date
from decimal import Decimal

import pytest
from bs4 import BeautifulSoup
from wagtail.models import Site

from marketplace.exchange.handovers.facts import HandoverFacts
from marketplace.exchange.handovers.services import correct_handover, record_handover
from marketplace.impact.charts import scale, share
from marketplace.municipalities.models import MunicipalityGoal, ParticipationSettings
from portal.foundation.site_settings.models import SiteSettings
from tests.factories import (
    CategoryFactory,
    CompanyFactory,
    ListingFactory,
    MunicipalityFactory,
    SchoolFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def klippan():
    return MunicipalityFactory(name="Klippan", code="1276")


@pytest.fixture
def hand_over(klippan):
    """Record a handover of 2 pieces to a school in a municipality, Klippan if none is given."""

    def record(*, kg="40", on=date(2026, 3, 5), municipality=klippan, answer="yes"):
        return record_handover(
            listing=ListingFactory(
                organisation=CompanyFactory(municipality=klippan),
                category=CategoryFactory(name="Wellpapp"),
            ),
            receiver=SchoolFactory(municipality=municipality),
            facts=HandoverFacts(quantity=2, mass_kg=Decimal(kg), would_have_bought=answer, on=on),
        )

    return record


def page(client, address="/en/effekt/?period=2026"):
    response = client.get(address)
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def row(soup, name):
    cells = next(th for th in soup.find_all("th", scope="row") if name in th.get_text())
    return [td.get_text().replace("\xa0", " ") for td in cells.find_parent("tr").find_all("td")]


def test_the_large_figures_are_the_sums_of_the_ledger(client, hand_over):
    hand_over(kg="40")
    hand_over(kg="2.5")

    values = [dd.get_text() for dd in page(client).select(".effect__figures .effect__value")]

    assert values == [
        "43\xa0kg",
        "106\xa0kg\xa0CO₂e".replace("kg\xa0CO₂e", "kg CO₂e"),
        "1,700\xa0kr",
        "2",
    ]


def test_each_figure_says_what_it_means(client):
    soup = page(client)

    for figure in soup.select(".effect__figures > div, .effect__more > div"):
        assert len(figure.select_one(".effect__definition").get_text()) > 20


def test_a_municipality_sees_how_far_it_is_from_its_goal(client, hand_over, klippan):
    MunicipalityGoal.objects.create(municipality=klippan, year=2026, kg=200)
    hand_over(kg="50")

    assert row(page(client), "Klippan")[:3] == ["50 kg", "200 kg", "25 %"]


def test_a_goal_that_is_passed_is_reached_and_not_boasted_with(client, hand_over, klippan):
    MunicipalityGoal.objects.create(municipality=klippan, year=2026, kg=10)
    hand_over(kg="181")

    assert row(page(client), "Klippan")[:3] == ["181 kg", "10 kg", "reached"]


def test_without_a_goal_nothing_is_said_of_one(client, hand_over):
    hand_over(kg="181")

    assert row(page(client), "Klippan")[:3] == ["181 kg", "–", "–"]


def test_a_term_has_only_its_own_handovers(client, hand_over):
    hand_over(kg="50", on=date(2026, 3, 5))
    hand_over(kg="7", on=date(2025, 9, 1))

    soup = page(client, "/en/effekt/?period=ht2025")

    assert row(soup, "Klippan")[0] == "7 kg"


def test_days_of_ones_own_choice_are_both_included(client, hand_over):
    hand_over(kg="50", on=date(2026, 3, 5))
    hand_over(kg="7", on=date(2026, 3, 8))

    soup = page(client, "/en/effekt/?period=egen&fran=2026-03-05&till=2026-03-08")

    assert row(soup, "Klippan")[0] == "57 kg"


@pytest.mark.parametrize(
    "query",
    [
        "period=egen",
        "period=egen&fran=2026-03-09&till=2026-03-05",
        "period=egen&fran=nonsense&till=2026-03-05",
        "period=egen&fran=0001-01-01&till=9999-12-31",
        "period=1066",
    ],
)
def test_a_period_that_does_not_exist_is_explained_and_this_year_shown(client, hand_over, query):
    hand_over(on=date(2026, 3, 5))

    soup = page(client, f"/en/effekt/?{query}")

    assert soup.select(".field__error")
    assert row(soup, "Klippan")[0] == "40 kg"


def test_every_chart_has_a_table_with_the_same_numbers(client, hand_over):
    hand_over(kg="40", on=date(2026, 3, 5))

    soup = page(client)

    assert row(soup, "March 2026")[0] == "40 kg"
    assert row(soup, "Wellpapp")[0] == "40 kg"


def test_the_page_is_in_the_readers_language(client, hand_over):
    hand_over()

    assert page(client, "/effekt/?period=2026").html["lang"] == "sv"


def test_only_the_municipalities_of_the_site_are_counted(client, hand_over, klippan):
    hand_over(kg="40")
    hand_over(kg="7", municipality=MunicipalityFactory(name="Annanstans"))
    taking_part = ParticipationSettings.for_site(Site.objects.get())
    taking_part.municipalities.add(klippan)
    taking_part.save()

    soup = page(client)

    assert "Annanstans" not in soup.get_text()
    assert row(soup, "All municipalities")[0] == "40 kg"


def test_the_number_of_queries_does_not_grow(client, hand_over, django_assert_max_num_queries):
    hand_over()
    client.get("/en/effekt/?period=2026")
    for month in range(1, 10):
        hand_over(on=date(2026, month, 2), municipality=MunicipalityFactory())

    with django_assert_max_num_queries(35):
        client.get("/en/effekt/?period=2026")


def test_the_csv_file_has_a_row_per_month_municipality_and_category(client, hand_over):
    hand_over(kg="40", on=date(2026, 3, 5))

    rows = list(csv.DictReader(io.StringIO(client.get("/effekt/data.csv").content.decode())))

    assert [
        (r["month"], r["municipality_code"], r["category_name"], r["mass_kg"]) for r in rows
    ] == [("2026-03", "1276", "Wellpapp", "40.000")]


def test_the_json_file_adds_up_to_the_csv_file(client, hand_over):
    hand_over(kg="40")
    hand_over(kg="2.345", municipality=MunicipalityFactory())

    data = json.loads(client.get("/effekt/data.json").content)

    assert sum(row["mass_kg"] for row in data["rows"]) == 42.345
    assert data["licence"].startswith("https://creativecommons.org/publicdomain/zero/")


def test_the_schema_describes_every_column_of_the_csv_file(client, hand_over):
    hand_over()
    header = client.get("/effekt/data.csv").content.decode().splitlines()[0].split(",")

    schema = json.loads(client.get("/effekt/data.csv-metadata.json").content)

    columns = schema["tableSchema"]["columns"]
    assert [column["name"] for column in columns] == header
    assert all(column["dc:description"] for column in columns)


def test_no_organisation_is_named_in_the_open_data(client, hand_over):
    handover = hand_over()

    text = client.get("/effekt/data.json").content.decode()

    assert handover.giver.name not in text
    assert handover.receiver.name not in text


def test_a_correction_is_in_the_open_data_at_once(client, hand_over):
    handover = hand_over(kg="40")
    before = client.get("/effekt/data.csv")

    correct_handover(
        handover=handover, by=None, reason="Never collected", quantity=0, mass_kg=Decimal(0)
    )

    after = client.get("/effekt/data.csv", headers={"if-none-match": before["ETag"]})
    assert after.status_code == 200
    assert len(after.content.splitlines()) == 1


def test_who_has_the_latest_data_is_told_so(client, hand_over):
    hand_over()
    etag = client.get("/effekt/data.csv")["ETag"]

    assert client.get("/effekt/data.csv", headers={"if-none-match": etag}).status_code == 304


RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
SPACES = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
}
# What DCAT-AP-SE 3.0.1 demands of each thing, with how many of it there may be at most.
DEMANDED = {
    "dcat:Catalog": {
        "dcterms:title": None,
        "dcterms:description": None,
        "dcterms:publisher": 1,
        "dcterms:license": 1,
        "dcat:dataset": None,
    },
    "dcat:Dataset": {"dcterms:title": None, "dcterms:description": None, "dcterms:publisher": 1},
    "dcat:Distribution": {"dcat:accessURL": 1, "dcterms:format": 1},
    "dcat:DataService": {"dcterms:title": None, "dcat:endpointURL": None},
    "foaf:Agent": {"foaf:name": None, "dcterms:type": 1},
    "vcard:Organization": {"vcard:fn": None, "vcard:hasEmail": None},
}


def catalogue(client, address="/effekt/dcat.rdf"):
    return ET.fromstring(client.get(address).content)  # noqa: S314  # our own


def links(tree, *names):
    """What the properties with these names point at."""
    return [
        each.get(f"{RDF}resource")
        for name in names
        for each in tree.iterfind(f".//{name}", SPACES)
        if each.get(f"{RDF}resource")
    ]


@pytest.fixture
def contact():
    settings = SiteSettings.for_site(Site.objects.get(is_default_site=True))
    settings.contact_email = "aterbruk@example.org"
    settings.save()


def test_the_catalogue_has_all_that_the_swedish_profile_demands(client, hand_over, contact):
    hand_over()
    tree = catalogue(client)

    for type, properties in DEMANDED.items():
        things = tree.findall(type, SPACES)
        assert things, type
        for thing in things:
            assert thing.get(f"{RDF}about").startswith("http://testserver/")
            for name, most in properties.items():
                found = thing.findall(name, SPACES)
                assert found, f"{type} without {name}"
                assert most is None or len(found) <= most, f"{type} with several {name}"
                assert all(each.text or each.attrib for each in found), f"{type}: empty {name}"


def test_what_the_catalogue_refers_to_is_in_it(client, hand_over, contact):
    hand_over()
    tree = catalogue(client)

    told = {each.get(f"{RDF}about") for each in tree}
    within = ("dcterms:publisher", "dcat:contactPoint", "dcat:dataset", "dcat:distribution")
    assert set(links(tree, *within, "dcat:service", "dcat:accessService")) <= told


def test_the_catalogue_uses_the_words_that_data_portals_know(client, hand_over):
    hand_over()
    tree = catalogue(client)

    licence = "http://creativecommons.org/publicdomain/zero/1.0/"
    authority = "http://publications.europa.eu/resource/authority"
    formats = [each.text for each in tree.iterfind(".//dcterms:format", SPACES)]
    assert set(links(tree, "dcterms:license")) == {licence}
    assert formats == ["text/csv", "application/json", "application/json"]
    assert set(links(tree, "dcterms:language")) == {
        f"{authority}/language/SWE",
        f"{authority}/language/ENG",
    }
    assert all(each.startswith(f"{authority}/data-theme/") for each in links(tree, "dcat:theme"))


def test_the_files_and_the_api_of_the_catalogue_answer(client, hand_over):
    hand_over()

    addresses = links(
        catalogue(client),
        "dcat:accessURL",
        "dcat:downloadURL",
        "dcat:endpointDescription",
        "dcterms:conformsTo",
    )

    assert "http://testserver/effekt/data.csv" in addresses
    assert "http://testserver/api/v1/figures/rows" in addresses
    assert {each: client.get(each).status_code for each in addresses} == dict.fromkeys(
        addresses, 200
    )


def test_the_data_set_has_the_same_name_in_every_language(client, hand_over):
    hand_over()
    swedish, english = catalogue(client), catalogue(client, "/en/effekt/dcat.rdf")

    names = [each.get(f"{RDF}about") for each in swedish]
    assert [each.get(f"{RDF}about") for each in english] == names


def test_a_contact_without_an_address_is_left_out_of_the_catalogue(client, hand_over):
    hand_over()
    tree = catalogue(client)

    assert tree.find("vcard:Organization", SPACES) is None
    assert links(tree, "dcat:contactPoint") == []


def test_the_factors_are_shown_with_their_sources(client):
    CategoryFactory(name="Wellpapp")

    assert row(page(client, "/en/effekt/faktorer/"), "Wellpapp")[-1].startswith(
        "Test source (2022)"
    )


@pytest.mark.parametrize(
    ("address", "words"),
    [("/effekt/faktorer/", "egen uppskattning"), ("/en/effekt/faktorer/", "our own estimate")],
)
def test_an_estimate_is_called_so_in_the_readers_language(client, address, words):
    category = CategoryFactory(name="Wellpapp")
    category.factors.update(source="estimate")

    assert row(page(client, address), "Wellpapp")[-1].startswith(f"{words} (2022)")


@pytest.mark.parametrize(
    ("greatest", "axis"),
    [(0, (1, 1)), (5, (5, 1)), (7, (8, 2)), (987, (1000, 200)), (1000, (1000, 200)), (0.4, (1, 1))],
)
def test_an_axis_ends_on_a_round_number(greatest, axis):
    assert scale(greatest) == axis


def test_a_bar_never_leaves_its_frame():
    assert share(Decimal(250), Decimal(100)) == 100
    assert share(Decimal(-5), Decimal(100)) == 0
