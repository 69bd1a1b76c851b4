"""What `script/fuzz` has found: each kind once, beside the same page asked properly."""

import re

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Site
from wagtail.snippets.models import get_snippet_models

from marketplace.wanted.models import WantedAd
from portal.foundation.site_settings.models import SiteSettings
from tests.security import hostile


@pytest.fixture
def editor(client, world):
    client.force_login(world["users"]["superuser"])
    return client


def test_a_word_for_the_number_of_a_record_is_no_page(editor, world):
    path = "/admin/marketplace/note/inspect/{}/"

    assert editor.get(path.format(world["note"].pk)).status_code == 200
    assert editor.get(path.format("9999-12-31")).status_code == 404


def test_a_word_for_what_was_chosen_is_an_error_by_its_field_and_the_rest_is_kept(editor, world):
    before = WantedAd.objects.count()
    path = "/admin/snippets/marketplace/wantedad/add/"

    forms = {}
    for chosen in (world["school"].pk, "a word"):
        answer = editor.post(path, {"title": "Boxes", "organisation": chosen})
        assert answer.status_code == 200
        forms[chosen] = answer.context["form"]

    assert "organisation" not in forms[world["school"].pk].errors
    assert "organisation" in forms["a word"].errors
    assert forms["a word"]["title"].value() == "Boxes"
    assert WantedAd.objects.count() == before


def test_a_word_for_a_picture_is_refused_and_nothing_is_kept(editor, world):
    site = Site.objects.get(is_default_site=True)
    path = reverse("wagtailsettings:edit", args=["portal", "sitesettings", site.pk])

    assert editor.post(path, {"name": "Other", "logo": ""}).status_code == 200
    assert editor.post(path, {"name": "Other", "logo": "a word"}).status_code == 400
    assert not SiteSettings.objects.filter(name="Other").exists()


def test_nothing_is_made_in_a_chooser(editor):
    chooser = "/admin/snippets/choose/marketplace/organisation/"

    assert editor.get(chooser).status_code == 200
    assert editor.post(f"{chooser}create/").status_code == 404


def test_an_import_of_redirects_without_its_file_begins_again(editor):
    file = SimpleUploadedFile(
        "old.csv", b"from,to\n/gammal,https://example.org/ny\n", content_type="text/csv"
    )
    first_step = editor.post(reverse("wagtailredirects:start_import"), {"import_file": file})
    form = BeautifulSoup(first_step.content, "html.parser").select_one("form[action*=process]")
    sent = {each["name"]: each.get("value", "") for each in form.select("input[name]")}
    columns = {"from_index": 0, "to_index": 1, "permanent": "on"}
    process = reverse("wagtailredirects:process_import")

    for wrong in ({}, sent | {"input_format": "1:forged"}):
        answer = editor.post(process, wrong)
        assert answer.status_code == 302
        assert answer.url == reverse("wagtailredirects:start_import")
    assert not Redirect.objects.exists()

    editor.post(process, sent | columns)
    assert Redirect.objects.get().old_path == "/gammal"


def test_a_filter_that_is_given_nonsense_is_taken_away(editor):
    path = "/admin/marketplace/purchasereport/"

    assert editor.get(f"{path}?year=2026").status_code == 200
    answer = editor.get(f"{path}?year=a+word")
    assert (answer.status_code, answer["Location"]) == (302, path)


def test_every_list_can_be_searched_and_sorted(editor):
    tried, broken = 0, set()
    editor.raise_request_exception = False
    for model in get_snippet_models():
        path = reverse(model.snippet_viewset.get_url_name("list"))
        columns = re.findall(r"ordering=(-?\w+)", editor.get(path).content.decode())
        for column in {*columns, "-pk"}:
            tried += 1
            if editor.get(path, {"q": "a", "ordering": column}).status_code != 200:
                broken.add((model._meta.model_name, column))

    assert tried > 50
    assert broken == set()


@pytest.mark.parametrize("place", ["chooser/", "chooser/results/", ""])
def test_pictures_with_a_tag_can_be_searched(editor, place):
    assert editor.get(f"/admin/images/{place}?tag=wood").status_code == 200
    assert editor.get(f"/admin/images/{place}?tag=wood&q=chair").status_code == 200


@pytest.mark.parametrize("name", ["wagtaildocs:index", "wagtailadmin_explore_root"])
def test_the_admin_can_be_searched_for_anything(editor, name):
    path = reverse(name)
    answers = {word[:20]: editor.get(path, {"q": word}).status_code for word in hostile.WORDS}

    assert answers.pop("\x00") == answers.pop("a\x00b") == 400
    assert set(answers.values()) <= {200, 302}


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ('{"blocks": [], "entityMap": {}}', 200),
        ("9", 400),
        ("[a word", 400),
        ('{"blocks": [5], "entityMap": []}', 400),
    ],
)
def test_rich_text_that_no_editor_has_made_is_refused(editor, sent, status):
    answer = editor.post("/admin/snippets/portal/termsversion/add/", {"text_sv": sent})

    assert answer.status_code == status


def test_coordinators_search_among_their_municipalities(client, world):
    client.force_login(world["users"]["coordinator"])
    path = "/admin/snippets/marketplace/municipality/results/"

    assert client.get(path, {"q": "Kommun"}).status_code == 200
