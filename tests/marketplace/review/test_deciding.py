"""What holds whichever page decides a review."""

import pytest
from django.core.management import call_command
from wagtail.models import TaskState

from marketplace.listings.models import MaterialListing
from marketplace.offers.services import submit_listing
from marketplace.review.errors import AlreadyDecided, WordsMissing
from marketplace.review.services import approve, ask_for_changes, refuse
from tests.factories import CompanyFactory, ListingFactory, MembershipFactory, SuperuserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def waiting(db):
    call_command("setup_portal", verbosity=0)
    company = CompanyFactory(address="Hamngatan 1", town="Bjuv")
    listing, other = ListingFactory.create_batch(2, organisation=company, draft=True)
    sender = MembershipFactory(organisation=company).user
    for each in (other, listing):
        submit_listing(listing=each, by=sender)
    return MaterialListing.objects.get(pk=listing.pk)


@pytest.mark.parametrize("decide", [ask_for_changes, refuse])
def test_a_no_says_why(waiting, decide):
    state, editor = waiting.current_workflow_task_state, SuperuserFactory()

    with pytest.raises(WordsMissing):
        decide(task_state=state, by=editor, words=" \n")
    state.refresh_from_db()
    assert state.status == TaskState.STATUS_IN_PROGRESS

    decide(task_state=state, by=editor, words="Not material.")

    state.refresh_from_db()
    assert state.status != TaskState.STATUS_IN_PROGRESS
    assert state.comment == "Not material."


@pytest.mark.parametrize("decide", [approve, ask_for_changes, refuse])
def test_the_first_decision_stands(waiting, decide):
    state, first = waiting.current_workflow_task_state, SuperuserFactory()
    approve(task_state=state, by=first)

    with pytest.raises(AlreadyDecided) as told:
        decide(task_state=state, by=SuperuserFactory(), words="Not material.")

    assert str(first) in str(told.value)
    waiting.refresh_from_db()
    assert waiting.live
    state.refresh_from_db()
    assert (state.status, state.finished_by) == (TaskState.STATUS_APPROVED, first)
