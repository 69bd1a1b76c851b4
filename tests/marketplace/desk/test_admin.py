"""What editors and coordinators do in Wagtail's admin."""

from decimal import Decimal

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import Locale
from wagtail_localize.models import Translation, TranslationSource

from marketplace.exchange.handovers.facts import HandoverFacts
from marketplace.exchange.handovers.models import Handover
from marketplace.exchange.handovers.services import confirm_handover, record_handover
from marketplace.exchange.reservations.models import Reservation
from marketplace.exchange.reservations.services import accept_reservation
from marketplace.hubs.models import Hub
from marketplace.listings.models import MaterialListing
from marketplace.offers.services import submit_listing
from marketplace.roles.permissions import coordinated_by
from marketplace.transport.models import Carrier, Round
from marketplace.wanted.models import WantedAd
from tests.factories import (
    CategoryFactory,
    ClimateFactorFactory,
    CompanyFactory,
    ListingFactory,
    MembershipFactory,
    MunicipalityFactory,
    ReservationFactory,
    SchoolFactory,
    SuperuserFactory,
    UserFactory,
    give,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("portal")]
LISTINGS = "/admin/snippets/marketplace/materiallisting/"
ORGANISATION_CHOOSER = "wagtailsnippetchoosers_marketplace_organisation"


def in_group(name):
    user = UserFactory(language="en")
    give(user, name)
    return user


@pytest.fixture
def editor(client):
    user = in_group("editor")
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return user


@pytest.fixture
def coordinator(client):
    """Coordinates a municipality in which nobody takes part."""
    user = in_group("coordinator")
    give(user, "coordinator", municipalities=[MunicipalityFactory()])
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return user


def sent_listing(**values):
    listing = ListingFactory(draft=True, **values)
    giver = MembershipFactory(organisation=listing.organisation).user
    return submit_listing(listing=listing, by=giver)


def bulk(action, *listings):
    address = reverse("wagtail_bulk_action", args=["marketplace", "materiallisting", action])
    return address + "?" + "&".join(f"id={listing.pk}" for listing in listings)


def test_several_listings_are_approved_at_once(client, editor):
    waiting = [sent_listing(), sent_listing()]

    client.post(bulk("approve", *waiting))

    assert MaterialListing.objects.filter(live=True).count() == 2


def test_approving_leaves_drafts_alone_and_says_so(client, editor):
    waiting, draft = sent_listing(), ListingFactory(draft=True, title="Half-written")

    question = client.get(bulk("approve", waiting, draft)).content.decode()
    client.post(bulk("approve", waiting, draft))

    assert "väntar inte på din granskning" in question
    draft.refresh_from_db()
    assert not draft.live


def test_several_listings_are_ended_at_once(client, editor):
    listings = [ListingFactory(), ListingFactory()]
    asked = ReservationFactory(listing=listings[0])

    client.post(bulk("withdraw", *listings))

    assert not MaterialListing.objects.available().exists()
    asked.refresh_from_db()
    assert asked.state == "declined"


def test_a_list_of_listings_takes_as_many_queries_however_long(
    client, editor, django_assert_max_num_queries
):
    ListingFactory()
    client.get(LISTINGS)
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get(LISTINGS)
    for _each in range(10):
        ListingFactory()

    with django_assert_max_num_queries(len(few)):
        client.get(LISTINGS)


def test_categories_are_listed_language_by_language(client, editor):
    swedish = [CategoryFactory(name="Zinkplåt"), CategoryFactory(name="Zink")]
    english = swedish[0].copy_for_translation(Locale.objects.get(language_code="en"))
    english.name = "Aardvark ear plugs"
    english.save()

    shown = client.get("/admin/snippets/marketplace/materialcategory/?p=1").content.decode()

    places = [shown.index(f"edit/{each.pk}/") for each in (swedish[1], swedish[0], english)]
    assert places == sorted(places)
    assert "Engelska" in shown


CATEGORIES = "/admin/snippets/marketplace/materialcategory/"


