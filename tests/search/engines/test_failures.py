"""When Elasticsearch is slow, refuses, breaks off or has lost something: nobody notices."""

import json
import re
import time
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.utils import timezone
from post_office.models import Email

from marketplace.listings.models import MaterialListing
from search.engines.circuit_breaker import SECONDS, STALE, is_open
from search.engines.connection import alias, aliases
from search.index import sync as index_sync
from search.index.entries import refresh, refresh_all
from search.index.models import SearchEntry
from search.index.sync import reconcile, send_changes
from search.index.tasks import refresh_entry
from search.saved.matching import match_new
from search.saved.models import SavedSearch
from search.saved.services import send_alerts
from tests.factories import (
    CategoryFactory,
    ListingFactory,
    MembershipFactory,
    MunicipalityFactory,
    SchoolFactory,
)
from tests.search.engines.misbehaving import Misbehaving

# How it fails when it is asked.
MANNERS = [
    "slow",
    "refusing",
    "gone",
    "red",
    "partly red",
    "cut off",
    "cut short",
    "empty",
    "somebody else",
]
# How it fails when it is told something.
DEAF = ["slow", "refusing", "red", "read only", "cut off", "cut short"]


@pytest.fixture
def proxy(elasticsearch, settings):
    """The way to Elasticsearch, which can be told to misbehave."""
    with Misbehaving(settings.ELASTICSEARCH_URL) as proxy:
        settings.ELASTICSEARCH_URL = proxy.url
        yield proxy


@pytest.fixture
def hasty(settings, monkeypatch):
    """What is slow has been waited for soon enough."""

    def wait_for(seconds=0.4):
        settings.ELASTICSEARCH_TIMEOUT_SECONDS = seconds
        monkeypatch.setattr(index_sync, "PATIENCE_SECONDS", seconds)
        monkeypatch.setattr(index_sync, "LONG_TIMEOUT_SECONDS", seconds)

    return wait_for


@pytest.fixture
def clock(monkeypatch):
    """A function that lets seconds pass for everything that looks at the clock."""
    passed = 0
    real = time.time

    def wait(seconds):
        nonlocal passed
        passed += seconds

    monkeypatch.setattr(time, "time", lambda: real() + passed)
    return wait


@pytest.fixture
def stock(proxy):
    """Three listings in two municipalities, in the table and in Elasticsearch."""
    wood = CategoryFactory(slug="tra", name="Trä")
    bjuv, klippan = MunicipalityFactory(slug="bjuv"), MunicipalityFactory(slug="klippan")
    for title, place in (("Segelduk", bjuv), ("Segel, stort", klippan), ("Brädor", klippan)):
        ListingFactory(title=title, category=wood, organisation__municipality=place)
    refresh_all()
    assert send_changes() == (3, 0)


def look(client, address):
    """What a person sees: who answered, the titles of the cards, and the counts of the facets."""
    response = client.get(address)
    assert response.status_code == 200
    page = BeautifulSoup(response.content, "html.parser")
    return {
        "engine": response["X-Search-Engine"],
        "total": page.select_one("#results-title").get_text(strip=True),
        "titles": [each.get_text(strip=True) for each in page.select(".search__cards h3")],
        "facets": {
            each["id"]: each.find_parent("label").select_one(".facet__count").get_text()
            for each in page.select(".facet__option input[id], .filters__switches input[id]")
            if each.find_parent("label").select_one(".facet__count")
        },
        "layout": [each["id"] for each in page.select("[id]")],
    }


def titles_in(elasticsearch):
    """{title: version} of all that Elasticsearch holds."""
    elasticsearch.indices.refresh(index=aliases())
    found = elasticsearch.search(index=aliases(), version=True, size=100)["hits"]["hits"]
    return {each["_source"]["title"]: each["_version"] for each in found}


def remove_index(elasticsearch, language):
    (name,) = elasticsearch.indices.get_alias(name=alias(language))
    elasticsearch.indices.delete(index=name)


def lose(elasticsearch, title):
    """A document disappears behind our back."""
    entry = SearchEntry.objects.get(title=title)
    elasticsearch.delete(index=alias("sv"), id=entry.document_id, refresh=True)


def listing_called(title):
    return MaterialListing.objects.get(title=title)


def publish(title, **values):
    ListingFactory(title=title, **values)
    refresh_all()


# --- People who search ------------------------------------------------------------------------


