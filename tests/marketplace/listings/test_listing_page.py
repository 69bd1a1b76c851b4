from decimal import Decimal

import pytest

from marketplace.listings.models import ListingPhoto
from tests.factories import (
    CategoryFactory,
    ClimateFactorFactory,
    ImageFactory,
    ListingFactory,
)


@pytest.mark.django_db
def test_every_photo_leads_to_a_larger_one(client):
    listing = ListingFactory()
    photos = [
        ListingPhoto.objects.create(listing=listing, image=ImageFactory(), sort_order=number)
        for number in range(3)
    ]

    html = client.get(listing.get_absolute_url()).content.decode()

    assert html.count(".max-2000x2000.") == len(photos) - 1


@pytest.mark.django_db
def test_a_small_climate_factor_is_not_rounded(client):
    category = CategoryFactory(factor=None)
    ClimateFactorFactory(category=category, kgco2e_per_kg=Decimal("0.0500"))
    listing = ListingFactory(category=category)

    html = client.get(listing.get_absolute_url()).content.decode()

    assert "Räknat med 0,05 kg CO₂e per kg" in html


@pytest.mark.django_db
def test_what_it_would_avoid_is_no_more_exact_than_the_guess_behind_it(client):
    category = CategoryFactory(factor=None)
    ClimateFactorFactory(category=category, kgco2e_per_kg=Decimal(2), sek_per_kg=Decimal(80))
    listing = ListingFactory(
        category=category, stock__kg_per_unit=Decimal("24.2"), stock__offered=Decimal(12)
    )

    page = " ".join(client.get(listing.get_absolute_url()).content.decode().split())

    assert "580 kg CO₂e" in page.replace("\xa0", " ").replace("&nbsp;", " ")
    assert "581" not in page
    assert "23 000 kr" in page.replace("\xa0", " ").replace("&nbsp;", " ")
