"""One write leaves one job, and once it is done all that is kept of the write is right."""

from decimal import Decimal

import pytest
from django.db import transaction
from django.urls import reverse
from django_tasks_db.models import DBTaskResult
from modelsearch.backends import get_search_backend
from post_office.models import Email
from wagtail.models import Page, ReferenceIndex

from inspiration.lessons.models import LessonIdeaPage, LessonMaterial
from marketplace.exchange.reservations.services import accept_reservation, request_reservation
from marketplace.listings.models import ListingPhoto
from marketplace.notifications.models import Notification
from portal.foundation.images.sizes import SIZES
from portal.foundation.jobs import queue
from portal.foundation.jobs.worker import do_next
from search.index.models import SearchEntry
from tests.factories import (
    CategoryFactory,
    ImageFactory,
    ListingFactory,
    MembershipFactory,
    SchoolFactory,
    SuperuserFactory,
    default_locale,
)

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("admin_indexes"),
]


@pytest.fixture
def begin(settings):
    """What is written from here on leaves jobs."""

    def set_backend():
        settings.TASKS = {"default": {"BACKEND": "portal.foundation.jobs.backend.JoiningBackend"}}

    return set_backend


def left():
    return DBTaskResult.objects.filter(status="READY")


def work():
    while job := queue.take_next("lane"):
        do_next(job, "lane")
    assert not DBTaskResult.objects.exclude(status="SUCCESSFUL").exists()


def test_a_saved_listing_leaves_one_job_and_the_admin_finds_it_by_its_new_name(begin, client):
    listing = ListingFactory(title="Spillbitar")
    begin()

    listing.title = "Provrör"
    listing.save()

    assert left().count() == 1
    work()
    client.force_login(SuperuserFactory())
    address = reverse(type(listing).snippet_viewset.get_url_name("list"))
    for asked, found in (("provrör", True), ("spillbitar", False)):
        answer = client.get(address, {"q": asked})
        assert (listing in answer.context["object_list"]) is found


def test_a_published_listing_leaves_one_job_and_is_found_by_its_new_name(begin):
    listing = ListingFactory(title="Spillbitar")
    begin()

    listing.title = "Provrör"
    with transaction.atomic():
        listing.save_revision().publish()

    assert left().count() == 1
    work()
    assert SearchEntry.objects.get(type="material", object_id=listing.pk).title == "Provrör"


def test_pictures_are_counted_where_they_are_used_after_one_job(begin):
    listing = ListingFactory()
    first, second, third = ImageFactory.create_batch(3)
    listing.photos = [ListingPhoto(image=each, alt_text="A box") for each in (first, second)]
    listing.save()
    assert used(first) == used(second) == 1
    begin()

    listing.photos = [ListingPhoto(image=each, alt_text="A box") for each in (second, third)]
    listing.save()

    assert left().count() == 1
    work()
    assert (used(first), used(second), used(third)) == (0, 1, 1)


def used(image):
    return ReferenceIndex.get_references_to(image).count()


def test_a_published_page_leaves_one_job_with_the_pictures_of_all_that_is_part_of_it(begin):
    locale = default_locale()
    root = Page.get_first_root_node() or Page.add_root(title="Root", slug="root", locale=locale)
    page = root.add_child(instance=LessonIdeaPage(title="Kulbana", locale=locale))
    page.cover = ImageFactory()
    page.cover.get_renditions(*SIZES)
    page.materials = [LessonMaterial(category=CategoryFactory(), quantity=1, unit="st")]
    begin()

    with transaction.atomic():
        page.save_revision().publish()

    assert left().count() == 1
    work()
    refers_to = {each.to_object_id for each in ReferenceIndex.get_references_for_object(page)}
    assert {str(page.cover.pk), str(page.materials.get().category_id)} <= refers_to
    assert page.page_ptr in Page.objects.search("Kulbana")


def test_a_reservation_and_its_answer_leave_one_job_each_and_a_mail_to_everybody(begin):
    listing = ListingFactory()
    givers = MembershipFactory.create_batch(2, organisation=listing.organisation)
    asker = MembershipFactory(organisation=SchoolFactory())
    begin()

    reservation = request_reservation(
        listing=listing, organisation=asker.organisation, by=asker.user, quantity=Decimal(10)
    )
    assert left().count() == 1
    work()
    assert mailed() == {each.user.email for each in givers}

    accept_reservation(reservation=reservation, by=givers[0].user)
    assert left().count() == 1
    work()
    assert asker.user.email in mailed()
    assert not SearchEntry.objects.filter(type="material", object_id=listing.pk).exists()


def mailed():
    assert not Notification.objects.filter(mailed_at=None).exists()
    return {address for email in Email.objects.filter(status=0) for address in email.to}


def test_what_is_removed_before_its_job_is_done_is_no_failure(begin):
    removed, kept = ListingFactory.create_batch(2, title="Spillbitar")
    begin()
    for listing in (removed, kept):
        listing.title = "Provrör"
        listing.save()
    removed.delete()

    work()

    found = get_search_backend().search("provrör", type(kept))
    assert [each.pk for each in found] == [kept.pk]
