"""What a municipality has when it has run the commands that the README gives for production."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import override_settings
from django.utils import timezone
from django.utils.translation import override
from wagtail.models import Page, Site

from inspiration.pages.blocks import ShortcomingsBlock
from inspiration.pages.models import InspirationIndexPage, StandardPage

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def new_site(django_db_setup, django_db_blocker):
    """A new site in a transaction around this module, undone after it."""
    with django_db_blocker.unblock(), transaction.atomic():
        with override_settings(WAGTAILADMIN_BASE_URL="https://aterbruk.example.org"):
            call_command("load_reference_data", verbosity=0)
            call_command("setup_portal", with_pages=True, verbosity=0)
        yield
        transaction.set_rollback(True)


STANDING = [
    "/",
    "/lektionsideer/",
    "/berattelser/",
    "/artiklar/",
    "/kampanjer/",
    "/om/",
    "/tillganglighet/",
    "/integritet/",
    "/bilder/",
    "/kontakt/",
]


@pytest.mark.parametrize("address", [*STANDING, *(f"/en{address}" for address in STANDING)])
def test_a_new_site_has_the_pages_that_every_site_needs(client, address):
    assert client.get(address).status_code == 200


def test_a_new_site_names_the_municipalities_that_take_part(client):
    assert "Åstorp, Ängelholm och Örkelljunga." in client.get("/om/").text
    assert "Åstorp, Ängelholm and Örkelljunga." in client.get("/en/om/").text


def test_a_new_site_is_at_the_address_that_it_was_given(client):
    assert Site.objects.get().root_url == "https://aterbruk.example.org"


def test_setting_up_again_brings_back_no_page_that_was_taken_away():
    Page.objects.filter(slug="bilder").delete()
    before = set(Page.objects.values_list("url_path", flat=True))

    call_command("setup_portal", with_pages=True, verbosity=0)

    assert set(Page.objects.values_list("url_path", flat=True)) == before


def test_a_site_from_before_there_were_events_gets_their_list_once(client):
    for page in Page.objects.filter(slug="handelser"):
        page.delete()
    assert client.get("/handelser/").status_code == 404

    for _time in range(2):
        call_command("setup_portal", with_pages=True, verbosity=0)

    assert client.get("/handelser/").status_code == client.get("/en/handelser/").status_code == 200
    found = InspirationIndexPage.objects.filter(lists=InspirationIndexPage.Lists.EVENTS)
    assert found.count() == 2
    assert len({page.translation_key for page in found}) == 1


def test_municipalities_are_listed_in_swedish_order(client):
    page = client.get("/sok/").text

    assert page.index("Svalöv") < page.index("Åstorp") < page.index("Ängelholm")
    assert page.index("Ängelholm") < page.index("Örkelljunga")


STATEMENTS = ["/tillganglighet/", "/integritet/", "/en/tillganglighet/", "/en/integritet/"]


@pytest.mark.parametrize("address", STATEMENTS)
def test_what_only_the_owner_can_declare_is_marked_as_a_gap(client, address):
    gap = "[fill in:" if address.startswith("/en/") else "[fyll i:"

    assert client.get(address).text.casefold().count(gap) >= 3


def test_a_new_site_decides_no_legal_basis_and_promises_no_days(client):
    assert "Den rättsliga grunden är <b>[fyll i:" in client.get("/integritet/").text
    assert "Vi svarar så snart vi kan." in client.get("/kontakt/").text
    assert "arbetsdagar" not in client.get("/kontakt/").text


def test_the_accessibility_statement_says_how_far_and_where_to_complain(client):
    page = client.get("/tillganglighet/").text

    assert "<b>delvis förenlig</b>" in page
    assert 'href="https://www.digg.se/tdosanmalan"' in page
    assert "Vi känner inte till några brister" not in page


def statement(language):
    return StandardPage.objects.get(slug="tillganglighet", locale__language_code=language)


@pytest.mark.parametrize(
    ("address", "by", "gap"),
    [
        ("/tillganglighet/", "Granskad av", "[fyll i: datum]"),
        ("/en/tillganglighet/", "Reviewed by", "[fill in: date]"),
    ],
)
def test_the_day_of_the_last_review_is_a_gap_until_it_is_written(client, address, by, gap):
    page = client.get(address).text

    assert by in page
    assert gap in page


@pytest.mark.parametrize(
    ("language", "days", "said", "warned"),
    [("sv", 30, "Filmen saknar text.", False), ("en", 400, "The film has no captions.", True)],
)
def test_an_editor_keeps_the_list_of_shortcomings_and_its_day(client, language, days, said, warned):
    page = statement(language)
    listed = next(block for block in page.body if block.block_type == "shortcomings").value
    day = timezone.localdate() - timedelta(days=days)
    listed["shortcomings"].append({"what": said, "found_on": day})
    listed["reviewed_on"], listed["reviewed_by"] = day, "Kommunen"
    page.save_revision().publish()

    shown = client.get(page.url).text

    assert said in shown
    assert shown.count(f'datetime="{day.isoformat()}"') == 2
    assert ("more than a year ago" in shown) is warned


def test_an_empty_list_of_shortcomings_declares_nothing():
    block = ShortcomingsBlock()

    with override("sv"):
        shown = block.render(block.normalize({}))

    assert "[Fyll i: de kända bristerna.]" in shown
