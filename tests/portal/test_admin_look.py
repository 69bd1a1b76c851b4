"""The admin looks like the portal's, and explains itself."""

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Group
from django.contrib.staticfiles import finders
from django.core.management import call_command

from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client):
    call_command("setup_portal", verbosity=0)
    user = UserFactory(first_name="Rakel")
    user.groups.add(Group.objects.get(name="Editors"))
    client.force_login(user)
    return user


def soup(response):
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def test_the_admin_carries_the_portals_name_sign_and_colours(client, editor):
    shown = soup(client.get("/admin/"))

    assert shown.title.get_text().strip().endswith("Återbruksportalen")
    assert shown.h1.get_text(strip=True) == "Hej Rakel!"
    assert shown.select_one("link[rel=icon]")["href"].endswith("favicon.svg")
    assert shown.select_one("link[href$='portal/css/admin.css']")
    assert "portal-logo" in str(shown.select_one("template[data-wagtail-sidebar-branding-logo]"))


@pytest.mark.parametrize("language", ["sv", "en"])
def test_the_guide_leads_to_its_parts_and_shows_them(client, editor, language):
    shown = soup(client.get("/admin/guide/", headers={"accept-language": language}))

    guide = shown.select_one(".portal-guide")
    targets = {link["href"].removeprefix("#") for link in guide.select("nav a")}
    assert targets == {heading["id"] for heading in guide.select("h2")}
    assert len(targets) == 9
    for picture in guide.select("img"):
        assert picture["alt"]
        assert finders.find(picture["src"].removeprefix("/static/"))
