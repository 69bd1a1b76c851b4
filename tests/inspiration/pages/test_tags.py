"""Tag pages: what to read and what there is, by the same word."""

import pytest
from bs4 import BeautifulSoup

from tests.factories import ListingFactory, SuperuserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def tagged(pages):
    def tag(thing, word="Kulbana"):
        thing.tags.add(word)
        thing.save()
        return thing

    return tag


def test_a_tag_lists_pages_and_material_together(client, pages, tagged):
    tagged(pages.article("Läsvärt"))
    tagged(ListingFactory(title="Papprör"))
    ListingFactory(title="Annat")

    text = client.get("/tagg/kulbana/").content.decode()

    assert "Läsvärt" in text
    assert "Papprör" in text
    assert "Annat" not in text


def test_drafts_and_material_that_is_gone_are_not_listed(client, pages, tagged):
    draft = tagged(pages.article("Utkast"))
    draft.unpublish()
    tagged(ListingFactory(title="Hemlig", live=False))

    text = client.get("/tagg/kulbana/").content.decode()

    assert "Utkast" not in text
    assert "Hemlig" not in text


def test_each_language_lists_its_own_pages(client, pages, tagged):
    swedish = tagged(pages.article("På hemmaplan"))
    english = pages.translate(swedish, title="On home ground")
    tagged(english)

    assert "På hemmaplan" in client.get("/tagg/kulbana/").content.decode()
    assert "På hemmaplan" not in client.get("/en/tagg/kulbana/").content.decode()
    assert "On home ground" in client.get("/en/tagg/kulbana/").content.decode()


def test_words_of_pages_and_listings_lead_to_the_tag(client, pages, tagged):
    article = tagged(pages.article())
    listing = tagged(ListingFactory())

    for address in (article.url, listing.get_absolute_url()):
        page = BeautifulSoup(client.get(address).content, "html.parser")
        assert page.select_one(".tags a")["href"] == "/tagg/kulbana/"


def test_a_tag_has_feeds(client, pages, tagged):
    tagged(pages.article("Läsvärt"))

    assert "Läsvärt" in client.get("/tagg/kulbana/rss/").content.decode()
    assert "Läsvärt" in client.get("/tagg/kulbana/atom/").content.decode()


def test_an_unknown_tag_is_not_found(client, pages):
    assert client.get("/tagg/finns-inte/").status_code == 404


def test_editors_are_told_what_tags_are_for(client, pages):
    client.force_login(SuperuserFactory())

    shown = client.get(f"/admin/pages/add/inspiration/articlepage/{pages.articles.pk}/")

    assert "Ord som sidor delar med annonser" in shown.content.decode()
