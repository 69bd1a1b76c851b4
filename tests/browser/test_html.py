"""Every kind of page is HTML as the standard has it, by the Nu HTML checker."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from tests.browser.addresses import VIEWS

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

CHECKER = Path(settings.BASE_DIR) / "node_modules/vnu-jar/build/dist/vnu.jar"
# What is shown without a click, and to the person who is signed in.
OPENED = {name: view for name, view in VIEWS.items() if view.act is None}


def check(folder):
    """The errors that the checker finds in the pages of a folder, each in a sentence."""
    java = shutil.which("java")
    assert java, "The HTML checker runs with Java: apt-get install default-jre-headless"
    assert CHECKER.exists(), "Fetch the HTML checker: npm ci"
    done = subprocess.run(  # our own paths
        [java, "-Xmx256m", "-jar", CHECKER, "--errors-only", "--format", "json", folder],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    return [
        f"{Path(each['url']).stem}: {each['message']} {each.get('extract', '')}"
        for each in json.loads(done.stderr)["messages"]
        if each["type"] == "error"
    ]


def test_the_checker_finds_what_is_wrong(tmp_path):
    (tmp_path / "wrong.html").write_text(
        "<!doctype html><html lang=sv><title>Fel</title><a href='tel:042 12 34'>Ring</a></html>"
    )

    found = check(tmp_path)

    assert len(found) == 1
    assert "tel:042 12 34" in found[0]


def test_every_kind_of_page_is_html(demo_site, tmp_path):
    from portal.foundation.users.models import User

    clients = {"": Client()}
    for name in ("foretag", "skola"):
        clients[name] = Client()
        clients[name].force_login(
            User.objects.get(email=f"{name}@demo.example"),
            backend="django.contrib.auth.backends.ModelBackend",
        )
    for name, view in OPENED.items():
        for language in ("sv", "en"):
            client = clients[view.by]
            client.raise_request_exception = False
            answer = client.get(view.path(language), follow=True)
            assert answer.status_code == view.status, name
            (tmp_path / f"{name}.{language}.html").write_bytes(answer.content)

    (tmp_path / "style-guide.html").write_bytes(clients[""].get("/stilguide/").content)

    assert check(tmp_path) == []
