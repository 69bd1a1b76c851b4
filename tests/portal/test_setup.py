"""What a municipality has when it has run the commands that the README gives for production."""

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import override_settings
from wagtail.models import Page, Site

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


def test_municipalities_are_listed_in_swedish_order(client):
    page = client.get("/sok/").text

    assert page.index("Svalöv") < page.index("Åstorp") < page.index("Ängelholm")
    assert page.index("Ängelholm") < page.index("Örkelljunga")
