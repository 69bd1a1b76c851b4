"""The words that describe a listing or a wanted ad."""

import pytest

from marketplace.listings.models import MaterialListing
from marketplace.wanted.models import WantedAd
from tests.factories import CategoryFactory, CompanyFactory, MembershipFactory, SchoolFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def wanted(client):
    client.force_login(MembershipFactory(organisation=SchoolFactory()).user)
    return "/efterlysningar/ny/", {"title": "Kartonger", "category": CategoryFactory().pk}


@pytest.fixture
def offered(client):
    client.force_login(MembershipFactory(organisation=CompanyFactory()).user)
    values = {"title": "Kartonger", "category": CategoryFactory().pk, "condition": "good"}
    return "/material/erbjud/", values | {
        "quantity": "3",
        "unit": "kg",
        "recurrence": "none",
        "send": "1",
    }


@pytest.mark.parametrize("form", ["wanted", "offered"])
def test_a_word_that_is_a_whole_sentence_is_explained(client, form, request):
    address, values = request.getfixturevalue(form)

    page = client.post(address, values | {"tags": "x" * 120})

    assert "högst 50 bokstäver" in page.content.decode()
    assert not MaterialListing.objects.exists()
    assert not WantedAd.objects.exists()
