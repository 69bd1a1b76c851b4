"""Following what can be fetched later: who is told on its first day, and who is not."""

from datetime import timedelta

import pytest
from django.utils import timezone

from marketplace.exchange.follows.services import follow, tell_followers
from marketplace.notifications.models import Notification
from marketplace.offers.services import withdraw_listing
from tests.factories import ListingFactory, UserFactory

pytestmark = pytest.mark.django_db
FIRST = timezone.localdate() + timedelta(days=12)
LATER = FIRST + timedelta(days=5)


@pytest.fixture
def chairs():
    return ListingFactory(title="Stolar", available_from=FIRST)


@pytest.fixture
def tables():
    return ListingFactory(title="Bord", available_from=LATER)


def told():
    rows = Notification.objects.filter(type="listing_open")
    return {(row.user, row.listing) for row in rows.select_related("user", "listing")}


def test_everybody_who_follows_is_told_on_the_first_day_of_what_they_follow(chairs, tables):
    one, other, patient = UserFactory.create_batch(3)
    follow(listing=chairs, user=one)
    follow(listing=chairs, user=other)
    follow(listing=tables, user=patient)

    assert tell_followers(FIRST) == 2
    assert told() == {(one, chairs), (other, chairs)}

    assert tell_followers(LATER) == 1
    assert told() == {(one, chairs), (other, chairs), (patient, tables)}


def test_who_stops_following_one_thing_stops_it_for_nobody_and_nothing_else(client, chairs, tables):
    stays, leaves = UserFactory.create_batch(2)
    for user, listing in ((stays, chairs), (leaves, chairs), (leaves, tables)):
        follow(listing=listing, user=user)

    client.force_login(leaves)
    client.post(f"/material/{chairs.pk}/folj/", {"sluta": "1"})
    tell_followers(LATER)

    assert told() == {(stays, chairs), (leaves, tables)}


def test_nobody_is_told_of_what_was_taken_back_before_its_first_day(chairs, tables):
    user = UserFactory()
    follow(listing=chairs, user=user)
    follow(listing=tables, user=user)
    withdraw_listing(listing=chairs, by=UserFactory())

    tell_followers(LATER)

    assert told() == {(user, tables)}
