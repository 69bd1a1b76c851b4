from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.core.management import call_command

from inspiration.newsletter.models import Subscriber
from inspiration.pages.drawings import DRAWINGS
from portal.foundation.drawings import exists
from tests.factories import MembershipFactory, SchoolFactory

FILES = sorted(Path(settings.BASE_DIR, "portal/static/portal/img/illustrations").glob("*.svg"))


def test_every_drawing_that_an_editor_can_choose_exists():
    assert [name for name in DRAWINGS if not exists(name)] == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_drawing_is_small_and_keeps_to_the_common_frame(path):
    svg = ElementTree.parse(path).getroot()  # noqa: S314  # our own file

    assert svg.get("viewBox") == "0 0 400 300"
    assert path.stat().st_size < 8_000
    assert b"http" not in path.read_bytes().replace(b"http://www.w3.org/2000/svg", b"")


@pytest.mark.django_db
def test_pages_that_say_no_or_yes_have_a_drawing_of_their_own(client):
    call_command("setup_portal", verbosity=0)
    reader = Subscriber.objects.create(email="reader@example.org", consent="Ja")
    asked = client.get(f"/nyhetsbrev/bekrafta/{reader.confirm_token}/")

    pages = {
        "utdragen-sladd": client.get("/utan-uppkoppling/"),
        "oppnat-brev": client.post(asked.request["PATH_INFO"], follow=True),
    }
    client.force_login(MembershipFactory(organisation=SchoolFactory()).user)
    pages["last-lada"] = client.get("/mitt/navkort/")

    assert [name for name, page in pages.items() if name not in page.content.decode()] == []
