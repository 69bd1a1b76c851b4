"""What both engines promise. Each fact is checked against a real engine of each kind."""

import unicodedata
from datetime import timedelta
from urllib.parse import quote

import pytest
from django.core.cache import cache
from django.http import QueryDict
from django.utils import timezone

from marketplace.signals import listing_changed
from search.engines.base import SearchQuery
from search.engines.connection import alias
from search.engines.elasticsearch import search
from search.index.entries import refresh_all
from search.index.models import SearchEntry
from search.index.sync import rebuild, reconcile, send_changes
from tests.factories import CategoryFactory, ListingFactory, MunicipalityFactory, SchoolFactory


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


def test_another_word_for_it_counts_where_it_says_what_a_compound_is(engine):
    for title in ("Hyvelspån", "Spånskivor", "Spånrester"):
        ListingFactory(title=title, description="")

    assert sorted(engine.titles("q=sågspån")) == ["Hyvelspån", "Spånrester"]


def test_the_last_part_of_a_compound_tells_more_than_the_others(engine):
    for title in ("Bubbelplast", "Plastlock"):
        ListingFactory(title=title, description="")

    assert engine.titles("q=plast") == ["Bubbelplast", "Plastlock"]


def test_a_compound_finds_what_its_last_part_names_of_the_kind_that_it_begins_with(engine):
    metal = CategoryFactory(name="Koppar", parent=CategoryFactory(name="Metall"))
    ListingFactory(title="Koppartråd", description="", category=metal)
    ListingFactory(title="Trådkorgar", description="", category=metal)
    ListingFactory(title="Sytråd", description="")

    # Another word for metalltråd.
    assert engine.titles("q=ståltråd") == ["Koppartråd"]


def test_paper_of_another_size_will_do_but_not_what_else_has_the_size(engine):
    for title in ("A4-pärmar", "Papper A3", "Papper A4"):
        ListingFactory(title=title, description="")

    assert engine.titles("q=A4-papper") == ["Papper A4", "Papper A3"]


def test_a_swedish_word_is_not_read_with_other_letters(engine):
    ListingFactory(title="Ett spann", description="")
    ListingFactory(title="Spännband utan spänne", description="")

    assert engine.titles("q=hink") == ["Ett spann"]


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_letters_in_two_parts_are_the_same_letters(engine, form):
    composed, decomposed = ListingFactory(title="Blå lådor"), ListingFactory()
    title = unicodedata.normalize("NFD", "Grå lådor")
    type(decomposed).objects.filter(pk=decomposed.pk).update(title=title)
    asked = quote(unicodedata.normalize(form, "lådor"))

    assert sorted(engine.titles(f"q={asked}")) == [composed.title, "Grå lådor"]


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


def test_only_what_is_known_to_suit_the_children_answers_when_the_age_is_told(engine):
    ListingFactory(title="För alla", suitable_from_age=None)
    ListingFactory(title="För små", suitable_from_age=1)
    ListingFactory(title="För stora", suitable_from_age=10)
    ListingFactory(title="Dragkedjor", loose_parts="may_come_off")
    ListingFactory(title="Ingen vet", unanswered=True)

    assert set(engine.titles("fran=1")) == {"För alla", "För små"}
    assert set(engine.titles("fran=3")) == {"För alla", "För små", "Dragkedjor"}
    assert "Ingen vet" not in engine.titles("fran=13")
    assert "Ingen vet" in engine.titles("")


def test_only_what_can_be_delivered_is_found_when_asked_for(engine):
    ListingFactory(title="Hämtas")
    ListingFactory(title="Levereras", delivery_offered=True)

    result = engine.ask("leverans=1")

    assert [hit.type for hit in result.hits] == ["material"]
    assert engine.titles("leverans=1") == ["Levereras"]


def test_who_comes_without_a_car_finds_what_fits_a_bicycle_whole_or_in_part(engine):
    boxes = {"carry_class": "box", "stock__offered": 10, "stock__kg_per_unit": 8}
    ListingFactory(title="Lådor som delas", **boxes)
    ListingFactory(title="Lådor som är ett", **boxes, splittable=False)
    ListingFactory(title="Bord", carry_class="unwieldy")

    assert engine.titles("utanbil=1") == ["Lådor som delas"]


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
    assert search(query).total == 1


def test_what_is_unpublished_disappears_with_the_job(
    elasticsearch, django_capture_on_commit_callbacks
):
    listing = ListingFactory(title="Segelduk")
    refresh_all()
    send_changes()

    with django_capture_on_commit_callbacks(execute=True):
        listing.unpublish()

    query = SearchQuery.from_params(QueryDict("q=segelduk"), language="sv")
    assert search(query).total == 0
    assert not SearchEntry.objects.visible().exists()


