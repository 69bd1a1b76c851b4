"""What Wagtail says in Swedish: also by its scripts, and with its own words, not those of ours."""

import json
import re
from pathlib import Path

import polib
import pytest
import wagtail.admin
from bs4 import BeautifulSoup
from django.core.management import call_command
from django.urls import reverse
from django.utils.translation import gettext, override
from wagtail.models import Locale
from wagtail.users.models import UserProfile

from tests.factories import SuperuserFactory

SCRIPTS = Path(wagtail.admin.__file__).parent / "locale/en/LC_MESSAGES/djangojs.po"


@pytest.fixture
def admin(client, db):
    """A client of an administrator who reads Swedish."""
    call_command("setup_portal", verbosity=0)
    user = SuperuserFactory()
    UserProfile.objects.create(user=user, preferred_language="sv")
    client.force_login(user)
    return client


def test_columns_and_fields_of_packages_have_swedish_names(admin):
    sites = admin.get(reverse("wagtailsites:index")).content.decode()
    language = Locale.objects.get(language_code="en")
    form = admin.get(reverse("wagtaillocales:edit", args=[language.pk])).content.decode()
    review = BeautifulSoup(
        admin.get(reverse("wagtailadmin_workflows:add")).content, "html.parser"
    ).select_one("label[for=id_pages-0-page]")

    assert "Webbplatsens namn" in sites
    assert "Startsida" in sites
    assert "Site name" not in sites
    assert "Root page" not in sites
    assert "Kopiera innehåll från" in form
    assert review.get_text().split() == ["Sida*"]
    assert "Sync from" not in form


def test_the_scripts_of_the_admin_speak_swedish(admin):
    script = admin.get("/admin/jsi18n/").content.decode()

    known = json.loads(re.search(r"const newcatalog = (\{.*?\});", script, re.S).group(1))
    assert {entry.msgid for entry in polib.pofile(str(SCRIPTS))} - set(known) == set()
    assert known["Good"] == "Lätt"


@pytest.mark.parametrize(
    ("text", "swedish"),
    [
        ("Words", "Ord"),
        ("History", "Historik"),
        ("Cancelled", "Avbruten"),
        ("Loading", "Laddar"),
        ("Actions", "Handlingar"),
    ],
)
def test_a_word_of_ours_does_not_take_the_place_of_another_of_wagtails(text, swedish):
    with override("sv"):
        assert gettext(text) == swedish