def test_a_category_is_translated_from_its_row_in_the_main_language(client):
    client.force_login(SuperuserFactory(language="en"))
    both = CategoryFactory(name="Filt")
    english = both.copy_for_translation(Locale.objects.get(language_code="en"))
    english.save()
    source, _created = TranslationSource.get_or_create_from_instance(both)
    Translation.objects.create(
        source=source, target_locale=Locale.objects.get(language_code="en"), enabled=True
    )

    shown = client.get(CATEGORIES).content.decode()

    assert reverse("start_text", args=["category", both.pk]) in shown
    assert reverse("start_text", args=["category", english.pk]) not in shown
    assert reverse("wagtail_localize:update_translations", args=[source.pk]) in shown


def test_a_list_of_categories_takes_as_many_queries_however_long(
    client, django_assert_max_num_queries
):
    client.force_login(SuperuserFactory())
    CategoryFactory()
    client.get(CATEGORIES)
    with CaptureQueriesContext(connection) as few:
        client.get(CATEGORIES)
    for _each in range(10):
        CategoryFactory()

    assert len(few) <= 40
    with django_assert_max_num_queries(len(few)):
        client.get(CATEGORIES)


def test_wanted_ads_are_filtered_by_categories_in_the_main_language(client, editor):
    swedish = CategoryFactory()
    english = swedish.copy_for_translation(Locale.objects.get(language_code="en"))
    english.save()

    shown = client.get("/admin/snippets/marketplace/wantedad/").content.decode()

    assert f'<option value="{swedish.pk}"' in shown
    assert f'<option value="{english.pk}"' not in shown


def test_a_listing_is_previewed_as_the_site_shows_it(client, editor):
    listing = ListingFactory(title="Korkmattor")
    revision = listing.save_revision()

    page = client.get(
        reverse(
            "wagtailsnippets_marketplace_materiallisting:revisions_view",
            args=[listing.pk, revision.pk],
        )
    )

    assert page.status_code == 200
    assert "Korkmattor" in page.content.decode()
    assert "marketplace/listings/listing_detail.html" in {each.name for each in page.templates}


def test_choosers_offer_a_coordinator_only_the_own_municipality(client, coordinator):
    own = CompanyFactory(municipality=coordinated_by(coordinator).get())
    other = SchoolFactory(name="Somebody else's school")

    offered = client.get(reverse(f"{ORGANISATION_CHOOSER}:choose")).content.decode()
    named = client.get(reverse(f"{ORGANISATION_CHOOSER}:chosen", args=[other.pk]))
    several = client.get(
        reverse(f"{ORGANISATION_CHOOSER}:chosen_multiple") + f"?id={other.pk}&id={own.pk}"
    )

    assert own.name in offered
    assert "Somebody else" not in offered
    assert named.status_code == 404
    assert "Somebody else" not in several.content.decode()
    assert own.name in several.content.decode()


@pytest.mark.parametrize("which", ["id={pk}", "id=all"])
def test_actions_on_many_rows_name_no_other_municipality(client, coordinator, which):
    other = SchoolFactory(name="Somebody else's school")
    address = reverse("wagtail_bulk_action", args=["marketplace", "organisation", "delete"])

    page = client.get(f"{address}?{which.format(pk=other.pk)}").content.decode()

    assert "Somebody else" not in page


def test_a_wrong_handover_is_corrected_with_a_trace(client, admin_user):
    client.force_login(admin_user, backend="django.contrib.auth.backends.ModelBackend")
    reservation = ReservationFactory(requested_quantity=Decimal(4))
    giver = MembershipFactory(organisation=reservation.giver).user
    accept_reservation(reservation=reservation, by=giver)
    wrong = confirm_handover(
        reservation=reservation, by=giver, quantity=4, mass_kg=40, would_have_bought="no"
    )

    client.post(
        reverse("correct_handover", args=[wrong.pk]),
        {"quantity": "4", "mass_kg": "2,5", "reason": "A zero too many"},
    )

    assert Handover.objects.totals()["mass_kg"] == Decimal("2.5")
    trace = Handover.objects.get(reverses=wrong)
    assert (trace.reason, trace.recorded_by) == ("A zero too many", admin_user)


