"""Pages that are made once for all visitors, and never shown when they are no longer true."""

import re
from datetime import date

import pytest
import time_machine
from django.db import transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from inspiration.forms.models import FormPage
from inspiration.pages.models import HomePage
from marketplace.exchange.reservations.services import accept_reservation, request_reservation
from marketplace.listings.models import MaterialListing
from portal.foundation.page_cache import versions
from search.statistics.models import SearchCount
from tests.browser.conftest import set_up_portal
from tests.factories import ListingFactory, MembershipFactory, SchoolFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def portal(transactional_db, kept):
    set_up_portal()


@pytest.fixture
def listing():
    return ListingFactory(title="Papprör", stock__offered=10)


def queries(connection, client, url):
    with CaptureQueriesContext(connection) as asked:
        response = client.get(url)
    assert response.status_code == 200
    return len(asked)


@pytest.fixture
def connection():
    from django.db import connection

    return connection


def text(url, client=None):
    return (client or Client()).get(url).content.decode()


def signed_in(user):
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.mark.parametrize("path", ["/", "/en/", "/effekt/", "/material/", "listing"])
def test_the_second_visitor_costs_one_question_to_the_database(listing, connection, path):
    url = listing.get_absolute_url() if path == "listing" else path
    # The very first page may make settings, which is a change.
    text(url)
    first, second = (queries(connection, Client(), url) for _visitor in range(2))

    assert second == 1 <= first


def test_a_change_is_seen_at_once_however_it_is_written(listing):
    url = listing.get_absolute_url()
    assert "Av bok" not in text(url)

    MaterialListing.objects.filter(pk=listing.pk).update(description="Av bok")

    assert "Av bok" in text(url)


def test_what_others_take_is_gone_from_the_page(listing):
    url = listing.get_absolute_url()
    teacher = MembershipFactory(organisation=SchoolFactory())
    before = text(url)
    asked = request_reservation(
        listing=listing, organisation=teacher.organisation, by=teacher.user, quantity=4
    )
    accept_reservation(reservation=asked, by=None)

    after = text(url)

    assert re.search(r"\b10\b", before)
    assert before != after
    assert re.search(r"\b6\b", after)


def test_a_change_that_is_taken_back_costs_nobody_their_page(listing, connection):
    url = listing.get_absolute_url()
    text(url), text(url)

    with pytest.raises(ZeroDivisionError), transaction.atomic():
        MaterialListing.objects.filter(pk=listing.pk).update(description="Av bok")
        raise ZeroDivisionError

    assert queries(connection, Client(), url) == 1
    assert "Av bok" not in text(url)


def test_what_no_page_shows_throws_no_page_away(connection):
    text("/"), text("/")

    SearchCount.objects.create(day=date(2026, 12, 1), text="papp", searches=1)

    assert queries(connection, Client(), "/") == 1


def test_nobody_sees_the_page_of_somebody_who_is_signed_in(listing):
    member = MembershipFactory(organisation=SchoolFactory())
    teacher = signed_in(member.user)
    url = listing.get_absolute_url()

    visitors = text(url)

    assert 'href="/konto/login/' in visitors
    assert 'href="/konto/login/' not in text(url, teacher)
    assert 'href="/konto/login/' in text(url)


def test_a_form_is_made_for_each_visitor():
    home = HomePage.objects.get(locale__language_code="sv")
    home.add_child(instance=FormPage(title="Kontakt", slug="kontakt"))
    tokens = {
        re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', text("/kontakt/"))[1]
        for _visitor in range(2)
    }

    assert len(tokens) == 2


def test_each_answer_has_a_nonce_of_its_own_that_its_policy_knows(listing):
    answers = [Client().get(listing.get_absolute_url()) for _visitor in range(3)]
    in_page = [
        re.search(r'<script[^>]* nonce="([^"]+)"', each.content.decode())[1] for each in answers
    ]
    in_policy = [
        re.search(r"'nonce-([^']+)'", each["Content-Security-Policy"])[1] for each in answers
    ]

    assert in_page == in_policy
    assert len(set(in_page)) == 3


def test_a_browser_that_has_the_page_is_told_that_it_still_holds(listing):
    url = listing.get_absolute_url()
    text(url)
    tag = Client().get(url)["ETag"]

    same = Client().get(url, headers={"If-None-Match": tag})
    MaterialListing.objects.filter(pk=listing.pk).update(description="Av bok")
    changed = Client().get(url, headers={"If-None-Match": tag})

    assert (same.status_code, same.content) == (304, b"")
    assert "Content-Security-Policy" not in same
    assert changed.status_code == 200


def test_a_page_of_yesterday_is_made_again(listing, connection):
    url = listing.get_absolute_url()
    with time_machine.travel("2026-12-01 23:59+01:00", tick=False):
        text(url), text(url)
        same_day = queries(connection, Client(), url)
    with time_machine.travel("2026-12-02 00:01+01:00", tick=False):
        next_day = queries(connection, Client(), url)

    assert same_day == 1
    assert next_day > 1


def test_an_invented_query_fills_no_memory(connection):
    _first, second = (queries(connection, Client(), "/?x=1") for _visitor in range(2))

    assert second > 1


@pytest.mark.parametrize("host", ["testserver:8123", "TestServer", "testserver."])
def test_no_way_of_writing_our_host_fills_memory(connection, host):
    text("/"), text("/")
    assert queries(connection, Client(), "/") == 1

    for _visitor in range(2):
        assert queries(connection, Client(headers={"Host": host}), "/") > 1


def test_the_port_of_the_public_address_is_usual(connection, settings):
    settings.WAGTAILADMIN_BASE_URL = "http://testserver:8123"
    visitor = Client(headers={"Host": "testserver:8123"})

    assert [queries(connection, visitor, "/") for _visit in range(3)][-1] == 1


def test_a_host_that_is_not_ours_gets_nothing(settings):
    settings.ALLOWED_HOSTS = ["testserver"]
    assert Client().get("/").status_code == 200

    assert Client().get("/", headers={"Host": "elsewhere.example"}).status_code == 400


def test_whether_the_process_is_up_is_said_without_the_database(client, connection):
    assert queries(connection, client, "/en/") > 0

    assert queries(connection, client, "/halsa/live") == 0


def test_a_connection_that_a_request_makes_keeps_nothing_of_it(connection, settings):
    settings.SQL_COMMENTS = True
    # As in a thread that has not asked the database yet.
    connection.execute_wrappers.clear()
    kept = []
    for _time in range(3):
        # A pool takes it back after each request, and the next one makes it again.
        connection.close()
        assert Client().get("/kontakt/", {"x": len(kept)}).status_code in (200, 404)
        kept.append(list(connection.execute_wrappers))

    assert kept == [[versions.notice]] * 3


def test_a_new_installation_writes_before_there_is_a_number_of_what_is_shown(connection):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE portal_contentversion RENAME TO not_yet")
    try:
        assert ListingFactory(title="Papprör").pk
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE not_yet RENAME TO portal_contentversion")


def test_a_new_release_writes_before_its_migrations_are_through(connection):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE portal_contentversion SET number = 5")
        cursor.execute("ALTER TABLE portal_contentversion RENAME COLUMN material TO not_yet")
    try:
        assert ListingFactory(title="Papprör").pk
        with connection.cursor() as cursor:
            cursor.execute("SELECT number FROM portal_contentversion")
            # What the release before shows is rendered again.
            assert cursor.fetchone()[0] > 5
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE portal_contentversion RENAME COLUMN not_yet TO material")
