"""The main button of an edit page is what the person came for."""

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from wagtail.users.models import UserProfile

from inspiration.pages.models import ArticlePage, HomePage, InspirationIndexPage
from marketplace.offers.services import submit_listing
from tests.factories import CompanyFactory, ListingFactory, MembershipFactory, UserFactory, give

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("portal")]


def buttons(client, role, address, language="en"):
    """The words of the buttons at the foot of the page, the main one first."""
    user = give(UserFactory(), role)
    UserProfile.objects.create(user=user, preferred_language=language)
    client.force_login(user)
    soup = BeautifulSoup(client.get(address).content, "html.parser")
    found = soup.select(".footer .actions button, .footer .actions a.button")
    words = [" ".join(each.get_text(" ", strip=True).split()) for each in found]
    return [each for each in words if each]


@pytest.fixture
def waiting():
    company = CompanyFactory()
    member = MembershipFactory(organisation=company).user
    listing = ListingFactory(organisation=company, draft=True)
    submit_listing(listing=listing, by=member)
    return reverse("wagtailsnippets_marketplace_materiallisting:edit", args=[listing.pk])


@pytest.fixture
def draft_page():
    home = HomePage.objects.get()
    index = home.add_child(instance=InspirationIndexPage(title="Artiklar", locale=home.locale))
    page = index.add_child(instance=ArticlePage(title="Papper", live=False, locale=home.locale))
    page.save_revision()
    return page


def test_an_editor_who_opens_what_waits_approves_it_with_the_main_button(client, waiting):
    found = buttons(client, "editor", waiting)

    assert found[0] == "Approve and publish"
    assert "Publish" not in found
    assert {"Ask for changes", "Approve with a word", "End the review", "Save draft"} <= set(found)


def test_the_words_are_swedish_and_right(client, waiting):
    found = buttons(client, "editor", waiting, "sv")

    assert found[0] == "Godkänn och publicera"
    assert "Be om ändringar" in found


def test_a_communicator_sends_for_review_with_the_main_button(client, draft_page):
    edit = reverse("wagtailadmin_pages:edit", args=[draft_page.pk])

    assert buttons(client, "communicator", edit)[0] == "Send for review"


def test_an_editor_publishes_an_own_draft_with_the_main_button(client, draft_page):
    edit = reverse("wagtailadmin_pages:edit", args=[draft_page.pk])

    assert buttons(client, "editor", edit)[0] == "Publish"


def test_an_editor_who_opens_a_page_that_waits_approves_it(client, draft_page):
    author = give(UserFactory(), "communicator")
    draft_page.get_workflow().start(draft_page, author)
    edit = reverse("wagtailadmin_pages:edit", args=[draft_page.pk])

    assert buttons(client, "editor", edit)[0] == "Approve and publish"