def test_a_correction_without_a_reason_is_explained(client, admin_user):
    client.force_login(admin_user, backend="django.contrib.auth.backends.ModelBackend")
    reservation = ReservationFactory()
    giver = MembershipFactory(organisation=reservation.giver).user
    accept_reservation(reservation=reservation, by=giver)
    row = confirm_handover(
        reservation=reservation, by=giver, quantity=1, mass_kg=1, would_have_bought="no"
    )

    page = client.post(
        reverse("correct_handover", args=[row.pk]), {"quantity": "2", "mass_kg": "1"}
    )

    assert page.context["form"].errors["reason"]
    assert Handover.objects.count() == 1


def test_a_handover_is_headed_by_what_it_weighed(client):
    handover = record_handover(
        listing=ListingFactory(),
        receiver=SchoolFactory(),
        facts=HandoverFacts(quantity=1, mass_kg=Decimal(18), would_have_bought="yes"),
    )
    client.force_login(SuperuserFactory(), backend="django.contrib.auth.backends.ModelBackend")

    page = client.get(f"/admin/marketplace/handover/inspect/{handover.pk}/").content.decode()

    assert "18\N{NO-BREAK SPACE}kg" in page
    assert "amp;nbsp" not in page


def test_amounts_of_reservations_are_listed_with_their_unit(client):
    reservation = ReservationFactory(requested_quantity=Decimal(18))
    accept_reservation(reservation=reservation, by=SuperuserFactory(), quantity=Decimal(9))
    client.force_login(SuperuserFactory(), backend="django.contrib.auth.backends.ModelBackend")

    page = client.get("/admin/marketplace/reservation/").content
    headings = [
        each.get_text(strip=True)
        for each in BeautifulSoup(page, "html.parser").select("#result_list th, .listing thead th")
    ]

    assert ("18 stycken" in page.decode(), "9 stycken" in page.decode()) == (True, True)
    assert len(headings) == len(set(headings))


def test_lists_say_yes_and_no_in_the_language_of_the_reader(client):
    administrator = UserFactory(language="sv")
    give(administrator, "administrator")
    client.force_login(administrator, backend="django.contrib.auth.backends.ModelBackend")
    hub = Hub.objects.create(organisation=SchoolFactory(), name="Hyllan", slug="hyllan")
    carrier = Carrier.objects.create(
        municipality=hub.municipality, name="Bilen", type="caretakers", vehicle="van"
    )
    Round.objects.create(
        carrier=carrier, weekday=1, starts="08:00", ends="16:00", capacity_kg=9, capacity_litres=9
    )
    WantedAd.objects.create(
        organisation=hub.organisation,
        title="Kork",
        description="Till båtar",
        category=CategoryFactory(),
    )
    ClimateFactorFactory()

    for name in ("hub", "carrier", "round", "wantedad", "climatefactor"):
        page = client.get(f"/admin/snippets/marketplace/{name}/")
        cells = {
            cell.get_text(strip=True)
            for cell in BeautifulSoup(page.content, "html.parser").select("tbody td")
        }
        assert cells & {"Ja", "Nej"}, name
        assert not cells & {"True", "False"}, name


def test_a_list_of_records_says_how_many_of_all_there_are_and_counts_them_once(client):
    client.force_login(SuperuserFactory())
    ReservationFactory.create_batch(2)
    declined = ReservationFactory(state=Reservation.State.DECLINED)

    asked = [{}, {"state__exact": "declined"}, {"q": declined.organisation.name}]
    pages = [client.get("/admin/marketplace/reservation/", each) for each in asked]
    with CaptureQueriesContext(connection) as queries:
        client.get("/admin/marketplace/reservation/")

    said = [(each.context["result_count"], each.context["all_count"]) for each in pages]
    assert said == [(3, 3), (1, 3), (1, 3)]
    assert all(str(declined.organisation) in each.content.decode() for each in pages)
    counts = [each["sql"] for each in queries if "COUNT(*)" in each["sql"]]
    counts = [each for each in counts if "marketplace_reservation" in each]
    assert len(counts) == 1
    assert "JOIN" not in counts[0]
