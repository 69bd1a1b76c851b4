"""Rows behind pages that the demo does not lead to, so that those are looked at as well."""

from datetime import timedelta
from decimal import Decimal

from django.utils import timezone


def add_rarely_seen():
    """What the company and the school of the demo meet now and then, one of each."""
    from marketplace.models import MaterialListing
    from marketplace.organisations.models import Organisation
    from portal.foundation.users.models import User

    users = {name: User.objects.get(email=f"{name}@demo.example") for name in ("foretag", "skola")}
    company, school = (Organisation.objects.of_user(users[name]).first() for name in users)
    listings = MaterialListing.objects.published().filter(organisation=company)
    listings = list(listings.order_by("-pk")[:3])
    add_questions(listings[0], company, users["skola"])
    add_endings(listings)
    add_ways_in(company, users["foretag"])
    add_kit(school, users["skola"])


def add_questions(listing, company, asker):
    from marketplace.models import GiverQuestion, ListingQuestion, WantedAd
    from search.models import SavedSearch

    SavedSearch.objects.create(user=asker, name="papp", query_string="q=papp")
    ListingQuestion.objects.create(listing=listing, asked_by=asker, text="Går rören att såga?")
    GiverQuestion.objects.create(wanted_ad=WantedAd.objects.open().first(), organisation=company)


def add_endings(listings):
    """One that comes back, one that nobody took, one whose wishes are collected."""
    from marketplace.models import RegularOffer, Sharing, Unplaced

    today = timezone.localdate()
    regular, unplaced, shared = listings
    RegularOffer.objects.get_or_create(
        listing=regular, defaults={"quantity": Decimal(10), "next_on": today + timedelta(days=20)}
    )
    Unplaced.objects.get_or_create(listing=unplaced, defaults={"ended_on": today})
    Sharing.objects.get_or_create(
        listing=shared, defaults={"wishes_until": timezone.now() + timedelta(days=3)}
    )


def add_ways_in(company, by):
    from marketplace.models import Invitation, Place

    Invitation.objects.create(organisation=company, email="kollega@demo.example", created_by=by)
    Place.objects.create(
        organisation=company, address="Lagergatan 1", town="Bjuv", contact_name="Kim Berg"
    )


def add_kit(school, by):
    """A kit of what the school has asked for already."""
    from inspiration.models import LessonIdeaPage, LessonKit

    kit = LessonKit.objects.create(
        lesson=LessonIdeaPage.objects.live().filter(locale__language_code="sv").first(),
        organisation=school,
        created_by=by,
        children=24,
        groups=4,
        monday=timezone.localdate() + timedelta(days=14),
    )
    kit.reservations.set(school.reservations.all()[:2])
