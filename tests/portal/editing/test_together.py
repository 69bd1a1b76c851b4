"""Two people at once: the second is told, and what both wrote is kept."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from bs4 import BeautifulSoup
from django.core.management import call_command
from django.db import connections
from django.test import Client
from django.urls import reverse

from marketplace.listings.models import MaterialListing
from marketplace.offers.services import submit_listing
from marketplace.review.errors import AlreadyDecided
from tests.factories import (
    CompanyFactory,
    ListingFactory,
    MembershipFactory,
    SuperuserFactory,
    UserFactory,
)

ModelBackend = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def portal(db):
    call_command("setup_portal", verbosity=0)


def signed_in(user):
    client = Client()
    client.force_login(user, backend=ModelBackend)
    return client


def fields_of(client, path):
    """The form of a page as a browser would send it."""
    page = BeautifulSoup(client.get(path).content, "html.parser")
    form = page.find("input", {"name": "seen"}).find_parent("form")
    values = {}
    for field in form.find_all(["input", "textarea"]):
        if field.get("type") in ("submit", "file", "checkbox", "radio") or not field.get("name"):
            continue
        values[field["name"]] = field.get("value", "") if field.name == "input" else field.text
    for box in form.find_all("input", {"type": ["checkbox", "radio"]}):
        if box.has_attr("checked"):
            values[box["name"]] = box.get("value", "on")
    for choice in form.find_all("select"):
        chosen = choice.find("option", selected=True)
        values[choice["name"]] = chosen["value"] if chosen else ""
    return values


@pytest.fixture
def colleagues(portal):
    """Two members of a company, each with the edit form of the same listing open."""
    company = CompanyFactory(address="Hamngatan 1", town="Bjuv")
    listing = ListingFactory(organisation=company, title="Tubes", description="Long ones")
    listing.save_revision()
    path = f"/en/material/{listing.pk}/andra/"
    clients = [signed_in(MembershipFactory(organisation=company).user) for _number in range(2)]
    return listing, path, [(client, fields_of(client, path)) for client in clients]


def newest(listing):
    return MaterialListing.objects.get(pk=listing.pk).get_latest_revision_as_object()


def test_the_second_of_two_colleagues_sees_both_texts_and_then_decides(colleagues):
    listing, path, [(one, first), (two, second)] = colleagues
    assert one.post(path, first | {"title": "Tubes of cardboard", "send": "1"}).status_code == 302

    answer = two.post(path, second | {"description": "Short ones", "send": "1"})

    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Somebody else saved this while you were writing" in page
    assert "Tubes of cardboard" in page
    assert "Short ones" in page
    assert newest(listing).title == "Tubes of cardboard"

    again = BeautifulSoup(page, "html.parser").find("input", {"name": "seen"})["value"]
    sent = second | {"description": "Short ones", "send": "1", "seen": again}
    assert two.post(path, sent | {"submission": "another"}).status_code == 302
    assert newest(listing).description == "Short ones"


def test_one_alone_is_asked_nothing(colleagues):
    listing, path, [(one, first), _second] = colleagues

    assert one.post(path, first | {"title": "Tubes of cardboard", "send": "1"}).status_code == 302
    assert newest(listing).title == "Tubes of cardboard"


# --- Editors --------------------------------------------------------------------------------------


def editor():
    return SuperuserFactory()


def waiting_listing():
    company = CompanyFactory(address="Hamngatan 1", town="Bjuv")
    listing = ListingFactory(organisation=company, draft=True)
    submit_listing(listing=listing, by=MembershipFactory(organisation=company).user)
    return MaterialListing.objects.get(pk=listing.pk)


def test_the_second_editor_reads_whose_decision_was_first(portal):
    listing = waiting_listing()
    state = listing.current_workflow_task_state
    first, second = editor(), editor()
    path = reverse(
        listing.snippet_viewset.get_url_name("workflow_action"),
        args=[listing.pk, "approve", state.pk],
    )
    reject = reverse(
        listing.snippet_viewset.get_url_name("workflow_action"),
        args=[listing.pk, "reject", state.pk],
    )
    task = state.task.specific
    task.on_action(state, first, "approve")

    with pytest.raises(AlreadyDecided) as refused:
        task.on_action(state, second, "reject", comment="No")

    assert str(first) in str(refused.value)
    listing.refresh_from_db()
    assert listing.live
    for address in (path, reject):
        answer = signed_in(second).post(address, {"comment": "No", "next": "/admin/"})
        assert answer.status_code in (302, 403)
    listing.refresh_from_db()
    assert listing.live


def test_an_editor_who_saves_over_another_version_is_told_and_can_compare(portal):
    listing = ListingFactory(title="Tubes")
    opened = listing.save_revision()
    other = UserFactory(first_name="Ylva", last_name="Ek")
    listing.title = "Tubes of cardboard"
    listing.save_revision(user=other)
    client = signed_in(SuperuserFactory())
    path = reverse(listing.snippet_viewset.get_url_name("edit"), args=[listing.pk])
    page = BeautifulSoup(client.get(path).content, "html.parser")
    form = page.find("form", {"data-edit-form": True}) or page.find(id="w-editor-form")
    values = {
        field["name"]: field.get("value", "") if field.name == "input" else field.text
        for field in form.find_all(["input", "textarea"])
        if field.get("name") and field.get("type") not in ("submit", "checkbox", "radio")
    }
    for choice in form.find_all("select"):
        chosen = choice.find("option", selected=True)
        values[choice["name"]] = chosen["value"] if chosen else ""

    sent = values | {"loaded_revision_id": str(opened.pk), "title": "Tubes of plastic"}
    answer = client.post(path, sent, follow=True)

    assert newest(listing).title == "Tubes of plastic", answer.content.decode()[-3000:]
    told = answer.content.decode()
    assert "Ylva Ek" in told
    assert "/compare/" in told


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_four_editors_who_decide_at_once_one_is_told_that_it_is_done(portal_root):
    listing = waiting_listing()
    state = listing.current_workflow_task_state
    people = [editor() for _number in range(4)]

    def decide(number):
        try:
            action = "approve" if number % 2 else "reject"
            state.task.specific.on_action(state, people[number], action, comment="x")
            return "done"
        except AlreadyDecided:
            return "told"
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        answers = sorted(pool.map(decide, range(4)))

    assert answers == ["done", "told", "told", "told"]


@pytest.fixture
def portal_root(transactional_db):
    """A portal also where a test before has emptied the database."""
    from wagtail.models import Collection, Locale, Page, Site

    Locale.objects.get_or_create(language_code="sv")
    if not Page.objects.exists():
        root = Page.add_root(title="Root", slug="root")
        Site.objects.get_or_create(
            hostname="localhost", defaults={"root_page": root, "is_default_site": True}
        )
    if not Collection.objects.exists():
        Collection.add_root(name="Root")
    call_command("setup_portal", verbosity=0)
