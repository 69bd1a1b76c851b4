"""Text is cleaned at every way in, before it is judged or stored."""

import json
import unicodedata
from io import StringIO

import pytest
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse
from taggit.models import Tag
from wagtail.test.utils.form_data import rich_text

from inspiration.newsletter.models import Subscriber
from marketplace.listings.models import ListingTag, MaterialListing
from marketplace.offers.models import OfferDraft
from marketplace.organisations.lookup import find_organisation
from portal.site.accounts.codes import sent_to
from portal.site.terms.models import TermsVersion
from tests.factories import (
    CompanyFactory,
    ListingFactory,
    MembershipFactory,
    SuperuserFactory,
    UserFactory,
    offer_form,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("portal")]
OFFER = "/en/material/erbjud/"
BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def seller(client):
    user = MembershipFactory(organisation=CompanyFactory(address="Hamngatan 1", town="Bjuv")).user
    client.force_login(user, backend=BACKEND)
    return user


def decomposed(text):
    return unicodedata.normalize("NFD", text)


def test_a_public_form_stores_clean_text(client, seller):
    client.post(
        OFFER,
        offer_form(
            title=decomposed("Blå rör") + "\x0blånga\u200b", description="Rad 1\r\nRad\u202e 2"
        ),
    )

    listing = MaterialListing.objects.get()
    assert (listing.title, listing.description) == ("Blå rör långa", "Rad 1\nRad 2")


def test_nul_is_refused_beside_its_field_and_nothing_is_stored(client, seller):
    response = client.post(OFFER, offer_form(title="Pine\x00"))

    assert response.status_code == 200
    assert response.context["form"].errors["title"]
    assert not MaterialListing.objects.exists()


def test_an_unfinished_offer_with_nul_is_kept_without_it(client, seller):
    response = client.post(
        OFFER, offer_form(title="Pine\x00\x0bboards", quantity="", save="1", send="")
    )

    assert response.status_code == 200
    assert "\\u0000" not in json.dumps(OfferDraft.objects.get().data)
    assert OfferDraft.objects.get().data["title"] == ["Pine boards"]


@pytest.mark.parametrize(
    "address",
    [
        "/organisationer/forslag/?organisation=a%00b",
        "/sok/?q=a%00b",
        "/sok/?a%00b=1",
        "/en/sok/forslag/?q=%00",
    ],
)
def test_an_address_with_nul_is_refused_with_a_page(client, address):
    response = client.get(address)

    assert response.status_code == 400
    assert "<h1>" in response.content.decode()


def test_a_document_with_an_endless_number_does_not_exist(client):
    assert client.get(f"/dokument/{'1' * 5000}/x").status_code == 404
    assert client.get("/dokument/1/x").status_code == 404


@pytest.mark.parametrize("number", ["1" * 20, "1" * 5000, "-" + "9" * 30])
def test_endless_numbers_in_forms_and_addresses_are_no_faults(client, seller, number):
    tried = [
        client.post("/en/mitt/organisation/valj/", {"organisation": number, "next": "foo"}),
        client.post(OFFER, offer_form(category=number, quantity=number)),
        client.get("/sok/", {"q": number, "sida": number, "kategori": number}),
        client.get("/material/erbjud/", {"efterlysning": number, "wanted": number}),
    ]

    assert all(response.status_code < 500 for response in tried)
    assert not MaterialListing.objects.exists()


@pytest.mark.parametrize(
    "address", ["kim@skola.se\u200b", "k\u00adim@skola.se", "\ufeffkim@skola.se"]
)
def test_a_reader_has_the_address_without_what_cannot_be_seen(client, address):
    answer = {"email": address, "language": "sv", "municipality": "", "consent": "on"}

    client.post("/nyhetsbrev/", answer)
    client.post("/nyhetsbrev/", answer | {"email": "kim@skola.se"})

    assert [each.email for each in Subscriber.objects.all()] == ["kim@skola.se"]


@pytest.mark.parametrize("address", ["kim@skola.se\u200b", "k\u00adim@skola.se"])
def test_an_account_has_the_address_without_what_cannot_be_seen(client, address):
    client.post("/konto/login/code/", {"email": address})
    code = sent_to("kim@skola.se").code_of("kim@skola.se")
    client.post("/konto/login/code/confirm/", {"code": code})
    client.post("/konto/signup/", {"name": "Kim Ek"})

    assert list(get_user_model().objects.values_list("email", flat=True)) == ["kim@skola.se"]


def test_an_editor_saves_clean_text_in_fields_and_rich_text(client):
    client.force_login(SuperuserFactory(), backend=BACKEND)
    typed = rich_text("<p>Brown box</p>").replace("Brown box", "Brown\\u000bbox\u200b")
    assert json.loads(typed)["blocks"][0]["text"] == "Brown\x0bbox\u200b"

    client.post(
        reverse(TermsVersion.snippet_viewset.get_url_name("add")),
        {
            "number": "9",
            "valid_from": "2026-01-01 10:00",
            "text_sv": typed,
            "text_en": typed,
            "changes_sv": "New\x0bwords",
            "changes_en": "",
        },
    )

    terms = TermsVersion.objects.get(number=9)
    assert "Brown box<" in terms.text_sv
    assert terms.changes_sv == "New words"


def test_a_file_name_is_cleaned_as_well(client, seller):
    name = decomposed("blå") + "\u202egpj.exe.jpg"

    response = client.post(
        OFFER, {"photo_upload": "1", "photos": SimpleUploadedFile(name, b"no picture")}
    )

    assert "blågpj.exe.jpg" in response.content.decode()


def test_an_organisation_is_found_however_its_name_is_composed():
    company = CompanyFactory(name="Återbruk Åstorp AB")

    assert find_organisation(decomposed("Återbruk Åstorp AB")) == company
    assert find_organisation("Återbruk\u200b Åstorp AB") == company


def test_one_word_is_one_tag_however_it_is_composed(client, seller):
    client.post(OFFER, offer_form(tags="blå"))
    client.post(OFFER, offer_form(tags=decomposed("blå")))

    assert Tag.objects.filter(name__startswith="bl").count() == 1
    assert MaterialListing.objects.count() == 2


def test_the_command_cleans_what_was_stored_and_goes_on_after_what_it_cannot(seller):
    listing = ListingFactory()
    MaterialListing.objects.filter(pk=listing.pk).update(title=decomposed("Blå") + "\x0brör")
    revision = listing.save_revision()
    revision.content["description"] = "a\x0bb"
    revision.save()
    one, other = Tag.objects.create(name="blå"), Tag.objects.create(name=decomposed("blå"))
    for tag in (one, other):
        ListingTag.objects.create(tag=tag, content_object_id=listing.pk)
    taken = UserFactory(email="kim@skola.se")
    type(taken).objects.filter(pk=seller.pk).update(email="kim@skola.se\u200b")
    out = StringIO()

    with pytest.raises(CommandError, match="User"):
        call_command("clean_texts", stdout=out)
    with pytest.raises(CommandError, match="User"):
        call_command("clean_texts", stdout=out)

    listing.refresh_from_db()
    revision.refresh_from_db()
    assert listing.title == "Blå rör"
    assert revision.content["description"] == "a b"
    assert list(listing.tags.all()) == [one]
    assert out.getvalue().splitlines()[-1] == "0 rows cleaned."
