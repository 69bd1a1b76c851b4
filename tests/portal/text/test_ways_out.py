"""What was stored before there was a cleaning breaks no export, feed, calendar or index."""

import csv
import io
import unicodedata
from datetime import timedelta

import pytest
from django.utils import timezone
from openpyxl import load_workbook
from wagtail.models import Page

from inspiration.pages.models import ArticlePage
from marketplace.exchange.calendar_entries.rendering import download
from marketplace.exchange.calendar_entries.services import sync_calendar_entry
from marketplace.listings.models import MaterialListing
from search.index.entries import refresh
from search.index.models import SearchEntry
from tests.factories import ListingFactory, ReservationFactory, SuperuserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("portal")]
BACKEND = "django.contrib.auth.backends.ModelBackend"
BAD = "Rör\x0blånga"


@pytest.fixture
def admin(client):
    client.force_login(SuperuserFactory(), backend=BACKEND)


@pytest.fixture
def listing():
    listing = ListingFactory()
    listing.save_revision(user=SuperuserFactory(), log_action=True)
    MaterialListing.objects.filter(pk=listing.pk).update(title=BAD)
    return listing


def content(response):
    assert response.status_code == 200
    return b"".join(response.streaming_content) if response.streaming else response.content


@pytest.mark.parametrize(
    "address",
    [
        "/admin/snippets/marketplace/materiallisting/",
        "/admin/reports/site-history/",
    ],
)
def test_lists_and_reports_are_exported(client, admin, listing, address):
    from wagtail.models import ModelLogEntry, Workflow

    ModelLogEntry.objects.update(label=BAD)
    workflow = Workflow.objects.filter(active=True).first()
    fresh = MaterialListing.objects.get(pk=listing.pk)
    fresh.save_revision()
    workflow.start(fresh, SuperuserFactory())

    sheet = load_workbook(io.BytesIO(content(client.get(address, {"export": "xlsx"})))).active
    cells = " ".join(str(cell) for row in sheet.iter_rows(values_only=True) for cell in row)
    lines = list(csv.reader(io.StringIO(content(client.get(address, {"export": "csv"})).decode())))

    assert "Rör långa" in cells
    assert any("Rör långa" in cell for line in lines for cell in line)


@pytest.mark.parametrize("kind", ["rss", "atom"])
def test_feeds_can_be_read(client, kind):
    page = ArticlePage(title="Pipes", slug="pipes", summary="s")
    page.tags.add("kulbana")
    Page.objects.get(depth=2).add_child(instance=page)
    page.save_revision().publish()
    ArticlePage.objects.filter(pk=page.pk).update(title=BAD, summary=f"{BAD} \x01")

    feed = content(client.get(f"/tagg/kulbana/{kind}/")).decode()

    assert "Rör långa" in feed
    assert "\x0b" not in feed


def test_a_calendar_file_has_no_controls_in_it(listing):
    fresh = MaterialListing.objects.get(pk=listing.pk)
    moment = timezone.now() + timedelta(days=2)
    reservation = ReservationFactory(
        listing=fresh, pickup_at=moment, pickup_agreed_at=timezone.now()
    )

    lines = download(sync_calendar_entry(reservation)).decode()

    assert "Rör långa" in lines
    assert "\x0b" not in lines


def test_a_title_in_two_parts_is_indexed_in_one(listing):
    MaterialListing.objects.filter(pk=listing.pk).update(
        title=unicodedata.normalize("NFD", "Blå lådor")
    )

    refresh("material", [listing.pk])

    entry = SearchEntry.objects.get(type="material", object_id=listing.pk)
    assert entry.title == "Blå lådor"
