"""Every school and preschool is there to be chosen: imported from the files that list them."""

import json
from io import StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command

from marketplace.organisations.models import Organisation
from marketplace.organisations.school_units.reading import read_units
from portal.foundation.spreadsheets.refusals import SpreadsheetError
from tests.factories import (
    MembershipFactory,
    MunicipalityFactory,
    SchoolFactory,
    SuperuserFactory,
    UserFactory,
    give,
)

pytestmark = pytest.mark.django_db

PAGE = "/admin/organisationer/skolor/"
SKOLDATA = """source,school_unit_code,name,type,street,postalcode,city,latitude,longitude,email
212000-1157,12345678,Åbyskolan,Grundskola,Skolgatan 1,25221,Helsingborg,56.0465,12.6945,a@x.example
212000-1157,,Förskolan Kotten,Förskola,Parkgatan 2,SE-252 25,Helsingborg,,,
"""


@pytest.fixture
def helsingborg():
    return MunicipalityFactory(name="Helsingborg", code="1283", slug="helsingborg")


@pytest.fixture
def skoldata(tmp_path):
    def write(text=SKOLDATA, name="skoldata.csv"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


def run(path, *options):
    out = StringIO()
    call_command("import_schools", path, *options, stdout=out)
    return out.getvalue()


def test_schools_and_preschools_become_organisations_to_choose(helsingborg, skoldata, client):
    run(skoldata(), "--municipality", "1283")

    school = Organisation.objects.get(school_unit_code="12345678")
    assert (school.name, school.type, school.municipality) == ("Åbyskolan", "school", helsingborg)
    assert (school.address, school.postcode, school.town) == (
        "Skolgatan 1",
        "252 21",
        "Helsingborg",
    )
    assert school.contact_email == "a@x.example"
    preschool = Organisation.objects.get(name="Förskolan Kotten")
    assert (preschool.type, preschool.postcode, preschool.latitude) == (
        "preschool",
        "252 25",
        None,
    )
    assert "Åbyskolan" in client.get("/organisationer/forslag/?organisation=åby").content.decode()


def test_the_same_file_twice_changes_nothing(helsingborg, skoldata):
    path = skoldata()
    run(path, "--municipality", "1283")
    before = list(Organisation.objects.order_by("pk").values())

    said = run(path, "--municipality", "1283")

    assert said.strip() == "2 same"
    assert list(Organisation.objects.order_by("pk").values()) == before


def test_a_new_name_follows_until_somebody_works_there(helsingborg, skoldata):
    run(skoldata(), "--municipality", "1283")
    run(skoldata(SKOLDATA.replace("Åbyskolan", "Nya Åbyskolan")), "--municipality", "1283")
    school = Organisation.objects.get(school_unit_code="12345678")
    assert school.name == "Nya Åbyskolan"

    MembershipFactory(organisation=school)
    run(skoldata(SKOLDATA.replace("Skolgatan 1", "Skolgatan 9")), "--municipality", "1283")

    school.refresh_from_db()
    assert (school.name, school.address) == ("Nya Åbyskolan", "Skolgatan 1")


def test_a_school_that_is_here_gets_its_code_and_is_not_made_twice(helsingborg, skoldata):
    school = SchoolFactory(name="Åbyskolan", municipality=helsingborg, school_unit_code="")

    run(skoldata(), "--municipality", "1283")

    school.refresh_from_db()
    assert school.school_unit_code == "12345678"
    assert Organisation.objects.filter(name="Åbyskolan").count() == 1


def test_what_does_not_take_part_or_has_ended_is_left_out_with_a_reason(helsingborg, skoldata):
    said = run(
        skoldata(
            "Skolenhetskod;Skolenhetsnamn;Kommunkod;Status;Skolform\n"
            "11111111;Kustskolan;1283;Aktiv;Grundskola\n"
            "22222222;Fjällskolan;2580;Aktiv;Grundskola\n"
            "33333333;Gamla skolan;1283;Upphörd;Grundskola\n"
        )
    )

    assert list(Organisation.objects.values_list("name", flat=True)) == ["Kustskolan"]
    assert "Fjällskolan: 2580" in said
    assert "Gamla skolan" not in said


def test_the_answer_of_skolverkets_api_is_read_too(helsingborg, skoldata):
    answer = {
        "Uttagsdatum": "2026-11-01",
        "Skolenheter": [
            {"Skolenhetskod": "11111111", "Skolenhetsnamn": "Kustskolan", "Kommunkod": "1283"}
        ],
    }

    run(skoldata(json.dumps(answer), "skolenheter.json"))

    assert Organisation.objects.get().school_unit_code == "11111111"


def test_a_dry_run_changes_nothing(helsingborg, skoldata):
    said = run(skoldata(), "--municipality", "helsingborg", "--dry-run")

    assert "Åbyskolan: new" in said
    assert not Organisation.objects.exists()


@pytest.mark.parametrize("content", [b"", b"{", b"colour;size\nred;1\n"])
def test_what_is_no_list_of_schools_is_refused(skoldata, content):
    with pytest.raises(SpreadsheetError):
        read_units(content)
    with pytest.raises(CommandError):
        run(skoldata(content))


def upload(client, text=SKOLDATA, **fields):
    file = SimpleUploadedFile("skoldata.csv", text.encode())
    return client.post(PAGE, {"file": file, **fields})


def test_an_editor_sees_what_a_file_would_do_before_it_does_it(client, helsingborg):
    client.force_login(SuperuserFactory())

    page = upload(client, municipality=helsingborg.pk)
    assert "Åbyskolan" in page.content.decode()
    assert not Organisation.objects.exists()

    client.post(PAGE, {"units": page.context["units"]})
    assert set(Organisation.objects.values_list("name", flat=True)) == {
        "Åbyskolan",
        "Förskolan Kotten",
    }


def test_a_coordinator_imports_into_the_own_municipality_only(client, helsingborg):
    call_command("setup_portal", verbosity=0)
    elsewhere = MunicipalityFactory(name="Bjuv", code="1260")
    theirs = SchoolFactory(name="Bjuvskolan", municipality=elsewhere, school_unit_code="11111111")
    coordinator = UserFactory()
    give(coordinator, "coordinator", municipalities=[helsingborg])
    client.force_login(coordinator)

    page = upload(
        client,
        "name,school_unit_code,municipality\n"
        "Åbyskolan,12345678,1283\n"
        "Nya Bjuv,22222222,1260\n"
        "Kapad,11111111,1283\n",
    )
    assert page.status_code == 200, page
    assert not page.context["form"].errors
    client.post(PAGE, {"units": page.context["units"]})

    assert Organisation.objects.get(name="Åbyskolan").municipality == helsingborg
    assert not Organisation.objects.filter(name__in=["Nya Bjuv", "Kapad"]).exists()
    theirs.refresh_from_db()
    assert theirs.name == "Bjuvskolan"


def test_a_preview_is_confirmed_by_whom_it_was_shown_to(client, helsingborg):
    client.force_login(SuperuserFactory())
    units = upload(client, municipality=helsingborg.pk).context["units"]
    client.force_login(SuperuserFactory())

    client.post(PAGE, {"units": units})
    client.post(PAGE, {"units": "made up"})

    assert not Organisation.objects.exists()


def test_who_comes_to_an_imported_school_first_looks_after_it(helsingborg, skoldata, client):
    run(skoldata(), "--municipality", "1283")
    school = Organisation.objects.get(name="Åbyskolan")
    coordinator = UserFactory()
    give(coordinator, "coordinator", municipalities=[helsingborg])
    newcomer = UserFactory()
    client.force_login(newcomer)

    client.post("/mitt/organisation/registrera/", {"joining": "1", "join": school.pk})

    assert school.memberships.get(user=newcomer).status == "pending"
    assert coordinator.notifications.filter(type="member_to_approve").exists()
