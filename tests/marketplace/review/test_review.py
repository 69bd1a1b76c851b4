"""Editorial review of listings, and what the giver and the editors are told."""

from decimal import Decimal

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.core import mail
from django.urls import reverse
from wagtail.models import GroupApprovalTask, Workflow, WorkflowContentType, WorkflowTask

from marketplace.exchange.reservations.services import accept_reservation
from marketplace.exchange.stock.models import Stock
from marketplace.listings.models import MaterialListing
from marketplace.my_page.own_listings import describe, own_listings
from marketplace.notifications.models import Notification
from marketplace.offers.services import submit_listing, withdraw_listing
from marketplace.review.states import ListingState
from tests.factories import ListingFactory, MembershipFactory, ReservationFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor():
    group = Group.objects.create(name="Reviewers")
    listings = ContentType.objects.get_for_model(MaterialListing)
    for action in ["change", "publish"]:
        group.permissions.add(
            Permission.objects.get_or_create(
                content_type=listings, codename=f"{action}_materiallisting"
            )[0]
        )
    user = UserFactory(first_name="Eva", language="en")
    user.groups.add(group)
    return user


@pytest.fixture
def workflow(editor):
    WorkflowContentType.objects.all().delete()
    workflow = Workflow.objects.create(name="Review")
    task = GroupApprovalTask.objects.create(name="Editors look")
    task.groups.set(editor.groups.all())
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    content_type = MaterialListing(pk=1).get_content_type()
    WorkflowContentType.objects.create(workflow=workflow, content_type=content_type)
    return workflow


@pytest.fixture
def draft(workflow):
    return ListingFactory(draft=True, title="Tygrester")


@pytest.fixture
def giver(draft):
    return MembershipFactory(organisation=draft.organisation, user__language="en").user


@pytest.fixture
def commits(django_capture_on_commit_callbacks):
    return lambda: django_capture_on_commit_callbacks(execute=True)


def task_state(listing):
    return listing.current_workflow_task_state


def state_of(listing):
    return describe(own_listings(listing.organisation).get(pk=listing.pk)).state


def subjects(user):
    return [message.subject for message in mail.outbox if message.to == [user.email]]


def test_a_draft_that_is_sent_waits_for_review(draft, giver):
    submit_listing(listing=draft, by=giver)

    assert state_of(draft) == ListingState.IN_REVIEW


def test_editors_are_told_once_that_a_listing_waits(draft, giver, editor, commits):
    with commits():
        submit_listing(listing=draft, by=giver)

    assert subjects(editor) == ["To review: Tygrester"]


def test_an_approved_listing_is_online(draft, giver, editor):
    submit_listing(listing=draft, by=giver)

    task_state(draft).approve(user=editor)

    draft.refresh_from_db()
    assert (draft.live, state_of(draft)) == (True, ListingState.LIVE)


def test_the_giver_gets_exactly_one_mail_about_the_approval(draft, giver, editor, commits):
    with commits():
        submit_listing(listing=draft, by=giver)
    with commits():
        task_state(draft).approve(user=editor)

    assert subjects(giver) == ["Published: Tygrester"]


def test_a_comment_reaches_the_giver(draft, giver, editor, commits):
    submit_listing(listing=draft, by=giver)

    with commits():
        task_state(draft).reject(user=editor, comment="Hur stora är de?")

    [message] = [message for message in mail.outbox if message.to == [giver.email]]
    assert "Hur stora är de?" in message.body
    assert state_of(draft) == ListingState.CHANGES_REQUESTED


def test_a_mended_listing_goes_back_to_the_same_review(draft, giver, editor, commits):
    submit_listing(listing=draft, by=giver)
    task_state(draft).reject(user=editor, comment="Hur stora är de?")
    draft.description = "30 × 40 cm"

    with commits():
        submit_listing(listing=draft, by=giver)
    task_state(draft).approve(user=editor)

    draft.refresh_from_db()
    assert draft.description == "30 × 40 cm"
    assert subjects(editor) == ["To review: Tygrester"]


