"""Links in mail that open without signing in end with time, or are for one person."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from inspiration.newsletter.models import Subscriber
from marketplace.models import MailPreference
from marketplace.notifications.delivery import mute_token
from marketplace.offers.regular.services import follow_regular_offer, regular_offer_token
from search.models import SavedSearch
from tests.factories import ListingFactory, MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db
NEXT_YEAR = timedelta(days=366)


def test_an_old_link_to_the_mail_preference_asks_to_sign_in_but_still_ends_mail(client):
    user = UserFactory()
    path = f"/mitt/post/{mute_token(user)}/"
    assert client.get(path).status_code == 200

    with time_machine.travel(timezone.now() + NEXT_YEAR):
        assert client.get(path).status_code == 302
        client.post(path, {"List-Unsubscribe": "One-Click"})

    assert MailPreference.objects.get(user=user).frequency == "never"


def test_an_old_link_to_a_saved_search_asks_to_sign_in_but_still_stops_it(client):
    search = SavedSearch.objects.create(user=UserFactory(), name="Tyg", query_string="q=tyg")
    path = f"/mitt/sokningar/post/{search.stop_token}/"
    assert client.get(path).status_code == 200

    with time_machine.travel(timezone.now() + NEXT_YEAR):
        assert client.get(path).status_code == 302
        client.post(path, {"stop": "1"})

    search.refresh_from_db()
    assert search.frequency == "never"


def test_an_old_link_to_a_newsletter_only_ends_it(client):
    subscriber = Subscriber.objects.create(
        email="a@example.org", consent="Yes", confirmed_at=timezone.now()
    )
    token = subscriber.manage_token
    assert "a@example.org" in client.get(f"/nyhetsbrev/mitt/{token}/").content.decode()

    with time_machine.travel(timezone.now() + NEXT_YEAR):
        assert "a@example.org" not in client.get(f"/nyhetsbrev/mitt/{token}/").content.decode()
        client.post(f"/nyhetsbrev/avsluta/{token}/")

    subscriber.refresh_from_db()
    assert subscriber.unsubscribed_at


def test_the_link_of_a_regular_offer_ends_with_the_membership(client):
    listing = ListingFactory(recurrence="weekly")
    membership = MembershipFactory(organisation=listing.organisation)
    regular = follow_regular_offer(listing)
    token = regular_offer_token(regular.pk, "2026-03-02", membership.user.pk)
    path = f"/mitt/igen/{token}/"
    assert client.get(path).status_code == 200

    membership.delete()

    assert client.get(path).status_code == 404
