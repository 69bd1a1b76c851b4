"""Pages in other languages: written by translators, and what stands in where there is none yet."""

import polib
import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse
from wagtail.models import Locale
from wagtail_localize.models import Translation

from inspiration.pages.models import ArticlePage
from marketplace.translations.models import TranslatedText
from tests.factories import CategoryFactory, UserFactory, give

pytestmark = pytest.mark.django_db


def soup(response):
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


@pytest.fixture
def translator(client, pages):
    user = UserFactory()
    give(user, "editor")
    client.force_login(user)
    return user


@pytest.fixture
def submitted(client, pages, translator):
    """An article that has been sent for translation to English."""
    pages.translate(pages.articles)
    article = pages.article("Rören", summary="Trettio rör.", body=[("text", "<p>Vi räknade.</p>")])
    client.post(
        reverse("wagtail_localize:submit_page_translation", args=[article.pk]),
        {"locales": [Locale.objects.get(language_code="en").pk]},
    )
    return article


def test_a_page_that_is_sent_for_translation_is_a_draft_in_the_other_language(submitted):
    english = ArticlePage.objects.get(locale__language_code="en")

    assert english.translation_key == submitted.translation_key
    assert not english.live


def test_a_translation_is_written_in_a_po_file_and_published(
    client, submitted, django_capture_on_commit_callbacks
):
    translation = Translation.objects.get()
    exported = client.get(reverse("wagtail_localize:download_pofile", args=[translation.pk]))
    catalogue = polib.pofile(exported.content.decode())
    words = {"Rören": "The tubes", "Trettio rör.": "Thirty tubes.", "Vi räknade.": "We counted."}
    assert {entry.msgid for entry in catalogue} >= set(words)
    for entry in catalogue:
        entry.msgstr = words.get(entry.msgid, entry.msgid)
    english = ArticlePage.objects.get(locale__language_code="en")
    edit = reverse("wagtailadmin_pages:edit", args=[english.pk])

    uploaded = client.post(
        reverse("wagtail_localize:upload_pofile", args=[translation.pk]),
        {"file": SimpleUploadedFile("rören.po", str(catalogue).encode()), "next": edit},
    )
    with django_capture_on_commit_callbacks(execute=True):
        client.post(edit, {"action": "publish"})
    client.logout()

    assert uploaded.status_code == 302
    english.refresh_from_db()
    shown = soup(client.get(english.url))
    assert shown.html["lang"] == "en"
    assert shown.h1.get_text(strip=True) == "The tubes"
    assert "We counted." in shown.main.get_text()


def test_a_category_is_translated_from_its_list_reviewed_and_named_so_in_the_form(
    client, translator
):
    wood = CategoryFactory(name="Trasslan")
    listed = client.get(reverse("wagtailsnippets_marketplace_materialcategory:list"))
    start = reverse("start_text", args=["category", wood.pk])

    client.post(start, {"sprak": "en"})
    text = TranslatedText.objects.get()
    edit = reverse("wagtailsnippets_marketplace_translatedtext:edit", args=[text.pk])
    seen = soup(client.get(edit)).select_one("input[name=seen]")["value"]
    words = {"title": "Tangle", "text": "", "seen": seen, "action-submit": "1"}
    client.post(edit, words, follow=True)
    assert "Tangle" not in client.get("/en/material/erbjud/").content.decode()
    (row,) = soup(client.get("/admin/ko/?typ=text")).select("[data-queue-row] input")
    client.post("/admin/ko/", {"quick": row["value"]})

    assert start in listed.content.decode()
    assert "Tangle" in client.get("/en/material/erbjud/").content.decode()


def test_a_category_without_a_name_in_a_language_is_work_and_never_online(client, translator):
    wood = CategoryFactory(name="Trasslan")
    submit = reverse(
        "wagtail_localize:submit_snippet_translation",
        args=["marketplace", "materialcategory", wood.pk],
    )
    english = Locale.objects.get(language_code="en")

    answer = client.post(submit, {"locales": [english.pk]})

    assert answer.url == reverse("start_text", args=["category", wood.pk])
    assert not wood.get_translations().exists()
    work = soup(client.get("/admin/oversattningar/?lage=att-gora")).select("tbody tr")
    assert any("Trasslan" in row.get_text() for row in work)