def test_an_edited_listing_stays_online_while_the_new_version_waits(workflow):
    listing = ListingFactory(title="Gammal")
    giver = MembershipFactory(organisation=listing.organisation).user
    listing.title = "Ny"

    submit_listing(listing=listing, by=giver)

    online = MaterialListing.objects.get(pk=listing.pk)
    assert (online.title, online.live, online.has_unpublished_changes) == ("Gammal", True, True)


def test_a_version_that_waits_is_replaced_by_a_newer_one(draft, giver, editor):
    submit_listing(listing=draft, by=giver)
    draft.title = "Bättre rubrik"

    submit_listing(listing=draft, by=giver)
    task_state(draft).approve(user=editor)

    draft.refresh_from_db()
    assert draft.title == "Bättre rubrik"


def test_without_a_workflow_a_sent_listing_stays_a_draft(workflow):
    WorkflowType = type(workflow.workflow_content_types.first())
    WorkflowType.objects.all().delete()
    listing = ListingFactory(draft=True)

    submit_listing(listing=listing, by=UserFactory())

    assert state_of(listing) == ListingState.DRAFT


def test_an_editor_who_ends_the_review_tells_the_giver(draft, giver, editor, commits):
    submit_listing(listing=draft, by=giver)

    with commits():
        draft.current_workflow_state.cancel(user=editor)

    assert subjects(giver) == ["Not published: Tygrester"]


def test_what_an_editor_has_written_goes_with_the_mail_that_the_review_has_ended(
    draft, giver, editor, commits
):
    submit_listing(listing=draft, by=giver)
    task_state(draft).reject(user=editor, comment="Hur stora är de?")
    submit_listing(listing=draft, by=giver)

    with commits():
        draft.current_workflow_state.cancel(user=editor)

    message = mail.outbox[-1]
    assert (message.to, message.subject) == ([giver.email], "Not published: Tygrester")
    assert "Hur stora är de?" in message.body


def test_an_editor_who_publishes_at_once_tells_the_giver_that(draft, giver, editor, commits):
    submit_listing(listing=draft, by=giver)

    with commits():
        draft.get_latest_revision().publish(user=editor)

    assert subjects(giver) == ["Published: Tygrester"]


def test_a_giver_who_withdraws_is_not_written_to(draft, giver, commits):
    submit_listing(listing=draft, by=giver)

    with commits():
        withdraw_listing(listing=draft, by=giver)

    assert subjects(giver) == []
    assert draft.current_workflow_state is None


def test_review_of_a_new_version_changes_neither_stock_nor_reservations(workflow, editor):
    listing = ListingFactory()
    reservation = accept_reservation(
        reservation=ReservationFactory(listing=listing, requested_quantity=Decimal(4)),
        by=UserFactory(),
    )
    giver = MembershipFactory(organisation=listing.organisation).user
    first = listing.save_revision()
    listing.title = "Ny"
    submit_listing(listing=listing, by=giver)

    task_state(listing).approve(user=editor)
    first.publish()

    reservation.refresh_from_db()
    assert Stock.objects.get(listing=listing).reserved == 4
    assert reservation.state == "accepted"


def test_wagtail_itself_writes_no_mail_about_listings(draft, giver, editor, commits):
    with commits():
        submit_listing(listing=draft, by=giver)
    with commits():
        task_state(draft).reject(user=editor, comment="Nej")

    assert len(mail.outbox) == Notification.objects.count() == 2


def test_my_page_shows_first_what_an_editor_asks_for(client, draft, giver, editor):
    submit_listing(listing=draft, by=giver)
    task_state(draft).reject(user=editor, comment="Hur stora är de?")
    client.force_login(giver)

    page = BeautifulSoup(client.get(reverse("marketplace:my_page")).content, "html.parser")

    assert "Hur stora är de?" in page.find(id="tasks").find_parent("section").get_text()
