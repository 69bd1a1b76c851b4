"""Every approved organisation gives and takes; what a municipal unit gives is its own's first."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from marketplace.exchange.errors import ListingNotAvailable
from marketplace.exchange.reservations.services import request_reservation
from marketplace.listings.models import MaterialListing
from marketplace.notifications.models import Notification
from marketplace.organisations.models import Organisation
from marketplace.roles.models import Role
from marketplace.wanted.models import WantedAd
from search.index.entries import refresh_all
from search.saved.matching import match_new
from search.saved.models import SavedSearch
from tests.factories import (
    CategoryFactory,
    CompanyFactory,
    ListingFactory,
    MembershipFactory,
    MunicipalityFactory,
    SchoolFactory,
    UserFactory,
    give,
)
from tests.marketplace.offers.test_offer import OFFER, answers

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("portal")]
TYPES = Organisation.Type


@pytest.fixture
def home():
    return MunicipalityFactory(slug="bjuv", name="Bjuv")


@pytest.fixture
def held(home):
    """Given away by a school just now, so that only its own municipality sees it."""
    listing = ListingFactory(title="Hyllplan", organisation=SchoolFactory(municipality=home))
    refresh_all()
    return listing


def signed_in(organisation):
    user = MembershipFactory(organisation=organisation).user
    client = Client()
    client.force_login(user)
    client.user = user
    return client


@pytest.fixture
def near(home):
    return signed_in(SchoolFactory(municipality=home))


@pytest.fixture
def far():
    return signed_in(SchoolFactory())


def after_the_days(listing):
    MaterialListing.objects.filter(pk=listing.pk).update(
        first_published_at=timezone.now() - timedelta(days=3, minutes=1)
    )
    refresh_all()


@pytest.mark.parametrize("organisation_type", TYPES.values)
def test_an_organisation_of_any_kind_gives(organisation_type):
    client = signed_in(CompanyFactory(type=organisation_type))

    response = client.post(OFFER, answers(), follow=True)

    assert "An editor reviews the listing" in response.content.decode()
    assert MaterialListing.objects.get().organisation.type == organisation_type


@pytest.mark.parametrize("organisation_type", TYPES.values)
def test_an_organisation_of_any_kind_takes(organisation_type):
    client = signed_in(CompanyFactory(type=organisation_type))
    listing = ListingFactory()

    page = client.get(f"/en/material/{listing.pk}/boka/").content.decode()
    own = Organisation.objects.get(memberships__user=client.user)
    client.post(f"/en/material/{listing.pk}/boka/", {"organisation": own.pk, "quantity": "2"})

    assert 'name="quantity"' in page
    assert listing.reservations.get().organisation.type == organisation_type


@pytest.mark.parametrize("organisation_type", TYPES.values)
def test_my_page_shows_what_was_given_and_what_was_asked_for(organisation_type):
    own = CompanyFactory(type=organisation_type)
    client = signed_in(own)
    given = ListingFactory(organisation=own, title="Our chairs")
    asked = ListingFactory(title="Their boards")
    request_reservation(listing=asked, organisation=own, by=client.user, quantity=Decimal(1))

    page = client.get("/en/mitt/").content.decode()

    assert given.title in page
    assert asked.title in page


def test_nobody_asks_for_what_is_their_own(near, home):
    own = Organisation.objects.get(memberships__user=near.user)
    listing = ListingFactory(organisation=own)

    assert "Your own" not in near.get(listing.get_absolute_url()).content.decode()
    with pytest.raises(ListingNotAvailable):
        request_reservation(listing=listing, organisation=own, by=near.user, quantity=Decimal(1))


# --- First for our own ---------------------------------------------------------------------------


def seen(client, listing):
    """Where `client` finds the listing: {place: whether}."""
    page = client.get(listing.get_absolute_url(), follow=True)
    found = client.get("/material/")
    return {
        "page": page.status_code == 200,
        "search": listing.title in found.content.decode(),
        "suggestions": listing.title in client.get("/sok/forslag/?q=hyllplan").content.decode(),
        "queryset": MaterialListing.objects.available_to(getattr(client, "user", None))
        .filter(pk=listing.pk)
        .exists(),
    }


def test_its_own_municipality_sees_it_first_and_all_others_after_its_days(held, near, far):
    company = signed_in(CompanyFactory(municipality=held.municipality))
    anybody = Client()

    assert set(seen(near, held).values()) == {True}
    for client in (far, company, anybody):
        assert set(seen(client, held).values()) == {False}

    after_the_days(held)

    for client in (near, far, company, anybody):
        assert set(seen(client, held).values()) == {True}


def test_lists_sitemap_and_api_are_open_to_all_and_leave_it_out_until_then(held):
    places = ("/sitemap-material.xml", "/api/v1/listings")

    def found():
        return [f"/{held.pk}/" in Client().get(place).content.decode() for place in places]

    assert not MaterialListing.objects.available().filter(pk=held.pk).exists()
    assert found() == [False, False]

    after_the_days(held)

    assert MaterialListing.objects.available().filter(pk=held.pk).exists()
    assert found() == [True, True]


def test_a_municipality_sets_its_own_days(held, far):
    held.municipality.own_first_days = 0
    held.municipality.save()
    refresh_all()

    assert set(seen(far, held).values()) == {True}


def test_what_a_company_gives_is_for_all_at_once(home, far):
    listing = ListingFactory(title="Hyllplan", organisation=CompanyFactory(municipality=home))
    refresh_all()

    assert set(seen(far, listing).values()) == {True}


def test_editors_the_giver_and_its_coordinator_see_it(held):
    editor, coordinator = UserFactory(), UserFactory()
    give(editor, Role.EDITOR)
    give(coordinator, Role.COORDINATOR, municipalities=[held.municipality])
    elsewhere = UserFactory()
    give(elsewhere, Role.COORDINATOR, municipalities=[MunicipalityFactory()])
    member = MembershipFactory(organisation=held.organisation).user

    def sees(user):
        return MaterialListing.objects.available_to(user).filter(pk=held.pk).exists()

    assert [sees(user) for user in (editor, coordinator, member, elsewhere)] == [
        True,
        True,
        True,
        False,
    ]


def test_a_unit_elsewhere_cannot_ask_for_it_yet(held, near, far):
    own = Organisation.objects.get(memberships__user=far.user)
    with pytest.raises(ListingNotAvailable):
        request_reservation(listing=held, organisation=own, by=far.user, quantity=Decimal(1))
    assert far.get(f"/material/{held.pk}/boka/").status_code == 404

    own = Organisation.objects.get(memberships__user=near.user)
    near.post(f"/material/{held.pk}/boka/", {"organisation": own.pk, "quantity": "1"})

    assert held.reservations.get().created_by == near.user


def test_row_and_query_agree_on_who_sees_it(home):
    listings = [
        ListingFactory(
            organisation=SchoolFactory(municipality=home),
            first_published_at=timezone.now() - timedelta(days=days),
        )
        for days in (0, 1, 2, 3, 4)
    ]

    open_to_all = set(MaterialListing.objects.open_to_all())

    assert open_to_all == {each for each in listings if not each.is_held}
    assert len(open_to_all) == 2


def test_the_page_says_until_when_it_is_for_its_own_municipality(held, near):
    assert (
        "until then only services in" in near.get("/en" + held.get_absolute_url()).content.decode()
    )

    after_the_days(held)

    assert (
        "until then only services in"
        not in near.get("/en" + held.get_absolute_url()).content.decode()
    )


def test_saved_searches_elsewhere_hear_of_it_when_it_opens_and_once(held, near, far):
    searches = {
        client: SavedSearch.objects.create(
            user=client.user,
            name="Hyllor",
            query_string="q=hyllplan",
            created_at=timezone.now() - timedelta(days=9),
        )
        for client in (near, far)
    }

    match_new()
    match_new()
    assert {client: search.hits.count() for client, search in searches.items()} == {near: 1, far: 0}

    after_the_days(held)
    match_new()
    match_new()
    assert {client: search.hits.count() for client, search in searches.items()} == {near: 1, far: 1}


def test_a_wanted_ad_elsewhere_is_matched_when_it_opens_and_once(near, far, home):
    category = CategoryFactory()
    for client in (near, far):
        WantedAd.objects.create(
            title="Hyllor",
            live=True,
            organisation=Organisation.objects.get(memberships__user=client.user),
            category=category,
            first_published_at=timezone.now() - timedelta(days=9),
        )
    listing = ListingFactory(organisation=SchoolFactory(municipality=home), category=category)
    refresh_all()

    def told(client):
        return Notification.objects.filter(user=client.user, type="wanted_match").count()

    match_new()
    assert (told(near), told(far)) == (1, 0)

    after_the_days(listing)
    match_new()
    assert (told(near), told(far)) == (1, 1)