def test_the_other_language_is_one_link_away_on_the_same_page(client, pages):
    article = pages.article("Rören")
    english = pages.translate(article, title="The tubes")

    to_english = soup(client.get(article.url)).header.select_one("a.language")
    to_swedish = soup(client.get(english.url)).header.select_one("a.language")

    assert (to_english["href"], to_english["lang"]) == (english.url, "en")
    assert (to_swedish["href"], to_swedish["lang"]) == (article.url, "sv")


def test_search_engines_are_told_of_each_language_and_the_main_one(client, pages):
    article = pages.article("Rören")
    english = pages.translate(article)

    for page in (article, english):
        shown = soup(client.get(page.url, headers={"host": "localhost"}))
        links = {each["hreflang"]: each["href"] for each in shown.select("head link[hreflang]")}

        assert links == {
            "sv": f"http://localhost{article.url}",
            "en": f"http://localhost{english.url}",
            "x-default": f"http://localhost{article.url}",
        }
        canonical = shown.select_one("link[rel=canonical]")["href"]
        assert canonical == f"http://localhost{page.url}"


def test_a_page_without_translation_says_so_and_shows_the_swedish(client, pages):
    pages.translate(pages.articles)
    article = pages.article("Rören", summary="Trettio rör.")

    shown = soup(client.get(f"/en{article.url}"))

    assert shown.html["lang"] == "en"
    assert shown.h1.get_text(strip=True) == "This page is not translated yet"
    assert "in this language only: Swedish" in shown.main.get_text()
    swedish = shown.main.select_one("[lang=sv]")
    assert swedish.a["href"] == article.url
    assert "Trettio rör." in swedish.get_text()
    assert shown.select_one("meta[name=robots]")["content"] == "noindex"
    assert not soup(client.get(article.url)).select("head link[hreflang=en]")


# --- A language more ------------------------------------------------------------------------------


@pytest.fixture
def arabic(pages, settings):
    """The portal with Arabic as well, which is a setting (and what `setup_portal` makes of it)."""
    settings.LANGUAGES = settings.WAGTAIL_CONTENT_LANGUAGES = [
        ("sv", "Swedish"),
        ("en", "English"),
        ("ar", "Arabic"),
    ]
    call_command("setup_portal", verbosity=0)
    return Locale.objects.get(language_code="ar")


def test_a_language_that_is_written_from_the_right_is_a_setting_and_its_content(
    client, pages, arabic
):
    article = pages.translate(pages.article("Rören"), "ar", title="الأنابيب")

    shown = soup(client.get(article.url))

    assert article.url.startswith("/ar/")
    assert (shown.html["lang"], shown.html["dir"]) == ("ar", "rtl")
    assert shown.h1.get_text(strip=True) == "الأنابيب"
    languages = {each["lang"] for each in shown.header.select("a.language")}
    assert languages == {"sv", "en"}


@pytest.mark.parametrize(
    "path", ["/ar/sok/?q=papp", "/ar/material/", "/ar/effekt/", "/ar/nyhetsbrev/"]
)
def test_every_list_answers_in_a_new_language(client, arabic, path):
    shown = soup(client.get(path))

    assert (shown.html["lang"], shown.html["dir"]) == ("ar", "rtl")


def test_a_start_page_that_nobody_has_translated_is_no_dead_end(client, pages, arabic):
    assert client.get("/ar/", follow=True).status_code == 200


def test_a_page_with_a_block_from_before_it_had_a_search_can_be_translated(
    client, pages, translator
):
    pages.translate(pages.articles)
    old = {"title": "Nytt", "listing": None, "category": None}
    article = pages.article("Rören", body=[("material", old)])

    answer = client.post(
        reverse("wagtail_localize:submit_page_translation", args=[article.pk]),
        {"locales": [Locale.objects.get(language_code="en").pk]},
    )

    assert answer.status_code == 302
    assert ArticlePage.objects.filter(locale__language_code="en").exists()