@pytest.mark.parametrize("manner", MANNERS)
def test_the_database_answers_with_the_same_page(client, proxy, stock, hasty, manner):
    well = look(client, "/sok/?q=segel&kommun=klippan")
    assert well["engine"] == "elasticsearch"
    hasty()

    proxy.be(manner)

    assert look(client, "/sok/?q=segel&kommun=klippan") == well | {"engine": "database"}


def test_a_search_waits_no_longer_than_is_set_even_when_it_asks_twice(
    client, proxy, stock, settings
):
    settings.ELASTICSEARCH_TIMEOUT_SECONDS = 0.3
    proxy.be("slow")

    look(client, "/sok/?q=segel")

    assert proxy.searches == 1


@pytest.mark.parametrize("lost", ["sv", "en"])
def test_the_database_answers_when_an_index_is_gone(client, proxy, stock, elasticsearch, lost):
    remove_index(elasticsearch, lost)

    answer = look(client, "/material/?q=segel")

    assert answer["engine"] == "database"
    assert {"Segelduk", "Segel, stort"} <= set(answer["titles"])


def test_the_database_answers_when_the_alias_is_gone(client, proxy, stock, elasticsearch):
    elasticsearch.indices.delete_alias(index=f"{alias('sv')}-*", name=alias("sv"))

    assert look(client, "/material/")["engine"] == "database"


def test_the_database_answers_when_documents_are_lost(client, proxy, stock, elasticsearch):
    lose(elasticsearch, "Segelduk")

    answer = look(client, "/material/")

    assert answer["engine"] == "database"
    assert len(answer["titles"]) == 3


def test_removing_much_at_once_is_no_loss(client, proxy, stock):
    look(client, "/material/")
    for title in ("Segelduk", "Segel, stort"):
        listing_called(title).unpublish()
    refresh_all()
    send_changes()

    answer = look(client, "/material/")

    assert answer["engine"] == "elasticsearch"
    assert answer["titles"] == ["Brädor"]


def test_the_database_answers_when_changes_have_waited_too_long(client, proxy, stock):
    proxy.be("read only")
    publish("Ny duk")
    send_changes()
    assert look(client, "/material/")["engine"] == "elasticsearch"

    SearchEntry.objects.pending_index().update(changed_at=timezone.now() - timedelta(minutes=2))
    cache.delete(STALE)

    answer = look(client, "/material/")
    assert answer["engine"] == "database"
    assert "Ny duk" in answer["titles"]


def test_what_is_sold_out_is_not_shown_while_elasticsearch_takes_no_changes(client, proxy, stock):
    proxy.be("read only")
    listing_called("Segelduk").unpublish()
    refresh_all()
    send_changes()

    answer = look(client, "/material/")

    assert answer["engine"] == "elasticsearch"
    assert set(answer["titles"]) == {"Segel, stort", "Brädor"}


@pytest.mark.parametrize("manner", ["slow", "refusing", "red", "cut short"])
def test_suggestions_come_whatever_happens(client, proxy, stock, hasty, manner):
    hasty()
    proxy.be(manner)

    found = client.get("/sok/forslag/?q=segel").json()["suggestions"]

    assert {each["text"] for each in found} == {"Segelduk", "Segel, stort"}


# --- The breaker ------------------------------------------------------------------------------


@pytest.mark.parametrize("manner", ["slow", "refusing", "red", "partly red", "cut off"])
def test_after_a_failure_it_is_left_alone_for_a_while(client, proxy, stock, hasty, clock, manner):
    hasty()
    proxy.be(manner)
    look(client, "/sok/?q=segel")
    proxy.be("well")
    before = len(proxy.asked)

    clock(SECONDS / 2)
    answers = {look(client, f"/sok/?q={word}")["engine"] for word in ("segel", "tyg", "")}

    assert answers == {"database"}
    assert len(proxy.asked) == before


def test_it_is_asked_again_afterwards(client, proxy, stock, clock):
    proxy.be("refusing")
    look(client, "/sok/?q=segel")
    proxy.be("well")

    clock(SECONDS + 1)

    assert look(client, "/sok/?q=segel")["engine"] == "elasticsearch"
    assert look(client, "/sok/?q=segel")["engine"] == "elasticsearch"


def test_as_long_as_it_fails_one_request_in_a_while_finds_out(client, proxy, stock, clock):
    proxy.be("red")
    look(client, "/sok/")
    before = proxy.searches

    for _time in range(3):
        clock(SECONDS + 1)
        for _person in range(4):
            assert look(client, "/sok/")["engine"] == "database"

    assert proxy.searches == before + 3


