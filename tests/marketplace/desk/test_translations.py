"""Translating is work in the queue: sent, reviewed and published like anything else."""

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import Locale
from wagtail_localize.models import StringSegment, StringTranslation, Translation, TranslationSource

from inspiration.pages.models import ArticlePage
from tests.factories import UserFactory, give
from tests.inspiration.conftest import pages  # noqa: F401  # a fixture

pytestmark = pytest.mark.django_db
WORDS = {"Rören": "The tubes", "Trettio rör.": "Thirty tubes.", "Vi räknade.": "We counted."}


def sign_in(client, *roles):
    user = give(UserFactory(), *roles)
    client.force_login(user)
    return user


@pytest.fixture
def commits(django_capture_on_commit_callbacks):
    return lambda: django_capture_on_commit_callbacks(execute=True)


@pytest.fixture
def article(client, pages):  # noqa: F811
    """A Swedish article that a translator has started to translate."""
    pages.translate(pages.articles)
    article = pages.article("Rören", summary="Trettio rör.", body=[("text", "<p>Vi räknade.</p>")])
    sign_in(client, "translator")
    client.post(
        reverse("wagtail_localize:submit_page_translation", args=[article.pk]),
        {"locales": [Locale.objects.get(language_code="en").pk]},
    )
    return article


def english():
    return ArticlePage.objects.get(locale__language_code="en")


def translate(words):
    """Write what `words` says, as the translation's page does one text at a time."""
    translation = Translation.objects.get()
    for segment in StringSegment.objects.filter(source=translation.source):
        text = words.get(segment.string.data, segment.string.data if words is WORDS else "")
        if text:
            StringTranslation.objects.update_or_create(
                translation_of=segment.string,
                locale=translation.target_locale,
                context=segment.context,
                defaults={"data": text},
            )
    return translation


def listed(client, stage=""):
    page = client.get(f"/admin/oversattningar/?lage={stage}")
    assert page.status_code == 200
    return BeautifulSoup(page.content, "html.parser").select("table.listing tbody tr")


def send(client):
    return client.post(
        reverse("send_translation", args=[Translation.objects.get().pk]), follow=True
    )


def approve(client, commits):
    sign_in(client, "editor")
    queue = BeautifulSoup(client.get("/admin/ko/?typ=translation").content, "html.parser")
    (row,) = queue.select("[data-queue-row]")
    with commits():
        client.post("/admin/ko/", {"quick": row.select_one("input")["value"]})
    return row


def go_live(client, commits):
    translate(WORDS)
    send(client)
    approve(client, commits)
    assert english().live


def test_a_translators_work_goes_live_through_the_queue(client, article, commits):
    (row,) = listed(client, "att-gora")
    assert "Rören" in row.get_text()
    assert not row.select("form")
    translate(WORDS)
    assert listed(client, "klar")[0].select("form")

    sent = send(client)
    assert "skickad för granskning" in sent.content.decode()
    assert not english().live
    assert listed(client, "granskas")
    waiting = approve(client, commits)

    assert "The tubes" in waiting.get_text()
    assert english().live
    client.logout()
    shown = client.get(english().url).content.decode()
    assert "We counted." in shown
    assert "Vi räknade." not in shown


def test_a_long_text_asks_no_more_of_the_database_than_a_short_one(client, article):
    edit = reverse("wagtailadmin_pages:edit", args=[english().pk])

    def asked():
        client.get(edit)
        with CaptureQueriesContext(connection) as queries:
            page = client.get(edit).content.decode()
        return len(queries), page

    short, page = asked()
    assert "Trettio" in page
    assert "Papp nummer" not in page

    paragraphs = "".join(f"<p>Papp nummer {number}.</p>" for number in range(40))
    article.body = [("text", paragraphs)]
    article.save_revision().publish()
    TranslationSource.objects.get().update_from_db()

    long, page = asked()
    assert "Papp nummer 39." in page
    assert long <= short


def test_a_page_that_is_no_longer_kept_in_step_is_written_like_any_other(client, article):
    edit = reverse("wagtailadmin_pages:edit", args=[english().pk])
    title = 'name="title"'
    assert title not in client.get(edit).content.decode()

    Translation.objects.update(enabled=False)
    page = client.get(edit)

    assert page.status_code == 200
    assert title in page.content.decode()


def test_what_is_not_finished_cannot_be_sent(client, article):
    translate({"Rören": "The tubes"})

    answer = send(client)

    assert "inte översatta ännu" in answer.content.decode()
    assert not english().workflow_in_progress
    translate(WORDS)
    send(client)
    assert english().workflow_in_progress


def test_a_page_that_changes_comes_back_and_what_is_online_stays(client, article, commits):
    go_live(client, commits)
    article = ArticlePage.objects.get(pk=article.pk)
    article.summary = "Fyrtio rör."
    article.save_revision().publish()
    sign_in(client, "translator")

    assert "Fyrtio" not in client.get(english().url).content.decode()
    assert english().summary == "Thirty tubes."
    assert listed(client, "inaktuell")
    translate({"Fyrtio rör.": "Forty tubes."})
    send(client)
    assert english().summary == "Thirty tubes."

    approve(client, commits)
    assert english().summary == "Forty tubes."


def test_swedish_text_is_not_published_in_english_by_a_tick(client, article, commits):
    go_live(client, commits)
    article = ArticlePage.objects.get(pk=article.pk)
    article.summary = "Fyrtio rör."
    article.save_revision().publish()
    edit = reverse("wagtailadmin_pages:edit", args=[english().pk])
    update = reverse(
        "wagtail_localize:update_translations", args=[Translation.objects.get().source_id]
    )
    alias = reverse("wagtail_localize:convert_to_alias", args=[english().pk])

    with commits():
        refused = client.post(edit, {"action": "publish"}, follow=True)
        form = client.get(update)
        client.post(update, {"publish_translations": "on"})
        aliased = client.post(alias)

    assert "inte översatt" in refused.content.decode()
    assert form.status_code == 200
    assert "publish_translations" not in form.content.decode()
    assert aliased.status_code == 404
    assert english().summary == "Thirty tubes."
    translate({"Fyrtio rör.": "Forty tubes."})
    with commits():
        client.post(edit, {"action": "publish"})
    assert english().summary == "Forty tubes."


def test_an_editors_word_stands_in_the_list_and_it_can_be_sent_again(client, article, commits):
    translate(WORDS)
    send(client)
    sign_in(client, "editor")
    queue = BeautifulSoup(client.get("/admin/ko/").content, "html.parser")
    key = queue.select_one("[data-queue-row] input")["value"]
    client.post("/admin/ko/", {"key": key, "answer": "changes", "text": "Säg pipes."})
    sign_in(client, "translator")

    (row,) = listed(client, "andra")
    assert "Säg pipes." in row.get_text()
    send(client)

    assert english().workflow_in_progress


def test_only_those_who_translate_see_the_list_and_send(client, article):
    translate(WORDS)
    sign_in(client, "coordinator")

    assert client.get("/admin/oversattningar/").status_code in (302, 403)
    send(client)
    assert not english().workflow_in_progress


def test_the_first_page_tells_a_translator_what_there_is_to_do(client, article):
    home = client.get("/admin/").content.decode()

    assert "/admin/oversattningar/?lage=att-gora" in home
    translate(WORDS)
    assert "/admin/oversattningar/?lage=klar" in client.get("/admin/").content.decode()
