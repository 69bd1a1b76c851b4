import pytest

from marketplace.models import ListingPhoto
from tests.factories import ImageFactory, ListingFactory


@pytest.mark.django_db
def test_every_photo_leads_to_a_larger_one(client):
    listing = ListingFactory()
    photos = [
        ListingPhoto.objects.create(listing=listing, image=ImageFactory(), sort_order=number)
        for number in range(3)
    ]

    html = client.get(listing.get_absolute_url()).content.decode()

    assert html.count(".max-2000x2000.") == len(photos) - 1
