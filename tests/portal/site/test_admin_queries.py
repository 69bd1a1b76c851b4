"""No page of the admin asks more than forty questions, however much there is to show."""

import re
from datetime import date
from decimal import Decimal
from html import unescape

import pytest
from django.core.cache import caches
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from taggit.models import Tag
from wagtail.log_actions import log

from inspiration.pages.models import ArticlePage, InspirationIndexPage
from marketplace.exchange.handovers.facts import HandoverFacts
from marketplace.exchange.handovers.services import record_handover
from marketplace.impact.reports import urls
from marketplace.listings.models import ListingPhoto, MaterialListing
from marketplace.offers.services import submit_listing
from portal.foundation.audit.services import EventType, record
from tests.factories import (
    CompanyFactory,
    ImageFactory,
    ListingFactory,
    MembershipFactory,
    SchoolFactory,
    SuperuserFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
MOST = 40
PAGES = [
    "audit:index",
    "site_history",
    "figure_reports:dashboard",
    *(f"figure_reports:{each.name}" for each in urls.urlpatterns if each.name.endswith("_results")),
]


@pytest.fixture
def busy(client, settings):
    """An administrator on a portal in which a lot has been done by many."""
    settings.ADMIN_REQUIRES_MFA = False
    call_command("setup_portal", with_pages=True, verbosity=0)
    for number in range(12):
        person, company = UserFactory(), CompanyFactory()
        listing = ListingFactory(organisation=company)
        record(EventType.EXPORTED, actor=person, what=f"list {number}", target=UserFactory())
        log(instance=listing, action="wagtail.edit", user=person)
        log(instance=company, action="wagtail.edit", user=person)
        record_handover(
            listing=listing,
            receiver=SchoolFactory(),
            facts=HandoverFacts(
                quantity=1, mass_kg=Decimal(7), would_have_bought="yes", on=date(2026, 3, 5)
            ),
        )
    client.force_login(SuperuserFactory())
    return client


def menu(client):
    """The address of every page that the menu of the admin leads to."""
    home = unescape(client.get("/admin/").content.decode())
    found = set(re.findall(r'"url":\s*"(/admin/[^"?#]*)"', home))
    return sorted(path for path in found if "logout" not in path)


def questions(client, path):
    """What a page asks with nothing kept, once what the process keeps is there."""
    client.get(path)
    for name in ("default", "pages"):
        caches[name].clear()
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(path)
    assert answer.status_code in (200, 302), path
    # The test itself is a transaction, so that one inside is a savepoint.
    of_tests = ("SAVEPOINT", "RELEASE")
    return [each["sql"] for each in asked if not each["sql"].startswith(of_tests)]


def test_no_page_in_the_menu_asks_much(busy):
    pages = ["/admin/", *menu(busy)]

    asked = {path: len(questions(busy, path)) for path in pages}

    assert len(pages) > 50
    assert {path: number for path, number in asked.items() if number > MOST} == {}


def test_the_edit_page_of_a_listing_under_review_asks_little_however_much_is_with_it(busy):
    listing = ListingFactory(draft=True)
    listing.tags.add("tyg", "ull", "lin", "bomull", "filt", "garn")
    listing.save()
    for _number in range(4):
        ListingPhoto.objects.create(listing=listing, image=ImageFactory(), alt_text="Tyg")
    submit_listing(
        listing=MaterialListing.objects.get(pk=listing.pk),
        by=MembershipFactory(organisation=listing.organisation).user,
    )

    asked = questions(
        busy, reverse("wagtailsnippets_marketplace_materiallisting:edit", args=[listing.pk])
    )

    assert len(asked) <= MOST, "\n".join(each[:200] for each in asked)


def test_a_photo_whose_image_is_gone_is_left_out_of_a_draft():
    listing = ListingFactory()
    kept, gone = ImageFactory(), ImageFactory()
    for image in (kept, gone):
        ListingPhoto.objects.create(listing=listing, image=image, alt_text="Tyg")
    draft = MaterialListing.objects.get(pk=listing.pk)
    draft.save_revision()
    assert draft.get_latest_revision_as_object().photos.count() == 2

    gone.delete()

    photos = MaterialListing.objects.get(pk=listing.pk).get_latest_revision_as_object().photos
    assert [each.image for each in photos.all()] == [kept]


def test_the_list_of_pages_asks_little_of_whoever_comes_again(busy):
    index = InspirationIndexPage.objects.first()
    page = ArticlePage(title="Tyg", slug="tyg", locale=index.locale, body=[])
    index.add_child(instance=page)
    page.save_revision()
    page.get_workflow().start(page, None)
    path = reverse("wagtailadmin_explore", args=[index.pk])
    busy.get(path)

    with CaptureQueriesContext(connection) as asked:
        answer = busy.get(path)

    assert "Tyg" in answer.content.decode()
    assert len(asked) <= MOST


def test_a_word_that_is_gone_is_left_out_of_a_draft():
    listing = ListingFactory()
    listing.tags.add("tyg", "ull")
    listing.save()
    draft = MaterialListing.objects.get(pk=listing.pk)
    draft.save_revision()
    assert {each.name for each in draft.get_latest_revision_as_object().tags.all()} == {
        "tyg",
        "ull",
    }

    Tag.objects.get(name="ull").delete()

    draft = MaterialListing.objects.get(pk=listing.pk).get_latest_revision_as_object()
    assert [each.name for each in draft.tags.all()] == ["tyg"]


@pytest.mark.parametrize("name", PAGES)
def test_a_page_of_the_admin_asks_little(busy, name):
    path = reverse(name.removesuffix("_results"))
    busy.get(path)

    with CaptureQueriesContext(connection) as asked:
        answer = busy.get(path)

    assert answer.status_code == 200
    assert len(asked) <= MOST, "\n".join(each["sql"][:250] for each in asked)
