"""What the search page keeps of pages and reference data is forgotten when that changes."""

from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from wagtail.contrib.search_promotions.models import Query, SearchPromotion
from wagtail.images import get_image_model
from wagtail.models import Site

from marketplace.listings.models import ListingPhoto
from marketplace.municipalities.models import ParticipationSettings
from search.index.entries import refresh_all
from tests.factories import (
    CategoryFactory,
    ImageFactory,
    ListingFactory,
    MunicipalityFactory,
    picture_bytes,
)


@pytest.fixture
def visited(client, db):
    """A listing on a search page that has been visited."""
    listing = ListingFactory(title="Papprör", category=CategoryFactory(name="Papp", slug="papp"))
    ListingPhoto.objects.create(listing=listing, image=ImageFactory())
    refresh_all()
    client.get("/sok/?q=papprör")
    return listing


def page(client):
    return client.get("/sok/?q=papprör").content.decode()


def test_a_category_gets_its_new_name(client, visited):
    visited.category.name = "Kartong och papp"
    visited.category.save()

    assert "Kartong och papp" in page(client)


def test_a_municipality_gets_its_new_name(client, visited):
    visited.municipality.name = "Nystad"
    visited.municipality.save()

    assert "Nystad" in page(client)


def test_a_site_begins_to_be_for_some_municipalities_only(client, visited):
    chosen = ParticipationSettings.for_site(Site.objects.get(is_default_site=True))
    chosen.municipalities.set([MunicipalityFactory()])

    assert visited.title not in page(client)


def test_a_recommendation_is_shown_at_once(client, visited):
    query = Query.get("papprör")
    SearchPromotion.objects.create(
        query=query, external_link_url="https://example.org/", external_link_text="Läs om rör"
    )

    assert "Läs om rör" in page(client)


def test_a_picture_with_another_file_is_drawn_again(client, visited):
    image = get_image_model().objects.get()
    before = Path(image.file.name).stem
    assert before in page(client)
    image.file = ContentFile(picture_bytes(colour=(0, 80, 160)), name="another.jpg")
    image.save()
    # As the admin does with a new file.
    image.renditions.all().delete()

    assert Path(image.file.name).stem in page(client)
    assert before not in page(client)