def test_changes_do_not_ask_either(proxy, stock, clock):
    proxy.be("gone")
    publish("Ny duk")
    send_changes()
    proxy.be("well")
    before = len(proxy.asked)

    assert send_changes() == (0, 1)
    assert len(proxy.asked) == before

    clock(SECONDS + 1)
    assert send_changes() == (1, 0)


# --- Changes meanwhile ------------------------------------------------------------------------


@pytest.mark.parametrize("manner", DEAF)
def test_changes_wait_and_arrive_when_it_is_back(
    proxy, stock, elasticsearch, hasty, settings, clock, manner
):
    settings.ELASTICSEARCH_TIMEOUT_SECONDS = 20
    hasty()
    proxy.be(manner)
    for title in ("Först", "Sedan"):
        listing = ListingFactory(title=title)
        refresh_entry.func("material", listing.pk)
    gone = listing_called("Brädor")
    gone.unpublish()
    refresh_entry.func("material", gone.pk)
    assert SearchEntry.objects.pending_index().count() == 3

    proxy.be("well")
    hasty(20)
    clock(SECONDS + 1)
    call_command("periodic", verbosity=0)

    assert SearchEntry.objects.pending_index().count() == 0
    assert set(titles_in(elasticsearch)) == {"Segelduk", "Segel, stort", "Först", "Sedan"}


def test_they_are_sent_in_the_order_in_which_they_were_made(proxy, stock, clock):
    proxy.be("refusing")
    for title in ("Ett", "Två", "Tre"):
        publish(title)
    change("Ett", "Fyra")
    send_changes()
    proxy.be("well")
    clock(SECONDS + 1)

    send_changes()

    (bulk,) = proxy.asked_for("_bulk")[-1:]
    sent = [json.loads(line).get("title") for line in bulk.splitlines()]
    assert [title for title in sent if title] == ["Två", "Tre", "Fyra"]


def change(title, new):
    listing = listing_called(title)
    listing.title = new
    listing.save()
    refresh("material", [listing.pk])


def test_a_change_that_arrives_late_does_not_overwrite_a_newer_one(
    proxy, stock, elasticsearch, clock
):
    entry = SearchEntry.objects.get(title="Segelduk")
    proxy.be("gone")
    change("Segelduk", "Segelduk, vit")
    send_changes()
    proxy.be("well")
    clock(SECONDS + 1)
    change("Segelduk, vit", "Segelduk, röd")
    send_changes()

    # The first change is sent once more, as by a job that had been asleep.
    SearchEntry.objects.filter(pk=entry.pk).update(
        title="Segelduk, vit", version=entry.version + 1, indexed_version=entry.version
    )
    send_changes()

    assert titles_in(elasticsearch)["Segelduk, röd"] == entry.version + 2


def test_when_the_answer_is_lost_on_its_way_everything_is_sent_again(
    proxy, stock, elasticsearch, clock
):
    publish("Ny duk")
    proxy.be("cut off")
    assert send_changes() == (0, 1)
    proxy.be("well")
    clock(SECONDS + 1)

    assert send_changes() == (1, 0)
    assert reconcile() == {"missing": 0, "stale": 0, "extra": 0}


@pytest.mark.parametrize("block", ["read_only", "read_only_allow_delete", "write"])
def test_an_index_that_somebody_made_read_only_gets_its_changes_later(
    proxy, stock, elasticsearch, block
):
    set_block(elasticsearch, block, True)
    publish("Ny duk")
    assert send_changes() == (0, 1)
    # Nothing has failed for those who search.
    assert not is_open()

    set_block(elasticsearch, block, False)

    assert send_changes() == (1, 0)
    assert "Ny duk" in titles_in(elasticsearch)


def set_block(elasticsearch, block, value):
    elasticsearch.indices.put_settings(index=aliases(), settings={f"index.blocks.{block}": value})


def test_a_missing_index_is_rebuilt_by_the_next_change(proxy, stock, elasticsearch):
    remove_index(elasticsearch, "sv")
    publish("Ny duk")

    send_changes()

    assert set(titles_in(elasticsearch)) == {"Segelduk", "Segel, stort", "Brädor", "Ny duk"}


