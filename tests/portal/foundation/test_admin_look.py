"""The admin looks like the portal's, and explains itself."""

import re

import pytest
from bs4 import BeautifulSoup
from django.contrib.staticfiles import finders
from django.core.management import call_command
from wagtail.models import Locale

from inspiration.pages.blocks import ContentBlock
from inspiration.pages.models import ArticlePage, HomePage, InspirationIndexPage
from tests.factories import UserFactory, give

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client):
    call_command("setup_portal", verbosity=0)
    user = UserFactory(first_name="Rakel")
    give(user, "editor")
    client.force_login(user)
    return user


def soup(response):
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def test_the_admin_carries_the_portals_name_sign_and_colours(client, editor):
    shown = soup(client.get("/admin/"))

    assert shown.title.get_text().strip().endswith("Återbruksportalen")
    assert shown.h1.get_text(strip=True) == "Hej Rakel!"
    assert shown.select_one("link[rel=icon]")["href"].endswith("favicon.svg")
    assert shown.select_one("link[href$='portal/css/admin.css']")
    assert "portal-logo" in str(shown.select_one("template[data-wagtail-sidebar-branding-logo]"))


@pytest.mark.parametrize("language", ["sv", "en"])
def test_the_guide_leads_to_its_parts_and_shows_them(client, editor, language):
    shown = soup(client.get("/admin/guide/", headers={"accept-language": language}))

    guide = shown.select_one(".portal-guide")
    targets = {link["href"].removeprefix("#") for link in guide.select("nav a")}
    assert targets == {heading["id"] for heading in guide.select("h2")}
    assert len(targets) == 9
    for picture in guide.select("img"):
        assert picture["alt"]
        assert finders.find(picture["src"].removeprefix("/static/"))


def test_lists_of_pages_speak_swedish_where_wagtail_does_not(client, editor):
    home = HomePage.objects.get(locale__language_code="sv")

    shown = client.get(f"/admin/pages/{home.pk}/").content.decode()

    assert re.search(r"1–\d+ av \d+ sid", shown)


def test_the_foot_of_a_page_is_no_fault_that_an_editor_could_mend(client, editor):
    """The check of pages takes a bold paragraph before another for a heading gone wrong."""
    foot = soup(client.get("/")).select_one(".site-footer")

    assert foot.select_one(".site-footer__name").name != "p"


def test_the_block_that_leads_further_is_previewed_with_pages_in_the_editors_language(
    client, editor
):
    swedish = HomePage.objects.get(locale__language_code="sv")
    titles = {"sv": "Papprör blir tält", "en": "Tubes become tents"}
    for code, title in titles.items():
        locale = Locale.objects.get(language_code=code)
        parent = swedish.add_child(
            instance=InspirationIndexPage(title=f"Lista {code}", locale=locale)
        )
        parent.add_child(instance=ArticlePage(title=title, locale=locale))
    block = ContentBlock().child_blocks["related"]

    shown = client.get("/admin/block-preview/", {"id": block.definition_prefix}).content.decode()

    assert titles["sv"] in shown
    assert titles["en"] not in shown


@pytest.mark.parametrize(
    "address",
    [
        "marketplace/materiallisting",
        "inspiration/campaignchannel",
        "inspiration/campaignparticipant",
        "inspiration/newsletter",
        "inspiration/newsletterdelivery",
    ],
)
def test_exported_lists_have_headings_for_people(client, editor, address):
    give(editor, "communicator")

    response = client.get(f"/admin/snippets/{address}/?export=csv")

    heading = b"".join(response.streaming_content).decode().splitlines()[0].split(",")
    assert [each for each in heading if "." in each or "_" in each or each[:1].islower()] == []
    assert not {"Result", "Link", "Municipality", "Pk"} & set(heading)