def test_changes_made_while_elasticsearch_is_away_arrive_when_it_is_back(settings, elasticsearch):
    rebuild()
    url = settings.ELASTICSEARCH_URL
    settings.ELASTICSEARCH_URL = "http://127.0.0.1:1"
    ListingFactory(title="Segelduk")
    refresh_all()
    assert send_changes() == (0, 1)

    settings.ELASTICSEARCH_URL = url
    cache.clear()
    assert send_changes() == (1, 0)

    query = SearchQuery.from_params(QueryDict("q=segelduk"), language="sv")
    assert search(query).total == 1


def test_a_rebuild_swaps_in_new_indices_with_everything_in_them(elasticsearch):
    for title in ("Tyg", "Trä"):
        ListingFactory(title=title)
    refresh_all()
    send_changes()
    before = set(elasticsearch.indices.get_alias(name=alias("sv")))

    assert rebuild() == 2

    after = set(elasticsearch.indices.get_alias(name=alias("sv")))
    assert before.isdisjoint(after)
    query = SearchQuery.from_params(QueryDict(""), language="sv")
    assert search(query).total == 2


def test_reconciling_repairs_what_differs_and_says_how_much(elasticsearch):
    ListingFactory(title="Tyg")
    refresh_all()
    send_changes()
    entry = SearchEntry.objects.get()
    elasticsearch.delete(index=alias("sv"), id=entry.document_id)
    elasticsearch.index(index=alias("sv"), id="material-999999-sv", document={"title": "x"})

    assert reconcile() == {"missing": 1, "stale": 0, "extra": 1}
    assert reconcile() == {"missing": 0, "stale": 0, "extra": 0}


def test_thousands_of_values_in_the_address_are_refused_and_cost_nothing(client, db):
    response = client.get("/sok/?" + "&".join(f"kategori=c{n}" for n in range(3000)))

    assert response.status_code == 400


def test_the_database_answers_with_the_same_page_when_elasticsearch_is_away(client, settings, db):
    settings.ELASTICSEARCH_URL = "http://127.0.0.1:1"
    ListingFactory(title="Segelduk")
    refresh_all()

    response = client.get("/material/?q=segelduk")

    assert response["X-Search-Engine"] == "database"
    assert "Segelduk" in response.content.decode()


def test_elasticsearch_answers_the_page_when_it_is_there(client, elasticsearch):
    ListingFactory(title="Segelduk")
    refresh_all()
    send_changes()

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
    refresh_all()
    few = count_queries()
    for _number in range(10):
        ListingFactory()
    refresh_all()

    assert count_queries() == few


def test_a_title_is_suggested_while_its_last_word_is_being_typed(engine):
    ListingFactory(title="Papprör från bruket")
    ListingFactory(title="Glasburkar")

    assert engine.suggests("pappr") == ["Papprör från bruket"]
    assert engine.suggests("papprör fr") == ["Papprör från bruket"]


def test_nothing_that_is_over_is_suggested(engine):
    yesterday = timezone.localdate() - timedelta(days=1)
    listing = ListingFactory(title="Papprör")
    refresh_all()
    SearchEntry.objects.filter(object_id=listing.pk).update(available_until=yesterday)

    query = SearchQuery(text="papp", language="sv")
    send_changes()

    assert engine.module.suggest(query) == []


def test_suggestions_name_categories_and_things(client, db):
    CategoryFactory(name="Papphylsor", slug="papphylsor")
    ListingFactory(title="Papprör")
    refresh_all()

    found = client.get("/sok/forslag/?q=papp").json()["suggestions"]

    assert [(each["text"], each["type"]) for each in found] == [
        ("Papphylsor", "Kategori"),
        ("Papprör", "Material"),
    ]


def test_suggestions_name_tags_that_lead_to_a_search(client, db):
    ListingFactory(title="Rör").tags.add("papphylsor")

    found = client.get("/sok/forslag/?q=papp").json()["suggestions"]

    assert found == [{"text": "papphylsor", "type": "Sök", "url": "/sok/?q=papphylsor"}]


@pytest.mark.parametrize("homes", [(), ("bjuv",), None])
def test_what_its_own_municipality_sees_first_is_found_by_nobody_else(engine, homes):
    home = MunicipalityFactory(slug="bjuv")
    ListingFactory(title="Hyllplan", organisation=SchoolFactory(municipality=home))
    ListingFactory(title="Hyllor")

    titles = engine.titles("", homes=homes)

    assert ("Hyllplan" in titles) == (homes != ())
    assert "Hyllor" in titles


def test_what_its_own_municipality_sees_first_is_suggested_to_nobody_else(engine):
    home = MunicipalityFactory(slug="bjuv")
    ListingFactory(title="Hyllplan", organisation=SchoolFactory(municipality=home))
    ListingFactory(title="Hyllor")

    assert engine.suggests("hyll") == ["Hyllor"]
    assert engine.ask("", homes=("bjuv",)).total == 2