def test_a_missing_index_is_rebuilt_when_nothing_changes_too(proxy, stock, elasticsearch):
    remove_index(elasticsearch, "sv")

    call_command("periodic", verbosity=0)

    assert set(titles_in(elasticsearch)) == {"Segelduk", "Segel, stort", "Brädor"}


@pytest.mark.parametrize(
    ("harm", "what"),
    [(remove_index, "sv"), (lose, "Segelduk")],
    ids=["index", "document"],
)
def test_whoever_meets_a_loss_has_it_put_back(
    client,
    proxy,
    stock,
    elasticsearch,
    clock,
    django_capture_on_commit_callbacks,
    harm,
    what,
):
    harm(elasticsearch, what)

    with django_capture_on_commit_callbacks(execute=True):
        assert look(client, "/material/")["engine"] == "database"
    clock(SECONDS + 1)

    answer = look(client, "/material/")
    assert answer["engine"] == "elasticsearch"
    assert len(answer["titles"]) == 3


def test_lost_documents_are_put_back_by_the_periodic_job(
    client, proxy, stock, elasticsearch, clock
):
    lose(elasticsearch, "Segelduk")
    look(client, "/material/")

    call_command("periodic", verbosity=0)
    clock(SECONDS + 1)

    answer = look(client, "/material/")
    assert answer["engine"] == "elasticsearch"
    assert len(answer["titles"]) == 3


# --- Commands ---------------------------------------------------------------------------------


def test_reconciling_tells_what_was_missing_stale_and_superfluous(
    proxy, stock, elasticsearch, capsys
):
    lose(elasticsearch, "Segelduk")
    stale = SearchEntry.objects.get(title="Brädor")
    elasticsearch.index(
        index=alias("sv"), id=stale.document_id, document={"title": "Bräder"}, refresh=True
    )
    elasticsearch.index(index=alias("en"), id="artikel-1-en", document={"title": "x"})
    elasticsearch.index(index=alias("sv"), id="material-0-sv", document={"title": "y"})

    call_command("search_reconcile")

    assert "Elasticsearch: 1 missing, 1 stale, 2 superfluous; repaired." in capsys.readouterr().out
    assert set(titles_in(elasticsearch)) == {"Segelduk", "Segel, stort", "Brädor"}


def test_reconciling_repairs_the_table_first(proxy, stock, elasticsearch, capsys):
    SearchEntry.objects.filter(title="Segelduk").delete()
    SearchEntry.objects.filter(title="Brädor").update(title="Bräder")

    call_command("search_reconcile")

    out = capsys.readouterr().out
    assert "Entries: 1 missing, 1 stale, 0 superfluous, 1 as they should be." in out
    assert set(titles_in(elasticsearch)) == {"Segelduk", "Segel, stort", "Brädor"}


def test_reconciling_after_a_failure_does_not_wait_for_the_breaker(
    client, proxy, stock, elasticsearch, capsys
):
    proxy.be("gone")
    look(client, "/material/")
    publish("Ny duk")
    send_changes()
    proxy.be("well")

    call_command("search_reconcile")

    assert "0 missing, 0 stale, 0 superfluous" in capsys.readouterr().out
    assert "Ny duk" in titles_in(elasticsearch)
    assert look(client, "/material/")["engine"] == "elasticsearch"


@pytest.mark.parametrize("manner", DEAF)
def test_reconciling_says_so_when_it_cannot_repair_and_loses_nothing(
    proxy, stock, elasticsearch, hasty, manner
):
    lose(elasticsearch, "Segelduk")
    elasticsearch.index(index=alias("sv"), id="material-0-sv", document={"title": "y"})
    hasty()
    proxy.be(manner)

    with pytest.raises(CommandError):
        call_command("search_reconcile")

    proxy.be("well")
    hasty(20)
    call_command("search_reconcile")
    assert set(titles_in(elasticsearch)) == {"Segelduk", "Segel, stort", "Brädor"}


@pytest.mark.parametrize("manner", DEAF)
def test_a_rebuild_that_fails_leaves_the_old_index_in_use(
    proxy, stock, elasticsearch, hasty, manner
):
    before = set(elasticsearch.indices.get(index=f"{alias('sv')}-*"))
    hasty()
    proxy.be(manner)

    with pytest.raises(CommandError):
        call_command("search_rebuild")

    proxy.be("well")
    assert set(elasticsearch.indices.get_alias(name=alias("sv"))) <= before
    assert set(titles_in(elasticsearch)) == {"Segelduk", "Segel, stort", "Brädor"}
    hasty(20)
    call_command("search_rebuild")


