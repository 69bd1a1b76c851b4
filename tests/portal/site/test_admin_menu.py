"""The admin's menu: what each role sees, under what, and that it fits a screen."""

import json

import pytest
from bs4 import BeautifulSoup
from django.core.management import call_command

from tests.factories import MunicipalityFactory, SuperuserFactory, UserFactory, give

pytestmark = pytest.mark.django_db
# As many as fit below the heading of a submenu on a screen of 900 px.
FITS = 15


def menu(client, role):
    """{heading: [its links]} of the menu on the admin's first page; a link alone has no links."""
    call_command("setup_portal", verbosity=0)
    if role == "administrator":
        user = SuperuserFactory()
    else:
        municipalities = [MunicipalityFactory()] if role == "coordinator" else []
        user = give(UserFactory(), role, municipalities=municipalities)
    client.force_login(user)
    shown = BeautifulSoup(client.get("/admin/").content, "html.parser")
    props = json.loads(shown.find(id="wagtail-sidebar-props").string)
    modules = {module["_type"]: module["_args"] for module in props["modules"]}
    items = next(args for name, args in modules.items() if name.endswith("MainMenuModule"))[0]
    return {label(item): [label(each) for each in inside(item)] for item in items}


def label(item):
    return item["_args"][0]["label"]


def inside(item):
    arguments = item["_args"]
    return arguments[1] if len(arguments) > 1 and isinstance(arguments[1], list) else []


@pytest.mark.parametrize(
    ("role", "headings"),
    [
        (
            "editor",
            "I dag, Väntar, Material, Organisationer, Inspiration, Kampanjer, Resultat, Sök, Hjälp",
        ),
        (
            "communicator",
            "I dag, Annonser, Samarbeten, Inspiration, Kampanjer, Sökningar, Hjälp",
        ),
        (
            "coordinator",
            "I dag, Väntar, Material, Organisationer, Bokade platser, Resultat, Sökningar, Hjälp",
        ),
        ("steering_group", "I dag, Överlämningar, Svar på enkäter och testomgångar, Resultat, "
         "Sökningar, Hjälp"),
        (
            "administrator",
            "I dag, Väntar, Material, Organisationer, Inspiration, Kampanjer, Resultat, Sök, "
            "Inställningar, Hjälp",
        ),
    ],
)  # fmt: skip
def test_the_menu_follows_the_work_and_fits_a_screen(client, role, headings):
    found = menu(client, role)

    assert list(found) == headings.split(", ")
    assert all(len(links) <= FITS for links in found.values())


def test_words_that_search_knows_stand_beside_the_one_report_of_searches(client):
    found = menu(client, "editor")

    assert found["Sök"] == ["Sökningar", "Synonymer", "Premierade sökresultat", "Avsikter"]
