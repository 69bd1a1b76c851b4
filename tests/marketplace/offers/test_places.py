"""Nothing can be promised that cannot be fetched, and no address is written twice."""

import pytest

from marketplace.exchange.errors import PlaceMissing
from marketplace.listings.models import MaterialListing
from marketplace.offers.services import submit_listing
from marketplace.organisations.places.models import Place
from marketplace.organisations.places.services import keep_place
from tests.factories import CompanyFactory, ListingFactory, MembershipFactory
from tests.marketplace.offers.test_offer import OFFER, answers, photo

pytestmark = pytest.mark.django_db

WHERE = ("pickup_address", "pickup_town", "contact_name", "contact_phone")
NOWHERE = dict.fromkeys(WHERE, "")


@pytest.fixture
def company():
    return CompanyFactory()


@pytest.fixture
def seller(client, company):
    user = MembershipFactory(organisation=company, role="administrator").user
    client.force_login(user)
    return user


def place(company, **values):
    return Place.objects.create(
        organisation=company,
        **{
            "address": "Kajgatan 4",
            "town": "Landskrona",
            "hours": "vardagar 7–15",
            "contact_name": "Eva Ek",
            "contact_phone": "0418-12 34",
            "loading_dock": True,
            "access": "Ring på port 3.",
        }
        | values,
    )


@pytest.mark.parametrize("missing", ["pickup_address", "contact_name", "contact_phone"])
def test_nothing_is_sent_without_place_and_contact(client, seller, missing):
    response = client.post(OFFER, answers(**{missing: ""}))
    assert response.context["form"].errors[missing]
    assert not MaterialListing.objects.exists()

    client.post(OFFER, answers())
    assert MaterialListing.objects.exists()


def test_what_is_saved_for_later_needs_no_place_yet(client, seller):
    data = answers(save="1", **NOWHERE)
    del data["send"]

    client.post(OFFER, data)

    assert not MaterialListing.objects.get().live


def test_no_way_leads_round_it(seller, company):
    listing = ListingFactory(organisation=company, draft=True, contact_name="")
    with pytest.raises(PlaceMissing):
        submit_listing(listing=listing, by=seller)

    listing.contact_name = "Kim Ek"
    submit_listing(listing=listing, by=seller)
    assert listing.revisions.exists()


def test_a_place_that_was_written_is_chosen_from_then_on(client, seller, company):
    client.post(OFFER, answers())
    kept = company.places.get()
    assert (kept.address, kept.contact_name) == ("Hamngatan 1", "Kim Ek")

    page = client.get(OFFER).content.decode()
    assert f'name="place" value="{kept.pk}"' in page
    client.post(OFFER, answers(place=kept.pk, title="Second", **NOWHERE))

    listing = MaterialListing.objects.get(title="Second")
    assert (listing.pickup_address, listing.contact_phone) == ("Hamngatan 1", "070-174 06 05")
    assert company.places.count() == 1


def test_a_chosen_place_says_where_when_whom_and_how_to_load(client, seller, company):
    client.post("/material/erbjud/", answers(place=place(company).pk, **NOWHERE))

    listing = MaterialListing.objects.get()
    assert listing.pickup_town == "Landskrona"
    assert listing.pickup_hours == "vardagar 7–15"
    assert listing.contact_name == "Eva Ek"
    assert "lastkaj" in listing.pickup_access
    assert "port 3" in listing.pickup_access


def test_another_place_is_kept_beside_the_first(client, seller, company):
    place(company)

    client.post(OFFER, answers(place="new"))

    assert set(company.places.values_list("address", flat=True)) == {"Kajgatan 4", "Hamngatan 1"}


def test_the_place_of_another_company_cannot_be_chosen(client, seller):
    theirs = place(CompanyFactory())

    response = client.post(OFFER, answers(place=theirs.pk, **NOWHERE))

    assert response.context["form"].errors["pickup_address"]
    assert not MaterialListing.objects.exists()


# --- The organisation's own page ------------------------------------------------------------------


def test_what_a_place_lacks_is_filled_in_and_what_is_known_stays(company):
    known = place(company, contact_name="", hours="")
    values = {"pickup_address": "kajgatan 4 ", "pickup_town": "Landskrona"}

    kept = keep_place(
        organisation=company, values=values | {"contact_name": "Bo Ek", "contact_phone": "112"}
    )

    assert kept == known
    assert (kept.contact_name, kept.contact_phone, kept.hours) == ("Bo Ek", "0418-12 34", "")


def test_members_write_change_and_remove_places(client, seller, company):
    written = {
        "address": "Hamngatan 1",
        "town": "Helsingborg",
        "contact_name": "Kim Ek",
        "contact_phone": "042-12 34",
        "lift": "on",
    }
    client.post("/mitt/organisation/plats/", written)
    kept = company.places.get()
    assert kept.lift
    assert "Hamngatan 1" in client.get("/mitt/organisation/").content.decode()

    client.post(f"/mitt/organisation/plats/{kept.pk}/", written | {"address": "Hamngatan 2"})
    assert company.places.get().address == "Hamngatan 2"

    client.post(f"/mitt/organisation/plats/{kept.pk}/", {"remove": "1"})
    assert not company.places.exists()


def test_an_organisation_keeps_so_many_places_and_offers_go_on(
    client, seller, company, monkeypatch
):
    monkeypatch.setattr(Place, "MOST", 1)
    first = place(company)
    written = {"address": "Hamngatan 9", "town": "Bjuv", "contact_name": "Kim Ek"}
    written |= {"contact_phone": "0418-12 34"}

    page = client.post("/mitt/organisation/plats/", written)
    changed = client.post(f"/mitt/organisation/plats/{first.pk}/", written)
    client.post(OFFER, answers(pickup_address="Storgatan 1"))

    assert page.context["form"].non_field_errors()
    assert "Hamngatan 9" in page.content.decode()
    assert changed.status_code == 302
    assert [each.address for each in company.places.all()] == ["Hamngatan 9"]
    assert MaterialListing.objects.get().pickup_address == "Storgatan 1"


def test_a_place_of_others_is_out_of_reach(client, seller):
    theirs = place(CompanyFactory())

    assert client.get(f"/mitt/organisation/plats/{theirs.pk}/").status_code == 404
    assert client.post(f"/mitt/organisation/plats/{theirs.pk}/", {"remove": "1"}).status_code == 404
    assert Place.objects.exists()


# --- Several things in one go ---------------------------------------------------------------------


def test_several_things_photographed_in_one_go_become_several_drafts(client, seller):
    sent = {"title": "Papprör", "photos": [photo("1.jpg"), photo("2.jpg"), photo("3.jpg")]}

    response = client.post(OFFER, sent | {"several": "1"}, follow=True)

    drafts = list(seller.offer_drafts.all())
    assert [draft.photos for draft in drafts] == [1, 1, 1]
    assert [str(draft) for draft in drafts].count("Papprör") == 1
    assert "Papprör" in response.content.decode()
    assert len({draft.data["photo"][0] for draft in drafts}) == 3
