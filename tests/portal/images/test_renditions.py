"""Smaller pictures are made when something is published, and never while a visitor waits."""

from pathlib import Path

import pytest
from django.core.management import call_command
from wagtail.models import Page

from inspiration.pages.models import ArticlePage
from marketplace.exchange.handovers.services import confirm_handover
from marketplace.exchange.reservations.services import accept_reservation
from marketplace.ideas.models import Idea
from marketplace.ideas.services import approve_idea, invite_class, receive_idea
from marketplace.listings.models import ListingPhoto, MaterialListing
from portal.foundation.images.models import CustomImage, Rendition
from tests.factories import (
    ImageFactory,
    ListingFactory,
    ReservationFactory,
    SchoolFactory,
    UserFactory,
    picture_bytes,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def portal(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    call_command("setup_portal", verbosity=0)


@pytest.fixture
def publish(django_capture_on_commit_callbacks):
    """Publish something, and do the jobs that follow from it."""

    def do(thing):
        with django_capture_on_commit_callbacks(execute=True):
            thing.save_revision().publish()
        return thing

    return do


def visits(client, *addresses):
    """Open the pages; returns how many renditions that has made."""
    before = Rendition.objects.count()
    for address in addresses:
        assert client.get(address, follow=True).status_code == 200
    return Rendition.objects.count() - before


def test_a_published_listing_has_all_its_pictures_before_anybody_comes(client, publish):
    listing = ListingFactory(live=False)
    images = [ImageFactory(), ImageFactory()]
    listing.photos.set(
        [ListingPhoto(image=image, sort_order=order) for order, image in enumerate(images)]
    )
    listing.save()
    assert not Rendition.objects.exists()

    publish(listing)

    assert {each.image for each in Rendition.objects.all()} == set(images)
    assert visits(client, listing.get_absolute_url(), "/material/", "/") == 0


def test_a_published_page_has_its_pictures_also_those_in_its_text(client, publish):
    home = Page.objects.get(depth=2)
    page = ArticlePage(
        title="Pipes",
        slug="pipes",
        summary="s",
        cover=ImageFactory(),
        body=[
            ("image", {"image": ImageFactory(), "caption": "Pipes"}),
            ("gallery", {"images": [ImageFactory(), ImageFactory()]}),
        ],
    )
    home.add_child(instance=page)

    publish(page)

    assert Rendition.objects.values("image").distinct().count() == 4
    assert visits(client, page.url, "/") == 0


def test_a_published_idea_has_its_pictures(client, publish):
    reservation = ReservationFactory(listing=ListingFactory(), organisation=SchoolFactory())
    accept_reservation(reservation=reservation, by=UserFactory())
    handover = confirm_handover(
        reservation=reservation, by=UserFactory(), quantity=2, mass_kg=1, would_have_bought="yes"
    )
    invitation = invite_class(handover=handover, by=UserFactory())
    idea = Idea(type="made", title="Kulbanan", text="Så", age_group="f-3", signed="2B")
    receive_idea(invitation=invitation, idea=idea, images=[(ImageFactory(), "Kulbanan")])
    approve_idea(idea=idea, by=UserFactory())

    publish(idea)

    assert Rendition.objects.exists()
    assert visits(client, f"/ideer/{idea.pk}/", "/ideer/") == 0


def test_publishing_again_makes_nothing_twice(publish):
    listing = ListingFactory()
    listing.photos.set([ListingPhoto(image=ImageFactory(), sort_order=0)])
    listing.save()
    publish(listing)
    first = set(Rendition.objects.values_list("pk", "file"))

    publish(MaterialListing.objects.get(pk=listing.pk))

    assert set(Rendition.objects.values_list("pk", "file")) == first


def test_a_broken_picture_does_not_stop_the_others(publish):
    broken, whole = ImageFactory(), ImageFactory()
    Path(broken.file.path).write_bytes(picture_bytes()[:100])
    listing = ListingFactory()
    listing.photos.set(
        [ListingPhoto(image=image, sort_order=order) for order, image in enumerate([broken, whole])]
    )
    listing.save()

    publish(listing)

    assert {each.image for each in Rendition.objects.all()} == {whole}


def test_a_picture_takes_its_smaller_ones_with_it(django_capture_on_commit_callbacks):
    image = ImageFactory()
    files = [Path(image.file.path), Path(image.get_rendition("width-20").file.path)]
    assert all(path.exists() for path in files)

    with django_capture_on_commit_callbacks(execute=True):
        image.delete()

    assert not any(path.exists() for path in files)
    assert not CustomImage.objects.exists()
