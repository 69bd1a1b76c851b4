"""What both engines promise. Each fact is checked against a real engine of each kind."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.http import QueryDict
from django.utils import timezone

from marketplace.signals import listing_changed
from search import database_engine, elasticsearch_engine, index, upkeep
from search.connection import alias
from search.engine import SearchQuery
from search.models import SearchEntry
from tests.factories import CategoryFactory, ListingFactory, MunicipalityFactory


class Engine:
    """Asks one engine, after everything in the database has reached it."""

    def __init__(self, module):
        self.module = module

    def ask(self, address="", **more):
        index.refresh_all()
        upkeep.send_changes()
        among = more.pop("among", None)
        query = SearchQuery.from_params(QueryDict(address), language="sv", **more)
        return self.module.search(replace(query, among=among))

    def titles(self, address="", **more):
        result = self.ask(address, **more)
        titles = dict(SearchEntry.objects.values_list("pk", "title"))
        return [titles[hit.entry_id] for hit in result.hits]

    def suggests(self, text):
        index.refresh_all()
        upkeep.send_changes()
        keys = self.module.suggest(SearchQuery(text=text, language="sv", page_size=8))
        titles = SearchEntry.objects.in_bulk(keys)
        return [titles[key].title for key in keys]


@pytest.fixture(params=["database", "elasticsearch"])
def engine(request, db):
    if request.param == "database":
        return Engine(database_engine)
    request.getfixturevalue("elasticsearch")
    return Engine(elasticsearch_engine)


def test_a_word_of_the_title_finds_the_listing(engine):
    ListingFactory(title="Papprör från bruket")
    ListingFactory(title="Glasburkar")

    assert engine.titles("q=papprör") == ["Papprör från bruket"]


@pytest.mark.parametrize(
    ("asked", "title"),
    [
        ("tygbitar", "Tyg i bitar"),
        ("mobel", "Möbel till kojan"),
        ("möbler", "Möbel till kojan"),
        ("plexi", "Akryl i skivor"),
        ("cardboard", "Wellpapp i ark"),
        ("kartong", "Flyttkartonger"),
    ],
)
def test_it_is_found_by_what_a_teacher_would_say(engine, asked, title):
    for each in ("Tyg i bitar", "Möbel till kojan", "Akryl i skivor", "Wellpapp i ark"):
        ListingFactory(title=each, description="")
    ListingFactory(title="Flyttkartonger", description="")

    assert title in engine.titles(f"q={asked}")


def test_a_category_brings_what_lies_below_it(engine):
    wood = CategoryFactory(slug="tra")
    offcuts = CategoryFactory(slug="traspill", parent=wood)
    ListingFactory(title="Spillbitar", category=offcuts)
    ListingFactory(title="Glas")

    assert engine.titles("kategori=tra") == ["Spillbitar"]


def test_several_municipalities_can_be_chosen_together(engine):
    for slug in ("bjuv", "klippan", "svalov"):
        ListingFactory(title=slug, organisation__municipality=MunicipalityFactory(slug=slug))

    assert set(engine.titles("kommun=bjuv&kommun=klippan")) == {"bjuv", "klippan"}


def test_a_facet_counts_what_else_could_be_chosen_in_it(engine):
    for slug in ("bjuv", "klippan"):
        ListingFactory(organisation__municipality=MunicipalityFactory(slug=slug))

    assert engine.ask("kommun=bjuv").facets["kommun"] == {"bjuv": 1, "klippan": 1}


def test_sold_out_ended_and_unpublished_listings_are_not_found(engine):
    ListingFactory(title="Kvar")
    ListingFactory(title="Slut", stock__collected=10)
    ListingFactory(title="Opublicerad", live=False)
    yesterday = timezone.localdate() - timedelta(days=1)
    ListingFactory(title="Förbi", available_until=yesterday)

    assert engine.titles() == ["Kvar"]


def test_what_ends_first_comes_first_when_asked_for(engine):
    today = timezone.localdate()
    ListingFactory(title="Sen", available_until=today + timedelta(days=9))
    ListingFactory(title="Utan slut")
    ListingFactory(title="Snart", available_until=today + timedelta(days=1))

    assert engine.titles("sort=slutar") == ["Snart", "Sen", "Utan slut"]


def test_what_cannot_be_fetched_yet_is_left_out_of_available_now(engine):
    ListingFactory(title="Nu")
    ListingFactory(title="Sedan", available_from=timezone.localdate() + timedelta(days=3))

    assert engine.titles("nu=1") == ["Nu"]


def test_what_is_for_older_children_is_left_out_when_the_age_is_told(engine):
    ListingFactory(title="För alla", suitable_from_age=None)
    ListingFactory(title="För små", suitable_from_age=1)
    ListingFactory(title="För stora", suitable_from_age=10)

    assert set(engine.titles("fran=3")) == {"För alla", "För små"}


def test_only_what_can_be_delivered_is_found_when_asked_for(engine):
    ListingFactory(title="Hämtas")
    ListingFactory(title="Levereras", delivery_offered=True)

    result = engine.ask("leverans=1")

    assert [hit.kind for hit in result.hits] == ["material"]
    assert engine.titles("leverans=1") == ["Levereras"]


def test_choices_that_are_on_or_off_are_counted_as_facets_are(engine):
    ListingFactory()
    ListingFactory(delivery_offered=True, suitable_from_age=6)

    facets = engine.ask("leverans=1&fran=6").facets

    assert facets["leverans"] == {"1": 1}
    assert facets["nu"] == {"1": 1}
    assert facets["fran"] == {"6": 1, "10": 1, "13": 1}


def test_the_post_town_narrows_a_municipality(engine):
    ListingFactory(title="I Ekeby", pickup_town="Ekeby")
    ListingFactory(title="I Kågeröd", pickup_town="Kågeröd")

    assert engine.titles("ort=kagerod") == ["I Kågeröd"]


def test_a_site_shows_material_of_its_own_municipalities_only(engine):
    for slug in ("bjuv", "klippan"):
        ListingFactory(title=slug, organisation__municipality=MunicipalityFactory(slug=slug))

    assert engine.titles(municipalities=("bjuv",)) == ["bjuv"]


def test_a_question_can_be_put_to_a_few_things_only(engine):
    ListingFactory(title="Rött tyg")
    ListingFactory(title="Grönt tyg")
    engine.ask()
    green = SearchEntry.objects.get(title="Grönt tyg").pk

    assert engine.titles("q=tyg", among=(green,)) == ["Grönt tyg"]


def test_what_is_near_comes_first_among_what_fits_as_well(engine):
    far = MunicipalityFactory(latitude="56.4272", longitude="12.8525")
    near = MunicipalityFactory(latitude="55.9139", longitude="13.1069")
    ListingFactory(title="Tyg ett", organisation__municipality=near)
    ListingFactory(title="Tyg två", organisation__municipality=far)

    assert engine.titles("q=tyg", origin=(55.91, 13.10)) == ["Tyg ett", "Tyg två"]
    assert engine.titles("q=tyg", origin=(56.42, 12.85)) == ["Tyg två", "Tyg ett"]


def test_the_nearest_comes_first_when_asked_for(engine):
    far = MunicipalityFactory(latitude="56.4272", longitude="12.8525")
    near = MunicipalityFactory(latitude="55.9139", longitude="13.1069")
    ListingFactory(title="Långt bort", organisation__municipality=far)
    ListingFactory(title="Nära", organisation__municipality=near)

    found = engine.titles("sort=narmast", origin=(55.91, 13.10))

    assert found == ["Nära", "Långt bort"]


def test_pages_follow_each_other_without_overlap(engine):
    for number in range(30):
        ListingFactory(title=f"Bit {number}")

    first, second = engine.titles(""), engine.titles("sida=2")

    assert len(first) == 24
    assert len(second) == 6
    assert not set(first) & set(second)


@pytest.mark.parametrize(
    "address",
    [
        "q=" + "a" * 10_000,
        "q=title:* OR _exists_:title~5^9 /.*/",
        "q=*?*?*",
        "q=%00%01%1f",
        "q=\\\"'(){}[]&&||!",
        "sida=999999999",
        "sida=-1&sort=tokigt&kategori=%00",
        "&".join(f"kategori=c{n}" for n in range(900)),
        "q=%F0%9F%AA%B5%E2%80%AE",
    ],
)
def test_hostile_questions_get_an_ordinary_answer(engine, address):
    ListingFactory(title="Tyg")

    assert engine.ask(address).total in (0, 1)


def test_a_published_listing_is_found_as_soon_as_the_job_has_run(
    elasticsearch, django_capture_on_commit_callbacks
):
    listing = ListingFactory(title="Segelduk")

    with django_capture_on_commit_callbacks(execute=True):
        listing_changed.send(sender=None, listing_id=listing.pk)

    query = SearchQuery.from_params(QueryDict("q=segelduk"), language="sv")
    assert elasticsearch_engine.search(query).total == 1


def test_what_is_unpublished_disappears_with_the_job(
    elasticsearch, django_capture_on_commit_callbacks
):
    listing = ListingFactory(title="Segelduk")
    index.refresh_all()
    upkeep.send_changes()

    with django_capture_on_commit_callbacks(execute=True):
        listing.unpublish()

    query = SearchQuery.from_params(QueryDict("q=segelduk"), language="sv")
    assert elasticsearch_engine.search(query).total == 0
    assert not SearchEntry.objects.visible().exists()


def test_changes_made_while_elasticsearch_is_away_arrive_when_it_is_back(settings, elasticsearch):
    upkeep.rebuild()
    url = settings.ELASTICSEARCH_URL
    settings.ELASTICSEARCH_URL = "http://127.0.0.1:1"
    ListingFactory(title="Segelduk")
    index.refresh_all()
    assert upkeep.send_changes() == (0, 1)

    settings.ELASTICSEARCH_URL = url
    cache.clear()
    assert upkeep.send_changes() == (1, 0)

    query = SearchQuery.from_params(QueryDict("q=segelduk"), language="sv")
    assert elasticsearch_engine.search(query).total == 1


def test_a_rebuild_swaps_in_new_indices_with_everything_in_them(elasticsearch):
    for title in ("Tyg", "Trä"):
        ListingFactory(title=title)
    index.refresh_all()
    upkeep.send_changes()
    before = set(elasticsearch.indices.get_alias(name=alias("sv")))

    assert upkeep.rebuild() == 2

    after = set(elasticsearch.indices.get_alias(name=alias("sv")))
    assert before.isdisjoint(after)
    query = SearchQuery.from_params(QueryDict(""), language="sv")
    assert elasticsearch_engine.search(query).total == 2


def test_reconciling_repairs_what_differs_and_says_how_much(elasticsearch):
    ListingFactory(title="Tyg")
    index.refresh_all()
    upkeep.send_changes()
    entry = SearchEntry.objects.get()
    elasticsearch.delete(index=alias("sv"), id=entry.document_id)
    elasticsearch.index(index=alias("sv"), id="material-999999-sv", document={"title": "x"})

    assert upkeep.reconcile() == {"missing": 1, "stale": 0, "extra": 1}
    assert upkeep.reconcile() == {"missing": 0, "stale": 0, "extra": 0}


def test_thousands_of_values_in_the_address_are_refused_and_cost_nothing(client, db):
    response = client.get("/sok/?" + "&".join(f"kategori=c{n}" for n in range(3000)))

    assert response.status_code == 400


def test_the_database_answers_with_the_same_page_when_elasticsearch_is_away(client, settings, db):
    settings.ELASTICSEARCH_URL = "http://127.0.0.1:1"
    ListingFactory(title="Segelduk")
    index.refresh_all()

    response = client.get("/material/?q=segelduk")

    assert response["X-Search-Engine"] == "database"
    assert "Segelduk" in response.content.decode()


def test_elasticsearch_answers_the_page_when_it_is_there(client, elasticsearch):
    ListingFactory(title="Segelduk")
    index.refresh_all()
    upkeep.send_changes()

    response = client.get("/sok/?q=segelduk")

    assert response["X-Search-Engine"] == "elasticsearch"
    assert "Segelduk" in response.content.decode()


def test_a_page_of_hits_costs_the_same_number_of_queries_whatever_their_number(
    client, db, django_assert_max_num_queries
):
    def count_queries():
        # What is kept of pictures and reference data is read on the first visit.
        client.get("/material/")
        with django_assert_max_num_queries(30) as queries:
            client.get("/material/")
        return len(queries)

    ListingFactory()
    index.refresh_all()
    few = count_queries()
    for _number in range(10):
        ListingFactory()
    index.refresh_all()

    assert count_queries() == few


def test_a_title_is_suggested_while_its_last_word_is_being_typed(engine):
    ListingFactory(title="Papprör från bruket")
    ListingFactory(title="Glasburkar")

    assert engine.suggests("pappr") == ["Papprör från bruket"]
    assert engine.suggests("papprör fr") == ["Papprör från bruket"]


def test_nothing_that_is_over_is_suggested(engine):
    yesterday = timezone.localdate() - timedelta(days=1)
    listing = ListingFactory(title="Papprör")
    index.refresh_all()
    SearchEntry.objects.filter(object_id=listing.pk).update(available_until=yesterday)

    query = SearchQuery(text="papp", language="sv")
    upkeep.send_changes()

    assert engine.module.suggest(query) == []


def test_suggestions_name_categories_and_things(client, db):
    CategoryFactory(name="Papphylsor", slug="papphylsor")
    ListingFactory(title="Papprör")
    index.refresh_all()

    found = client.get("/sok/forslag/?q=papp").json()["suggestions"]

    assert [each["text"] for each in found] == ["Papphylsor", "Papprör"]


def test_suggestions_name_tags_that_lead_to_a_search(client, db):
    ListingFactory(title="Rör").tags.add("papphylsor")

    found = client.get("/sok/forslag/?q=papp").json()["suggestions"]

    assert found == [{"text": "papphylsor", "url": "/sok/?q=papphylsor"}]
