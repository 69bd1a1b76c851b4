"""What search engines are told of listings, in parts."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from marketplace.listings.models import MaterialListing
from marketplace.listings.sitemaps import ListingsSitemap
from tests.factories import ListingFactory

pytestmark = pytest.mark.django_db


def parts(client):
    index = client.get("/sitemap.xml").content.decode()
    return re.findall(r"<loc>https?://[^/]+(/sitemap-material[^<]*)</loc>", index)


def told(client, part):
    return [int(pk) for pk in re.findall(r"<loc>[^<]*/(\d+)/[^<]*</loc>", page(client, part))]


def page(client, part):
    return client.get(part).content.decode()


def test_every_listing_is_in_one_part_in_each_language(client, monkeypatch):
    monkeypatch.setattr(ListingsSitemap, "limit", 3)
    listings = {ListingFactory().pk for _number in range(8)}

    found = [pk for part in parts(client) for pk in told(client, part)]

    assert len(parts(client)) >= 3
    assert sorted(found) == sorted([*listings, *listings])


def test_the_list_of_parts_reads_no_listing(client, monkeypatch):
    monkeypatch.setattr(ListingsSitemap, "limit", 3)
    for _number in range(8):
        ListingFactory()

    with CaptureQueriesContext(connection) as asked:
        index = page(client, "/sitemap.xml")

    of_listings = [each["sql"] for each in asked if "materiallisting" in each["sql"]]
    assert all("MAX(" in sql for sql in of_listings)
    newest = MaterialListing.objects.order_by("-last_published_at").first()
    published = newest.last_published_at
    assert not published or f"{timezone.localtime(published):%Y-%m-%d}" in index


def test_a_part_that_is_not_there_is_not_found(client):
    ListingFactory()

    assert client.get("/sitemap-material.xml?p=2").status_code == 404
    assert client.get("/sitemap-material.xml?p=x").status_code == 404
    assert client.get("/sitemap-material.xml?p=0").status_code == 404


def test_a_site_without_material_has_an_empty_part(client):
    assert parts(client) == ["/sitemap-material.xml"]
    assert told(client, "/sitemap-material.xml") == []
