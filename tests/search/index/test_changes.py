"""What is written is found: each thing is refreshed once, however often it was changed."""

import pytest
from django.db import transaction
from django_tasks import default_task_backend

from marketplace.signals import send_listing_changed
from tests.factories import ListingFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def jobs(settings):
    """Jobs are put in a row, and nobody does them."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
    default_task_backend.clear()
    return lambda: [
        result.args for result in default_task_backend.results if "refresh" in result.task.name
    ]


def test_one_write_leaves_one_job_for_each_thing(jobs, django_capture_on_commit_callbacks):
    listing, other = ListingFactory(), ListingFactory()

    with django_capture_on_commit_callbacks(execute=True):
        for _time in range(3):
            send_listing_changed(listing.pk)
        with transaction.atomic():
            send_listing_changed(other.pk)
            send_listing_changed(listing.pk)

    assert sorted(jobs()) == sorted([["material", listing.pk], ["material", other.pk]])


def test_what_is_taken_back_keeps_nothing_else_from_being_refreshed(
    jobs, django_capture_on_commit_callbacks
):
    listing, other = ListingFactory(), ListingFactory()

    with django_capture_on_commit_callbacks(execute=True):
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            send_listing_changed(listing.pk)
            raise ZeroDivisionError
        with transaction.atomic():
            send_listing_changed(other.pk)
        send_listing_changed(listing.pk)

    assert sorted(jobs()) == sorted([["material", listing.pk], ["material", other.pk]])
