"""What Wagtail says in Swedish: also by its scripts, and with its own words, not those of ours."""

import json
import re
from pathlib import Path

import polib
import pytest
import wagtail.admin
from django.utils.translation import gettext, override
from wagtail.users.models import UserProfile

from tests.factories import SuperuserFactory

SCRIPTS = Path(wagtail.admin.__file__).parent / "locale/en/LC_MESSAGES/djangojs.po"


@pytest.mark.django_db
def test_the_scripts_of_the_admin_speak_swedish(client):
    user = SuperuserFactory()
    UserProfile.objects.create(user=user, preferred_language="sv")
    client.force_login(user)

    script = client.get("/admin/jsi18n/").content.decode()

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
