"""Pages are reviewed as listings are, when somebody writes them who may not publish."""

import pytest
from django.core.management import call_command
from wagtail.models import Workflow

from tests.factories import SuperuserFactory, UserFactory, give

pytestmark = pytest.mark.django_db


def test_every_page_has_the_review_that_listings_have(pages):
    from marketplace.listings.models import MaterialListing

    assert pages.articles.get_workflow() == MaterialListing.get_default_workflow()
    assert pages.articles.get_workflow().active


def test_a_workflow_that_an_administrator_has_chosen_is_kept(pages):
    own = Workflow.objects.create(name="Två redaktörer", active=True)
    root = pages.sv.get_root()
    root.workflowpage.workflow = own
    root.workflowpage.save()

    call_command("setup_portal", verbosity=0)

    root.workflowpage.refresh_from_db()
    assert root.workflowpage.workflow == own


@pytest.mark.parametrize("group", ["editor", "communicator"])
def test_editors_and_communicators_may_translate(pages, group):
    user = UserFactory()
    give(user, group)

    assert user.has_perm("wagtail_localize.submit_translation")


def test_who_reviews_gets_one_mail_about_a_page_administrators_too(
    pages, mailoutbox, django_capture_on_commit_callbacks
):
    editor, administrator = give(UserFactory(), "editor"), SuperuserFactory()
    author = give(UserFactory(), "communicator")
    page = pages.article("Rören")

    with django_capture_on_commit_callbacks(execute=True):
        page.save_revision(user=author)
        page.get_workflow().start(page, author)

    told = sorted(to for message in mailoutbox for to in message.to)
    assert told == sorted([editor.email, administrator.email])
