"""The read-only API, as a municipality's own system uses it."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.core.management import call_command
from wagtail.models import Locale, Page, Site

from inspiration.pages.models import ArticlePage, HomePage, InspirationIndexPage
from marketplace.exchange.handovers.facts import HandoverFacts
from marketplace.exchange.handovers.services import record_handover
from marketplace.impact.usage.models import UserDay
from marketplace.listings.models import MaterialListing
from marketplace.materials.models import MaterialCategory
from marketplace.municipalities.models import Municipality, ParticipationSettings
from portal.foundation import scopes
from search.statistics.models import SearchCount
from tests.factories import (
    CategoryFactory,
    CompanyFactory,
    ListingFactory,
    MembershipFactory,
    MunicipalityFactory,
    SchoolFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def empty_cache():
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def handover():
    return record_handover(
        listing=ListingFactory(),
        receiver=SchoolFactory(municipality=MunicipalityFactory(code="1276")),
        facts=HandoverFacts(
            quantity=2, mass_kg=Decimal("12.5"), would_have_bought="yes", on=date(2026, 3, 5)
        ),
    )


def get(client, path, **headers):
    return client.get(f"/api/v1/{path}", headers=headers)


def test_listings_are_those_that_can_be_asked_for(client):
    shown = ListingFactory(title="Tubes")
    ListingFactory(title="Draft", live=False)
    ListingFactory(title="Nobody", organisation=CompanyFactory(approval="pending"))

    answer = get(client, "listings").json()

    assert (answer["count"], [each["id"] for each in answer["items"]]) == (1, [shown.pk])


def test_a_listing_says_what_is_left_and_where(client):
    listing = ListingFactory()

    answer = get(client, f"listings/{listing.pk}").json()

    assert (answer["left"], answer["unit"], answer["kg_per_unit"]) == (10, "st", 0.5)
    assert answer["municipality"] == listing.municipality.code
    assert answer["url"].endswith(listing.get_absolute_url())


def test_listings_are_chosen_by_municipality_and_by_category_with_what_is_below(client):
    wood = CategoryFactory(slug="tra")
    listing = ListingFactory(category=CategoryFactory(parent=wood))
    ListingFactory()

    code = listing.municipality.code
    answer = get(client, f"listings?category=tra&municipality={code}").json()

    assert [each["id"] for each in answer["items"]] == [listing.pk]


def test_answers_come_in_pages(client):
    ListingFactory.create_batch(3)

    answer = get(client, "listings?page_size=2&page=2").json()

    assert (answer["count"], len(answer["items"])) == (3, 1)


@pytest.mark.parametrize("path", ["listings/0", "listings/-1", "listings/9999999999999999999999"])
def test_a_listing_that_is_not_there_is_not_found(client, path):
    assert get(client, path).status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "figures?period=nonsense",
        "figures?start=2026-01-01",
        "figures?start=2026-02-01&end=2026-01-01",
        "figures?start=yesterday&end=today",
        "listings?page=0",
        "listings?page=nonsense",
        "pages?type=nonsense",
        "listings/nonsense",
    ],
)
def test_a_question_that_makes_no_sense_is_refused_with_a_reason(client, path):
    response = get(client, path)

    assert response.status_code == 422
    assert response.json()["detail"]


@pytest.mark.parametrize("query", ["category=%27%3B--", "page=99999999999"])
def test_hostile_values_find_nothing(client, query):
    ListingFactory()

    response = get(client, f"listings?{query}")

    assert response.status_code in (200, 422)
    assert not response.json().get("items")


def test_nothing_tells_who_people_or_organisations_are(client, handover):
    company = CompanyFactory(contact_name="Ada Secret", contact_email="ada@secret.example")
    MembershipFactory(organisation=company)
    listing = ListingFactory(
        organisation=company,
        contact_name="Bo Secret",
        contact_phone="070-1740605",
        pickup_address="Secret street 1",
    )

    for path in ("listings", f"listings/{listing.pk}", "figures", "figures/rows", "municipalities"):
        text = get(client, path).content.decode()
        for secret in ("Secret", "secret", "0605", company.name, handover.receiver.name):
            assert secret not in text


def test_totals_are_those_of_the_ledger(client, handover):
    answer = get(client, "figures?period=2026").json()

    assert (answer["mass_kg"], answer["handovers"], answer["start"]) == (12.5, 1, "2026-01-01")


def test_days_of_ones_own_choice(client, handover):
    before = get(client, "figures?start=2026-01-01&end=2026-03-04").json()
    with_it = get(client, "figures?start=2026-03-05&end=2026-03-05").json()

    assert (before["mass_kg"], with_it["mass_kg"]) == (0, 12.5)


def test_municipalities_add_up_to_the_total(client, handover):
    answer = get(client, "figures/municipalities?period=2026").json()

    assert {each["municipality"]: each["mass_kg"] for each in answer}["1276"] == 12.5
    assert sum(each["mass_kg"] for each in answer) == 12.5


def test_how_the_portal_is_used_is_told_as_well(client, handover):
    SearchCount.objects.create(
        day=date(2026, 3, 5), text="papp", municipality="", searches=4, without_result=1
    )

    answer = get(client, "figures?period=2026").json()

    assert (answer["searches"], answer["searches_without_result"]) == (4, 1)
    assert answer["searches_without_percent"] == 25
    assert (answer["requests"], answer["response_hours"], answer["campaigns"]) == (0, None, 0)


def test_each_municipality_has_its_own_use(client, handover):
    here = handover.receiver_municipality
    member = MembershipFactory(organisation=handover.receiver).user
    for day in (date(2026, 3, 5), date(2026, 3, 6)):
        UserDay.objects.create(user=member, day=day, municipality=here, side="service")
    SearchCount.objects.create(
        day=date(2026, 3, 5), text="papp", municipality=here.slug, searches=4
    )

    answer = get(client, "figures/municipalities?period=2026").json()

    told = {each["municipality"]: (each["returning_users"], each["searches"]) for each in answer}
    assert told.pop(here.code) == (1, 4)
    assert set(told.values()) == {(0, 0)}


def test_every_figure_of_an_answer_has_a_definition(client, handover):
    defined = {each["key"] for each in get(client, "figures/definitions").json()}
    told = get(client, "figures/municipalities").json()[0].keys() - {"municipality"}

    assert told <= defined


def test_rows_add_up_to_the_total(client, handover):
    items = get(client, "figures/rows").json()["items"]

    assert [(row["month"], row["mass_kg"]) for row in items] == [("2026-03", 12.5)]


def test_definitions_come_in_either_language(client):
    names = {
        language: get(client, f"figures/definitions?lang={language}").json()[0]["name"]
        for language in ("sv", "en")
    }

    assert names["en"] == "Material brokered"


def test_only_the_municipalities_of_the_site_are_told_of(client, handover):
    settings = ParticipationSettings.for_site(Site.objects.get(is_default_site=True))
    settings.municipalities.add(handover.giver_municipality)
    settings.save()

    assert [each["code"] for each in get(client, "municipalities").json()] == [
        handover.giver_municipality.code
    ]
    assert get(client, "figures").json()["mass_kg"] == 0


def test_pages_are_told_of_in_their_language(client):
    call_command("setup_portal", verbosity=0)
    home = HomePage.objects.get()
    index = home.add_child(
        instance=InspirationIndexPage(title="Artiklar", locale=Locale.get_default())
    )
    index.add_child(
        instance=ArticlePage(
            title="Om trä", summary="Kort", locale=Locale.get_default(), live=False
        )
    ).save_revision().publish()

    swedish, english = (get(client, f"pages?lang={each}").json() for each in ("sv", "en"))

    assert [(each["type"], each["title"]) for each in swedish["items"]] == [("artikel", "Om trä")]
    assert english["items"] == []


def test_who_has_the_latest_answer_is_told_so(client, handover):
    first = get(client, "figures")

    assert get(client, "figures", if_none_match=first["ETag"]).status_code == 304


def test_a_kept_answer_never_carries_a_session(client):
    client.force_login(MembershipFactory().user)
    client.cookies["sessionid"]["max-age"] = 1

    response = get(client, "figures")

    assert "public" in response["Cache-Control"]
    assert "sessionid" not in response.cookies


def test_who_asks_too_often_is_asked_to_wait(client, time_machine):
    # All within one minute, however slow the machine.
    time_machine.move_to("2026-11-02 10:00:00+00:00", tick=False)
    codes = [get(client, "municipalities").status_code for _n in range(121)]

    assert codes.count(200) == 120
    assert codes[-1] == 429


def test_an_invented_forwarding_address_does_not_reset_the_count(client, time_machine):
    # All within one minute, however slow the machine.
    time_machine.move_to("2026-11-02 10:00:00+00:00", tick=False)
    codes = [
        get(client, "municipalities", x_forwarded_for=f"10.0.0.{n}").status_code for n in range(121)
    ]

    assert codes[-1] == 429


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_can_be_changed(client, method):
    assert getattr(client, method)("/api/v1/listings").status_code == 405


def test_the_description_names_every_address(client):
    description = get(client, "openapi.json").json()

    assert set(description["paths"]) == {
        f"/api/v1/{path}"
        for path in (
            "municipalities",
            "categories",
            "listings",
            "listings/{pk}",
            "pages",
            "figures",
            "figures/definitions",
            "figures/municipalities",
            "figures/rows",
        )
    }


def test_the_number_of_queries_does_not_grow(client, django_assert_max_num_queries):
    ListingFactory()
    get(client, "listings")
    ListingFactory.create_batch(5)

    with django_assert_max_num_queries(4):
        get(client, "listings")


@pytest.mark.parametrize(
    ("path", "model"),
    [
        ("listings", MaterialListing),
        ("municipalities", Municipality),
        ("categories", MaterialCategory),
        ("pages", Page),
        ("figures/municipalities", Municipality),
    ],
)
def test_a_model_that_nobody_has_opened_to_the_public_has_no_rows(client, monkeypatch, path, model):
    call_command("setup_portal", verbosity=0)
    language = Locale.get_default()
    index = HomePage.objects.get().add_child(
        instance=InspirationIndexPage(title="Artiklar", locale=language)
    )
    index.add_child(
        instance=ArticlePage(title="Om trä", summary="Kort", locale=language, live=False)
    ).save_revision().publish()
    ListingFactory()

    def rows():
        cache.clear()
        answer = get(client, path).json()
        return answer["items"] if isinstance(answer, dict) else answer

    assert rows()

    monkeypatch.delitem(scopes.PUBLIC, model)
    assert rows() == []
