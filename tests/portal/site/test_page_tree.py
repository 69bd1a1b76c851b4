"""The tree of pages in the menu of the admin."""

import pytest
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inspiration.pages.models import ArticlePage, HomePage, InspirationIndexPage
from marketplace.roles.models import Role
from tests.factories import SuperuserFactory, UserFactory, give

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("portal")]


@pytest.fixture
def home(settings):
    settings.ADMIN_REQUIRES_MFA = False
    return HomePage.objects.get(locale__language_code="sv")


def add_list(home, number, articles):
    """A list below the start page with so many articles in it."""
    page = InspirationIndexPage(title=f"List {number}", locale=home.locale)
    home.add_child(instance=page)
    for each in range(articles):
        page.add_child(instance=ArticlePage(title=f"Article {each}", locale=home.locale))
    return page


def tree(client, page):
    """What the menu is told of the pages below `page`: {title: item}."""
    path = "/admin/api/main/pages/"
    answer = client.get(path, {"child_of": page.pk, "for_explorer": 1})
    assert answer.status_code == 200
    return {item["admin_display_title"]: item for item in answer.json()["items"]}


@pytest.mark.parametrize("role", ["superuser", Role.EDITOR, Role.TRANSLATOR])
def test_every_page_tells_its_state_its_parent_and_how_many_are_below(client, home, role):
    user = SuperuserFactory() if role == "superuser" else give(UserFactory(), role)
    add_list(home, 1, articles=0)
    open_list = add_list(home, 2, articles=3)
    draft = InspirationIndexPage(title="Draft", live=False, locale=home.locale)
    home.add_child(instance=draft)
    client.force_login(user)

    found = tree(client, home)

    assert found["List 1"]["meta"]["children"]["count"] == 0
    assert found["List 2"]["meta"]["children"]["count"] == 3
    assert found["List 2"]["meta"]["children"]["listing_url"].endswith(f"?child_of={open_list.pk}")
    assert {item["meta"]["parent"]["id"] for item in found.values()} == {home.pk}
    assert found["List 2"]["meta"]["locale"] == "sv"
    assert found["Draft"]["meta"]["status"]["live"] is False
    assert str(found["Draft"]["meta"]["status"]["status"]) == "utkast"


def test_as_many_questions_whatever_the_number_of_pages(client, home):
    client.force_login(SuperuserFactory())
    add_list(home, 1, articles=1)
    tree(client, home)

    few = questions(client, home)
    for number in range(2, 14):
        add_list(home, number, articles=2)
    many = questions(client, home)

    assert len(many) <= len(few)
    assert len(many) < 25


def test_no_page_is_changed_from_the_menu(client, home):
    client.force_login(SuperuserFactory())
    page = add_list(home, 1, articles=0)

    answer = client.post(f"/admin/api/main/pages/{page.pk}/action/unpublish/", {})

    assert answer.status_code == 404
    page.refresh_from_db()
    assert page.live


def questions(client, home):
    for name in ("default", "pages"):
        caches[name].clear()
    with CaptureQueriesContext(connection) as asked:
        tree(client, home)
    return asked.captured_queries
