"""A reference to a photo is good for one thing, one holder and a time, and changes nothing else."""

from datetime import timedelta

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from PIL import Image

from marketplace.exchange.handovers.services import confirm_handover
from marketplace.exchange.reservations.services import accept_reservation
from marketplace.ideas.models import Idea
from marketplace.ideas.services import approve_idea, invite_class
from marketplace.listings.models import ListingPhoto, MaterialListing
from portal.foundation.images.models import CustomImage
from tests.factories import (
    CompanyFactory,
    ImageFactory,
    ListingFactory,
    MembershipFactory,
    ReservationFactory,
    SchoolFactory,
    UserFactory,
    offer_form,
    picture_bytes,
)

pytestmark = pytest.mark.django_db
OFFER = "/en/material/erbjud/"
BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture(autouse=True)
def portal(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    call_command("setup_portal", verbosity=0)


@pytest.fixture
def company():
    return CompanyFactory(address="Hamngatan 1", town="Bjuv")


@pytest.fixture
def seller(client, company):
    user = MembershipFactory(organisation=company).user
    client.force_login(user, backend=BACKEND)
    return user


def photo(size=(64, 48)):
    return SimpleUploadedFile("photo.jpg", picture_bytes(size=size), "image/jpeg")


def references(response):
    page = BeautifulSoup(response.content, "html.parser")
    return [field["value"] for field in page.find_all("input", {"name": "photo"})]


def uploaded(client, *photos):
    """Photos sent to the offer form; returns the references that the page carries on."""
    return references(client.post(OFFER, {"photo_upload": "1", "photos": list(photos)}))


def photos_of_newest():
    newest = MaterialListing.objects.order_by("-pk").first()
    return list(newest.get_latest_revision_as_object().photos.all())


def test_a_reference_is_good_for_its_holder_only(client, seller, company):
    kept = uploaded(client, photo())
    stranger = Client()
    stranger.force_login(MembershipFactory(organisation=company).user, backend=BACKEND)

    stranger.post(OFFER, offer_form(photo=kept))
    assert photos_of_newest() == []

    client.post(OFFER, offer_form(photo=kept))
    assert len(photos_of_newest()) == 1


def test_a_reference_is_good_for_some_days(client, seller):
    kept = uploaded(client, photo())

    with time_machine.travel(timezone.now() + timedelta(days=6)):
        assert len(references(client.post(OFFER, {"photo_upload": "1", "photo": kept}))) == 1
    with time_machine.travel(timezone.now() + timedelta(days=8)):
        assert references(client.post(OFFER, {"photo_upload": "1", "photo": kept})) == []


def test_a_visitor_keeps_photos_while_signing_in(client, company):
    person = MembershipFactory(organisation=company).user
    kept = uploaded(client, photo())

    client.force_login(person, backend=BACKEND)
    client.post(OFFER, offer_form(photo=kept))

    assert len(photos_of_newest()) == 1


def test_another_visitor_cannot_use_a_reference(client):
    kept = uploaded(client, photo())

    assert references(Client().post(OFFER, {"photo_upload": "1", "photo": kept})) == []
    assert len(references(client.post(OFFER, {"photo_upload": "1", "photo": kept}))) == 1


def test_an_unfinished_offer_brings_its_photos_to_another_device(client, company):
    person = MembershipFactory(organisation=company).user
    client.force_login(person, backend=BACKEND)
    client.post(OFFER, offer_form(photos=[photo()], quantity="", save="1", send=""))

    phone = Client()
    phone.force_login(person, backend=BACKEND)

    assert len(references(phone.get(OFFER))) == 1


def published_with_photo(company, *, alt_text):
    listing = ListingFactory(organisation=company)
    image = ImageFactory(alt_text="What the uploader wrote")
    listing.photos.set([ListingPhoto(image=image, alt_text=alt_text, sort_order=0)])
    listing.save()
    listing.save_revision().publish()
    return listing, image


def alt_on(client, listing):
    found = client.get(listing.get_absolute_url(), follow=True)
    gallery = BeautifulSoup(found.content, "html.parser").find(class_="gallery")
    return gallery.find("img")["alt"]


def test_a_draft_with_a_published_photo_changes_nothing_that_is_published(client, seller, company):
    listing, image = published_with_photo(company, alt_text="Boxes on a shelf")
    edit = client.get(f"/en/material/{listing.pk}/andra/")
    kept = references(edit)
    assert kept

    client.post(
        OFFER, offer_form(photo=kept, save="1", send="", **{f"alt_{image.pk}": "UNREVIEWED"})
    )
    image.refresh_from_db()

    assert (alt_on(client, listing), image.alt_text) == (
        "Boxes on a shelf",
        "What the uploader wrote",
    )


def test_a_new_text_of_a_published_photo_is_seen_when_it_has_been_reviewed(client, seller, company):
    listing, image = published_with_photo(company, alt_text="Boxes on a shelf")
    address = f"/en/material/{listing.pk}/andra/"
    kept = references(client.get(address))

    client.post(address, offer_form(photo=kept, **{f"alt_{image.pk}": "Three brown boxes"}))

    assert alt_on(client, listing) == "Boxes on a shelf"
    listing.refresh_from_db()
    listing.latest_revision.publish()
    assert alt_on(client, listing) == "Three brown boxes"


def test_a_photo_is_turned_and_moved_before_it_is_sent(client, seller):
    first, second = uploaded(client, photo((64, 48)), photo((80, 40)))

    turned = references(client.post(OFFER, {"photo": [first, second], "photo_turn": second}))
    assert turned[0].split(":")[0] == first.split(":")[0]
    moved = references(client.post(OFFER, {"photo": turned, "photo_earlier": turned[1]}))
    client.post(OFFER, offer_form(photo=moved))

    sizes = [(each.image.width, each.image.height) for each in photos_of_newest()]
    assert sizes == [(40, 80), (64, 48)]


def test_turning_a_published_photo_leaves_the_published_one_as_it_is(client, seller, company):
    listing, image = published_with_photo(company, alt_text="Boxes on a shelf")
    address = f"/en/material/{listing.pk}/andra/"
    kept = references(client.get(address))

    after = references(client.post(address, {"photo": kept, "photo_turn": kept[0]}))

    image.refresh_from_db()
    new = CustomImage.objects.order_by("-pk").first()
    assert (image.width, image.height, new.width, new.height) == (64, 48, 48, 64)
    assert len(after) == 1
    assert Image.open(image.file.path).size == (64, 48)


def test_a_pupils_link_cannot_change_the_text_of_a_published_photo(client):
    reservation = ReservationFactory(listing=ListingFactory(), organisation=SchoolFactory())
    accept_reservation(reservation=reservation, by=UserFactory())
    handover = confirm_handover(
        reservation=reservation, by=UserFactory(), quantity=2, mass_kg=1, would_have_bought="yes"
    )
    link = invite_class(handover=handover, by=UserFactory()).get_absolute_url()
    words = {"type": "made", "title": "Kulbanan", "text": "Vi byggde.", "age_group": "f-3"}
    words |= {"signed": "2B", "no_faces": "on"}
    kept = references(client.post(link, {"photo_upload": "1", "photos": photo()}))
    client.post(link, words | {"photo": kept})
    idea = Idea.objects.get()
    approve_idea(idea=idea, by=UserFactory())
    idea.save_revision().publish()
    image = idea.photos.get().image

    client.post(link, words | {"photo": kept, "title": "Nytt", f"alt_{image.pk}": "OGRANSKAD"})

    assert Idea.objects.count() == 2
    published = client.get(f"/ideer/{idea.pk}/").content.decode()
    assert "Kulbanan, bild 1" in published
    assert "OGRANSKAD" not in published
