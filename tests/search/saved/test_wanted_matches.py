"""New listings held against open wanted ads: the school is told of what may fit, once."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django.utils.translation import override

from marketplace.notifications.delivery import subject_of
from marketplace.wanted.models import WantedAd, WantedAnswer
from search.index.entries import refresh_all
from search.saved.matching import match_new
from tests.factories import CategoryFactory, ListingFactory, MembershipFactory, SchoolFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def ad():
    """A school's open ad for cardboard, a day old."""
    yesterday = timezone.now() - timedelta(days=1)
    return WantedAd.objects.create(
        organisation=SchoolFactory(),
        title="Stora kartonger",
        description="Till kojor.",
        category=CategoryFactory(slug="kartong"),
        live=True,
        first_published_at=yesterday,
    )


@pytest.fixture
def teacher(ad):
    return MembershipFactory(organisation=ad.organisation).user


def publish(**values):
    listing = ListingFactory(**values)
    refresh_all()
    match_new()
    return listing


def told(teacher):
    return [each.listing for each in teacher.notifications.filter(type="wanted_match")]


def test_a_new_listing_of_the_kind_is_told_to_the_school_once(ad, teacher):
    listing = publish(category=ad.category)
    match_new()

    assert told(teacher) == [listing]


def test_a_listing_of_a_kind_below_may_fit_too(ad, teacher):
    listing = publish(category=CategoryFactory(parent=ad.category))

    assert told(teacher) == [listing]


def test_what_a_company_has_answered_with_is_told_as_that_when_it_is_published(ad, teacher):
    listing = ListingFactory(draft=True)
    WantedAnswer.objects.create(wanted_ad=ad, organisation=listing.organisation, listing=listing)
    listing.save_revision().publish()
    refresh_all()
    match_new()

    notification = teacher.notifications.get(type="wanted_match")
    with override("sv"):
        assert subject_of(notification) == f"Nu kan ni boka ”{listing.title}”"


def test_other_kinds_are_not_told(ad, teacher):
    publish(category=CategoryFactory())

    assert told(teacher) == []


def test_an_ad_that_was_taken_down_is_told_nothing(ad, teacher):
    WantedAd.objects.update(live=False)

    publish(category=ad.category)

    assert told(teacher) == []


def test_an_ad_whose_last_day_has_passed_is_told_nothing(ad, teacher):
    WantedAd.objects.update(wanted_until=timezone.localdate() - timedelta(days=1))

    publish(category=ad.category)

    assert told(teacher) == []


def test_what_was_there_before_the_ad_is_no_news(ad, teacher):
    publish(category=ad.category, first_published_at=timezone.now() - timedelta(days=2))

    assert told(teacher) == []