def test_after_a_rebuild_elasticsearch_answers_at_once(client, proxy, stock, elasticsearch):
    remove_index(elasticsearch, "sv")
    assert look(client, "/material/")["engine"] == "database"

    call_command("search_rebuild")

    assert look(client, "/material/")["engine"] == "elasticsearch"


# --- What the operator sees -------------------------------------------------------------------


def elasticsearch_health(client):
    response = client.get("/halsa/redo")
    assert response.status_code == 200
    body = response.json()
    assert body["ready"] is True
    return body["checks"]["elasticsearch"], body["waiting_to_be_indexed"]


def test_all_is_well(client, proxy, stock):
    assert elasticsearch_health(client) == ("ok", 0)


@pytest.mark.parametrize(
    ("manner", "told"),
    [
        ("slow", "unavailable, the database answers"),
        ("refusing", "unavailable, the database answers"),
        ("gone", "unavailable, the database answers"),
        ("red", "red, the database answers"),
        ("cut off", "unavailable, the database answers"),
        ("cut short", "unavailable, the database answers"),
        ("empty", "unavailable, the database answers"),
        ("somebody else", "unavailable, the database answers"),
    ],
)
def test_the_health_page_tells_how_it_fails(client, proxy, stock, hasty, manner, told):
    hasty()
    proxy.be(manner)

    assert elasticsearch_health(client) == (told, 0)


def test_the_health_page_tells_of_a_missing_index(client, proxy, stock, elasticsearch):
    remove_index(elasticsearch, "en")

    assert elasticsearch_health(client)[0] == "index missing, the database answers"


def test_the_health_page_tells_of_lost_documents(client, proxy, stock, elasticsearch):
    lose(elasticsearch, "Segelduk")

    assert elasticsearch_health(client)[0] == "documents missing, the database answers"


def test_the_health_page_tells_how_many_changes_wait(client, proxy, stock):
    proxy.be("read only")
    publish("Ny duk")
    send_changes()
    assert elasticsearch_health(client) == ("ok", 1)

    SearchEntry.objects.pending_index().update(changed_at=timezone.now() - timedelta(minutes=2))
    cache.delete(STALE)

    told = "changes have waited too long, the database answers"
    assert elasticsearch_health(client) == (told, 1)


def test_the_health_page_tells_that_it_is_left_alone_for_a_while(client, proxy, stock, clock):
    proxy.be("gone")
    look(client, "/material/")
    proxy.be("well")
    assert elasticsearch_health(client)[0] == "failed just now, the database answers for a while"

    clock(SECONDS + 1)
    look(client, "/material/")

    assert elasticsearch_health(client)[0] == "ok"


# --- Saved searches meanwhile -----------------------------------------------------------------


@pytest.fixture
def reader(db):
    teacher = MembershipFactory(organisation=SchoolFactory(), user__email="larare@example.org").user
    SavedSearch.objects.create(
        user=teacher,
        name="Segel",
        query_string="q=segel",
        created_at=timezone.now() - timedelta(minutes=1),
    )
    return teacher


def told(reader):
    """The titles that all mail together has told of."""
    send_alerts()
    mails = [email for email in Email.objects.order_by("pk") if email.to == [reader.email]]
    return sorted(
        title for each in mails for title in re.findall(r"^- (.+), 10 stycken$", each.message, re.M)
    )


@pytest.mark.parametrize("manner", ["slow", "refusing", "partly red", "read only", "cut off"])
def test_each_new_listing_reaches_a_saved_search_once(proxy, stock, reader, hasty, clock, manner):
    match_new()
    already = told(reader)
    hasty()
    proxy.be(manner)
    for title in ("Segel, nytt", "Segel, ännu ett"):
        listing = ListingFactory(title=title)
        refresh_entry.func("material", listing.pk)
    match_new()
    proxy.be("well")
    hasty(20)
    clock(SECONDS + 1)
    for _time in range(2):
        call_command("periodic", verbosity=0)

    assert told(reader) == sorted([*already, "Segel, nytt", "Segel, ännu ett"])


def test_a_listing_that_elasticsearch_loses_again_is_told_of_all_the_same(
    proxy, stock, reader, elasticsearch
):
    match_new()
    already = told(reader)
    publish("Segel, nytt")
    send_changes()
    lose(elasticsearch, "Segel, nytt")

    match_new()

    assert told(reader) == sorted([*already, "Segel, nytt"])
