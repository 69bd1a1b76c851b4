"""What the site answers in place of Wagtail is written down, with a text for upstream."""

import re

from django.conf import settings
from django.urls import reverse

SOURCES = sorted((settings.BASE_DIR / "portal").rglob("*.py"))
UPSTREAM = settings.BASE_DIR / "docs/upstream"


def test_each_reason_leads_to_a_text_and_each_text_to_a_reason():
    source = "".join(file.read_text() for file in SOURCES)
    named = set(re.findall(r"docs/upstream/([\w-]+\.md)", source))
    written = {file.name for file in UPSTREAM.glob("*.md")} - {"README.md"}
    overview = (UPSTREAM / "README.md").read_text()

    assert named == written
    assert all(f"({name})" in overview for name in written)


def test_signing_in_to_the_admin_is_signing_in_to_the_site(client):
    response = client.get("/admin/login/?next=/admin/pages/")

    assert response.status_code == 302
    assert response.url == f"{reverse('account_login')}?next=/admin/pages/"
