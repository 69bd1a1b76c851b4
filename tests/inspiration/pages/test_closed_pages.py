"""Pages that an editor has closed to visitors."""

import pytest
from wagtail.models import PageViewRestriction

pytestmark = pytest.mark.django_db


def close(page):
    PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)


def test_a_closed_page_is_neither_listed_nor_shown(client, pages):
    page, closed = pages.article("Om papper"), pages.article("Hemligheter")
    close(closed)

    listed = client.get(pages.articles.url).content.decode()

    assert "Om papper" in listed
    assert client.get(page.url).status_code == 200
    assert "Hemligheter" not in listed
    assert client.get(closed.url).status_code == 302


def test_what_is_below_a_closed_page_is_closed_too(client, pages):
    article, lesson = pages.article(), pages.lesson()
    close(pages.lessons)

    assert client.get(article.url).status_code == 200
    assert client.get(lesson.url).status_code == 302
