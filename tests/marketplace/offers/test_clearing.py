"""Clearing out: many things in one walk, sent at once, and followed before they can be fetched."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db.models.signals import post_save
from django.test import Client
from django.utils import timezone

from marketplace.exchange.follows.models import ListingFollow
from marketplace.exchange.follows.services import follow, tell_followers
from marketplace.listings.models import MaterialListing
from marketplace.listings.photos.models import PhotoUpload
from marketplace.notifications.models import Notification
from marketplace.offers.clearing.guessing import count_and_word, guess_category
from marketplace.offers.clearing.models import Clearing
from marketplace.offers.imports.views import giver
from tests.factories import (
    CategoryFactory,
    CompanyFactory,
    ImageFactory,
    ListingFactory,
    MembershipFactory,
    SchoolFactory,
)
from tests.marketplace.offers.test_offer import photo

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("portal")]
FIRST = timezone.localdate() + timedelta(days=12)


@pytest.fixture
def furniture(db):
    return CategoryFactory(name="Möbler", slug="mobler")


@pytest.fixture
def school(furniture):
    return SchoolFactory(address="Skolgatan 1", town="Bjuv", trusted=True)


@pytest.fixture
def teacher(client, school):
    user = MembershipFactory(organisation=school).user
    client.force_login(user)
    return user


@pytest.fixture
def walk(client, teacher):
    client.post(
        "/mitt/rensa/",
        {
            "available_from": FIRST.isoformat(),
            "condition": "used",
            "pickup_address": "Skolgatan 1",
            "pickup_town": "Bjuv",
            "storage_place": "Vinden",
        },
    )
    return Clearing.objects.get()


def add(client, walk, text, **more):
    return client.post(f"/mitt/rensa/{walk.pk}/", {"text": text} | more)


def is_sent(listing):
    """Online, since the school is trusted, or waiting for an editor who settles its safety."""
    return listing.live or listing.current_workflow_state is not None


@pytest.mark.parametrize("address", ["/mitt/rensa/", "/mitt/material/fil/"])
def test_nobody_offers_for_an_organisation_that_was_turned_down(client, school, teacher, address):
    refused = CompanyFactory(name="Helsingborgs stad", approval="rejected")
    MembershipFactory(user=teacher, organisation=refused)
    client.post("/mitt/organisation/valj/", {"organisation": refused.pk})
    answer = client.get(address)

    # What they offer is offered by the one that they also act for.
    assert answer.status_code == 200
    offered_by = answer.context.get("organisation") or giver(answer.wsgi_request)
    assert offered_by == school


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("12 stolar", (12, "Stolar")),
        ("stolar", (None, "Stolar")),
        ("3 m tyg", (3, "M tyg")),
        ("A4-papper 12 ark", (None, "A4-papper 12 ark")),
        ("  7   gröna  lådor ", (7, "Gröna lådor")),
    ],
)
def test_a_number_in_front_is_how_many(text, found):
    assert count_and_word(text) == found


def test_a_thing_is_a_draft_with_what_was_said_once(client, walk, school):
    add(client, walk, "12 stolar", photos=photo())

    listing = MaterialListing.objects.get()
    assert (listing.title, listing.stock.offered) == ("Stolar", Decimal(12))
    assert (listing.available_from, listing.storage_place) == (FIRST, "Vinden")
    assert (listing.organisation, listing.live) == (school, False)
    assert listing.photos.count() == 1


def test_a_thing_without_a_number_is_one(client, walk):
    add(client, walk, "stolar")

    assert MaterialListing.objects.get().stock.offered == Decimal(1)


def test_its_photo_is_kept_for_good_and_those_of_others_until_they_are_used(client, walk):
    of_others = PhotoUpload.objects.create(image=ImageFactory())

    add(client, walk, "12 stolar", photos=photo())

    assert MaterialListing.objects.get().photos.count() == 1
    assert PhotoUpload.objects.get() == of_others


def test_kind_and_weight_are_what_others_had_by_that_word(client, walk, furniture):
    wood = CategoryFactory(name="Trä")
    ListingFactory(title="Gamla stolar", category=furniture, stock__kg_per_unit=Decimal(5))
    ListingFactory(title="Plank", category=wood)

    add(client, walk, "12 stolar")

    item = walk.items.get()
    assert (item.listing.category, item.category_guessed) == (furniture, False)
    assert item.listing.stock.kg_per_unit == Decimal(5)


def test_the_names_of_categories_are_known_in_all_forms(furniture):
    assert guess_category("Möblerna på vinden") == furniture
    assert guess_category("Xyzzy") is None


@pytest.mark.parametrize(
    ("title", "earlier", "name"),
    [
        ("Lådor", "Aluminium från transportlådor", "Kartonger och lådor"),
        ("Lampor", "Flamskyddat tyg, lampett", "Lampor och belysning"),
        ("Gardiner", "Garn i nystan", "Möbeltyg och gardiner"),
        ("Stolar från matsalen", "Rester från tryckeriet", "Bord och stolar"),
    ],
)
def test_letters_that_a_word_shares_with_something_else_say_nothing(title, earlier, name):
    ListingFactory(title=earlier, category=CategoryFactory(name="Garn"))
    right = CategoryFactory(name=name)

    assert guess_category(title) == right


def test_what_nobody_knows_is_of_the_kind_before_and_says_so(client, walk, furniture):
    add(client, walk, "möbel")
    add(client, walk, "xyzzy")

    latest = walk.items.first()
    assert (latest.listing.category, latest.category_guessed) == (furniture, True)
    assert "(stämmer det?)" in client.get(f"/mitt/rensa/{walk.pk}/").content.decode()


def test_a_word_is_needed_and_what_was_written_is_kept(client, walk):
    answer = add(client, walk, "12", photos=photo())

    assert not walk.items.exists()
    assert 'value="12"' in answer.content.decode()
    assert 'name="photo"' in answer.content.decode()


def test_everything_is_sent_with_one_tap_and_once(client, walk):
    for text in ("12 stolar", "3 bord"):
        add(client, walk, text)

    client.post(f"/mitt/rensa/{walk.pk}/skicka/")
    client.post(f"/mitt/rensa/{walk.pk}/skicka/")
    add(client, walk, "sent för sent")

    sent = [each for each in MaterialListing.objects.order_by("title") if is_sent(each)]
    assert [each.title for each in sent] == ["Bord", "Stolar"]
    assert walk.items.count() == 2


def test_what_was_added_by_mistake_is_forgotten(client, walk):
    add(client, walk, "12 stolar")
    client.post(f"/mitt/rensa/sak/{walk.items.get().pk}/bort/")

    assert not MaterialListing.objects.exists()


def test_what_has_been_sent_is_not_forgotten_by_mistake(client, walk):
    add(client, walk, "12 stolar")
    client.post(f"/mitt/rensa/{walk.pk}/skicka/")
    MaterialListing.objects.update(live=False)

    client.post(f"/mitt/rensa/sak/{walk.items.get().pk}/bort/")

    assert MaterialListing.objects.get().title == "Stolar"


def test_colleagues_go_on_and_strangers_do_not(client, walk, school):
    client.force_login(MembershipFactory(organisation=CompanyFactory()).user)
    assert client.get(f"/mitt/rensa/{walk.pk}/").status_code == 403

    client.force_login(MembershipFactory(organisation=school).user)
    assert client.get(f"/mitt/rensa/{walk.pk}/").status_code == 200
    assert f"/mitt/rensa/{walk.pk}/" in client.get("/mitt/rensa/").content.decode()


def test_people_follow_it_before_its_first_day_and_are_told_then_once():
    listing = ListingFactory(available_from=FIRST)
    follower = MembershipFactory(organisation=SchoolFactory()).user
    client = Client()
    client.force_login(follower)
    assert (
        f"/material/{listing.pk}/folj/" in client.get(listing.get_absolute_url()).content.decode()
    )

    for _each in range(2):
        client.post(f"/material/{listing.pk}/folj/")

    assert tell_followers(FIRST - timedelta(days=1)) == 0
    assert tell_followers(FIRST) == 1
    assert tell_followers(FIRST) == 0
    assert Notification.objects.get(user=follower).listing == listing


def test_whoever_no_longer_follows_is_not_told():
    listing = ListingFactory(available_from=FIRST)
    follower = MembershipFactory(organisation=SchoolFactory()).user
    client = Client()
    client.force_login(follower)
    client.post(f"/material/{listing.pk}/folj/")
    assert ListingFollow.objects.exists()

    client.post(f"/material/{listing.pk}/folj/", {"sluta": "1"})

    assert tell_followers(FIRST) == 0


def test_whoever_stops_following_while_others_are_told_is_not_told():
    listing = ListingFactory(available_from=FIRST)
    for _each in range(2):
        follow(listing=listing, user=MembershipFactory(organisation=SchoolFactory()).user)

    def the_other_stops(instance, **kwargs):
        ListingFollow.objects.exclude(user=instance.user).delete()

    post_save.connect(the_other_stops, sender=Notification)
    try:
        told = tell_followers(FIRST)
    finally:
        post_save.disconnect(the_other_stops, sender=Notification)

    assert told == Notification.objects.count() == 1


def test_what_cannot_be_seen_cannot_be_followed():
    held = ListingFactory(organisation=SchoolFactory(), available_from=FIRST)
    client = Client()
    client.force_login(MembershipFactory(organisation=SchoolFactory()).user)

    assert client.post(f"/material/{held.pk}/folj/").status_code == 404
    assert not ListingFollow.objects.exists()
