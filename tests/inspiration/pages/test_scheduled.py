"""Articles that go live, and are taken down, at a time that an editor has set."""

from datetime import timedelta

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.core.management import call_command
from django.utils import timezone

from inspiration.pages.models import ArticlePage
from tests.factories import UserFactory, give

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client, pages):
    user = UserFactory()
    give(user, "editor")
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return user


def filled_in(client, page):
    """The form of a page as its editor has it before them, which has no blocks yet."""
    shown = BeautifulSoup(client.get(f"/admin/pages/{page.pk}/edit/").content, "html.parser")
    fields = shown.select_one("[data-edit-form]").select("input[name], textarea[name]")
    return {each["name"]: each.get("value") or each.text.strip() for each in fields} | {
        "body-count": "0"
    }


def schedule(client, page, *, go_live="", expire=""):
    def written(time):
        return time and timezone.localtime(time).strftime("%Y-%m-%d %H:%M")

    times = {"go_live_at": written(go_live), "expire_at": written(expire)}
    client.post(
        f"/admin/pages/{page.pk}/edit/",
        filled_in(client, page) | times | {"action-publish": "1"},
    )


def periodic_at(moment):
    with time_machine.travel(moment):
        call_command("periodic", verbosity=0)


def test_an_article_goes_live_at_the_time_that_was_set(client, pages, editor):
    page = pages.article()
    page.unpublish()
    now = timezone.now()

    schedule(client, page, go_live=now + timedelta(hours=2))
    periodic_at(now + timedelta(hours=1))
    before = ArticlePage.objects.get(pk=page.pk).live
    periodic_at(now + timedelta(hours=3))

    assert (before, ArticlePage.objects.get(pk=page.pk).live) == (False, True)
    assert client.get(page.url).status_code == 200


def test_an_article_is_taken_down_at_the_time_that_was_set(client, pages, editor):
    page = pages.article()
    now = timezone.now()

    schedule(client, page, expire=now + timedelta(hours=2))
    before = client.get(page.url).status_code
    periodic_at(now + timedelta(hours=3))

    assert (before, client.get(page.url).status_code) == (200, 404)
