"""Every school and preschool is there to be chosen: imported from the files that list them."""

import json
from datetime import timedelta
from decimal import Decimal
from io import BytesIO, StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.utils import timezone
from openpyxl import Workbook

from marketplace.organisations.models import Organisation
from marketplace.organisations.school_units.importing import (
    import_units,
    requeue_stalled_school_imports,
)
from marketplace.organisations.school_units.models import SchoolImport
from marketplace.organisations.school_units.reading import read_units
from portal.foundation.spreadsheets.refusals import SpreadsheetError
from portal.site.retention.services import apply_retention
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


def test_a_code_that_is_known_elsewhere_changes_nothing_there(helsingborg, skoldata):
    elsewhere = SchoolFactory(school_unit_code="12345678", name="Fjällskolan")

    said = run(skoldata(), "--municipality", "1283")

    elsewhere.refresh_from_db()
    assert (elsewhere.name, elsewhere.address) == ("Fjällskolan", "")
    assert "1 left_out" in said
    assert "1 new" in said


def test_what_was_refused_stays_out_and_what_was_merged_stays_as_it_is(helsingborg, skoldata):
    refused = SchoolFactory(
        school_unit_code="12345678", municipality=helsingborg, approval="rejected"
    )
    merged = SchoolFactory(
        name="Förskolan Kotten",
        school_unit_code="",
        municipality=helsingborg,
        merged_into=SchoolFactory(municipality=helsingborg),
    )

    said = run(skoldata(), "--municipality", "1283")

    assert "1 left_out" in said
    assert "1 same" in said
    for school in (refused, merged):
        school.refresh_from_db()
        assert school.address == ""


def test_what_stands_in_a_file_twice_is_made_once(helsingborg, skoldata):
    text = SKOLDATA + SKOLDATA.splitlines()[2] + "\n"

    said = run(skoldata(text), "--municipality", "1283")

    assert Organisation.objects.filter(name="Förskolan Kotten").count() == 1
    assert "2 new" in said
    assert "1 left_out" in said


def test_a_school_moves_on_the_map_and_another_with_its_name_is_another(helsingborg, skoldata):
    run(skoldata(), "--municipality", "1283")
    namesake = SchoolFactory(
        name="Åbyskolan", municipality=helsingborg, school_unit_code="99999999"
    )

    run(skoldata(SKOLDATA.replace("56.0465", "56.1")), "--municipality", "1283")

    moved = Organisation.objects.get(school_unit_code="12345678")
    assert (moved.latitude, moved.longitude) == (Decimal("56.1"), Decimal("12.6945"))
    namesake.refresh_from_db()
    assert namesake.latitude is None


def test_skoldata_says_itself_in_which_municipality_it_is(skoldata):
    """Version 1.1 of the specification: source is the code of Statistics Sweden, a whole number."""
    sollentuna = MunicipalityFactory(name="Sollentuna", code="0163", slug="sollentuna")

    run(
        skoldata(
            "source,id,name,type,latitude,longitude\n"
            "163,12345678,Åbyskolan,grundskola,59.42,17.95\n"
            "0163,kotten-1,Kotten,förskola,59.43,17.96\n"
        )
    )

    found = Organisation.objects.filter(municipality=sollentuna)
    assert list(found.order_by("name").values_list("name", "type", "school_unit_code")) == [
        ("Kotten", "preschool", ""),
        ("Åbyskolan", "school", "12345678"),
    ]


def test_what_version_2_of_skolverkets_api_answers_is_read(helsingborg, skoldata):
    units = [("11111111", "Kustskolan", "AKTIV"), ("22222222", "Gamla skolan", "UPPHORT")]
    answer = {
        "meta": {"extractDate": "2026-11-01"},
        "data": {
            "type": "schoolunit",
            "attributes": [
                {"schoolUnitCode": code, "name": name, "status": status}
                for code, name, status in units
            ],
        },
    }

    run(skoldata(json.dumps(answer), "list.json"), "--municipality", "1283")

    assert Organisation.objects.get().name == "Kustskolan"


def test_details_of_skolverkets_api_bring_the_address_to_visit(helsingborg, skoldata):
    attributes = {
        "displayName": "Kustskolan",
        "municipalityCode": "1283",
        "schoolTypes": ["GR"],
        "status": "AKTIV",
        "phoneNumber": "042-10 50 00",
        "addresses": [
            {"type": "POSTADRESS", "streetAddress": "Box 1", "postalCode": "25189"},
            {
                "type": "BESOKSADRESS",
                "streetAddress": "Strandgatan 3",
                "postalCode": "25221",
                "locality": "Helsingborg",
                "geoCoordinates": {"latitude": "56.05", "longitude": "12.69"},
            },
        ],
    }
    details = [{"data": {"schoolUnitCode": "11111111", "attributes": attributes}}]

    run(skoldata(json.dumps(details), "details.json"))

    school = Organisation.objects.get(school_unit_code="11111111")
    assert (school.name, school.type, school.municipality) == ("Kustskolan", "school", helsingborg)
    assert (school.address, school.postcode) == ("Strandgatan 3", "252 21")
    assert (school.contact_phone, school.latitude) == ("042-10 50 00", Decimal("56.05"))


def test_what_the_api_says_of_one_school_is_read(helsingborg, skoldata):
    one = {
        "data": {
            "schoolUnitCode": "11111111",
            "attributes": {
                "displayName": "Kustskolan",
                "municipalityCode": "1283",
                "status": "AKTIV",
                "addresses": [{"type": "BESOKSADRESS", "streetAddress": "Strandgatan 3"}],
            },
        },
        "included": {"organizationNumber": "2120001157"},
    }

    run(skoldata(json.dumps(one), "one.json"))

    school = Organisation.objects.get()
    assert (school.name, school.school_unit_code) == ("Kustskolan", "11111111")


def test_details_of_version_1_of_the_api_bring_the_address_to_visit(helsingborg, skoldata):
    info = {
        "Skolenhetskod": "11111111",
        "Namn": "Kustskolan",
        "SkolaNamn": "Kustskolan F-6",
        "Status": "Aktiv",
        "Kommun": {"Kommunkod": "1283", "Namn": "Helsingborg"},
        "Besoksadress": {
            "Adress": "Strandgatan 3",
            "Postnr": "252 21",
            "Ort": "HELSINGBORG",
            "GeoData": {"Koordinat_WGS84_Lat": "56.05", "Koordinat_WGS84_Lng": "12.69"},
        },
        "Skolformer": [{"type": "Grundskola", "Benamning": "Grundskola"}],
        "Webbadress": "kustskolan.example",
    }

    run(skoldata(json.dumps([{"SkolenhetInfo": info}]), "details.json"))

    school = Organisation.objects.get(school_unit_code="11111111")
    assert (school.name, school.municipality) == ("Kustskolan", helsingborg)
    assert (school.address, school.longitude) == ("Strandgatan 3", Decimal("12.69"))


REGISTER = ("KOMMUN", "KOMMUNNAMN", "SKOLENHETSKOD", "NAMN", "ADRESS", "POSTNR", "POSTORT")
REGISTER += ("BESÖKSADRESS", "BESÖKSPOSTNR", "BESÖKSPOSTORT", "TELENR")


def register(sheets):
    """A workbook as Skolverket gives it out: {sheet: rows}, each with its headings."""
    book = Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def unit(code, name):
    posted = ("Box 1", "25189", "HELSINGBORG")
    return ("1283", "Helsingborg", code, name, *posted, "Strandgatan 3", "25221", "HELSINGBORG", "")


def test_skolverkets_workbook_is_read_with_all_its_sheets(helsingborg, skoldata):
    """As the file of 2020: a sheet for each type of school, and one of those who run them."""
    content = register(
        {
            "Grundskola": [REGISTER, unit("11111111", "Kustskolan")],
            "Gymnasieskola": [
                REGISTER,
                unit("11111111", "Kustskolan"),
                unit("22222222", "Hamngymnasiet"),
            ],
            "Huvudmän": [
                ("ORGANISATIONSNR", "NAMN", "POSTADRESS"),
                ("2120001157", "HELSINGBORGS KOMMUN", "BOX 1"),
            ],
        }
    )

    said = run(skoldata(content, "skolenhetsregistret.xlsx"), "--municipality", "1283")

    schools = Organisation.objects.order_by("name")
    assert [each.name for each in schools] == ["Hamngymnasiet", "Kustskolan"]
    assert {(each.address, each.postcode) for each in schools} == {("Strandgatan 3", "252 21")}
    assert "more than once" not in said


def test_a_place_with_both_is_a_school(helsingborg, skoldata):
    run(skoldata("name,source\nKustens förskola och skola,1283\nKustens förskola,1283\n"))

    assert dict(Organisation.objects.values_list("name", "type")) == {
        "Kustens förskola och skola": "school",
        "Kustens förskola": "preschool",
    }


def test_a_file_without_names_is_refused_with_the_columns_that_it_has(skoldata):
    with pytest.raises(SpreadsheetError) as refused:
        read_units(b"skolenhetskod;benamning\n11111111;Kustskolan\n")

    assert "skolenhetskod, benamning" in refused.value.problems[0]


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


@pytest.fixture
def commits(django_capture_on_commit_callbacks):
    return lambda: django_capture_on_commit_callbacks(execute=True)


@pytest.fixture
def administrator(client):
    user = SuperuserFactory()
    client.force_login(user)
    return user


def send(client, text=SKOLDATA, **fields):
    content = text if isinstance(text, bytes) else text.encode()
    return client.post(PAGE, {"file": SimpleUploadedFile("skoldata.csv", content), **fields})


def say(client, commits, action):
    """Answer the preview of the one file there is; returns the page that follows."""
    with commits():
        return client.post(f"{PAGE}{SchoolImport.objects.get().pk}/", {action: "1"}, follow=True)


def shown(client):
    return client.get(f"{PAGE}{SchoolImport.objects.get().pk}/")


def names():
    return set(Organisation.objects.values_list("name", flat=True))


def test_the_request_keeps_the_file_and_a_job_reads_it(client, helsingborg, administrator, commits):
    with commits() as jobs:
        answer = send(client, municipality=helsingborg.pk)
        assert SchoolImport.objects.get().state == "reading"
        assert SchoolImport.objects.get().rows == []

    assert len(jobs) == 1
    assert answer["Location"] == f"{PAGE}{SchoolImport.objects.get().pk}/"
    assert SchoolImport.objects.get().state == "read"


def test_the_page_looks_again_while_the_job_is_at_work(client, helsingborg, administrator):
    send(client, municipality=helsingborg.pk)

    page = shown(client).content.decode()

    assert 'data-reload="3"' in page
    assert "portal/js/reload" in page
    # Somebody who has left finds the way back.
    assert "skoldata.csv" in client.get(PAGE).content.decode()


def test_an_editor_sees_what_a_file_would_do_before_it_does_it(
    client, helsingborg, administrator, commits
):
    with commits():
        send(client, municipality=helsingborg.pk)
    assert "Åbyskolan" in shown(client).content.decode()
    assert not Organisation.objects.exists()

    say(client, commits, "import")

    assert names() == {"Åbyskolan", "Förskolan Kotten"}
    page = shown(client).content.decode()
    assert 'data-reload=""' in page
    assert "2 skolor och förskolor är nya" in page
    assert SchoolImport.objects.get().content is None


@pytest.mark.parametrize("content", [b"", b"{", b"colour;size\nred;1\n"])
def test_a_file_that_cannot_be_read_says_why(client, helsingborg, administrator, commits, content):
    with commits():
        answer = send(client, content or b" ", municipality=helsingborg.pk)
    assert answer.status_code == 302

    found = SchoolImport.objects.get()
    assert (found.state, bool(found.failure)) == ("failed", True)
    assert found.failure in shown(client).content.decode()
    assert PAGE in shown(client).content.decode()


def test_a_file_that_is_too_large_is_refused_at_once(client, administrator, commits):
    with commits() as jobs:
        answer = send(client, b"a" * (10 * 1024 * 1024 + 1))

    assert answer.status_code == 200
    assert "10 MB" in answer.content.decode()
    assert jobs == []
    assert not SchoolImport.objects.exists()


def test_who_sends_file_after_file_waits(client, helsingborg, administrator):
    answers = [send(client, municipality=helsingborg.pk).status_code for _each in range(21)]

    assert set(answers[:20]) == {302}
    assert answers[20] == 200
    assert SchoolImport.objects.count() == 20


def test_lost_jobs_are_taken_up_again_and_import_once(client, helsingborg, administrator, commits):
    long_ago = timezone.now() - timedelta(hours=1)
    send(client, municipality=helsingborg.pk)
    SchoolImport.objects.update(touched_at=long_ago)
    assert requeue_stalled_school_imports() == 1
    assert SchoolImport.objects.get().state == "read"

    client.post(f"{PAGE}{SchoolImport.objects.get().pk}/", {"import": "1"})
    assert not Organisation.objects.exists()
    SchoolImport.objects.update(touched_at=long_ago)
    assert requeue_stalled_school_imports() == 1
    assert requeue_stalled_school_imports() == 0

    assert names() == {"Åbyskolan", "Förskolan Kotten"}
    assert SchoolImport.objects.get().state == "done"
    import_units.call(SchoolImport.objects.get().pk)
    assert Organisation.objects.count() == 2


def test_throwing_it_away_imports_nothing(client, helsingborg, administrator, commits):
    with commits():
        send(client, municipality=helsingborg.pk)

    say(client, commits, "remove")

    assert not SchoolImport.objects.exists()
    assert not Organisation.objects.exists()


def test_a_coordinator_imports_into_the_own_municipality_only(client, helsingborg, commits):
    call_command("setup_portal", verbosity=0)
    elsewhere = MunicipalityFactory(name="Bjuv", code="1260")
    theirs = SchoolFactory(name="Bjuvskolan", municipality=elsewhere, school_unit_code="11111111")
    coordinator = UserFactory()
    give(coordinator, "coordinator", municipalities=[helsingborg])
    client.force_login(coordinator)

    with commits():
        send(
            client,
            "name,school_unit_code,municipality\n"
            "Åbyskolan,12345678,1283\n"
            "Nya Bjuv,22222222,1260\n"
            "Kapad,11111111,1283\n",
        )
    assert "Nya Bjuv" in shown(client).content.decode()
    say(client, commits, "import")

    assert Organisation.objects.get(name="Åbyskolan").municipality == helsingborg
    assert not Organisation.objects.filter(name__in=["Nya Bjuv", "Kapad"]).exists()
    theirs.refresh_from_db()
    assert theirs.name == "Bjuvskolan"


def test_whose_role_is_taken_before_the_job_runs_imports_nothing(client, helsingborg, commits):
    call_command("setup_portal", verbosity=0)
    coordinator = UserFactory()
    give(coordinator, "coordinator", municipalities=[helsingborg])
    client.force_login(coordinator)
    with commits():
        send(client, municipality=helsingborg.pk)
    client.post(f"{PAGE}{SchoolImport.objects.get().pk}/", {"import": "1"})
    assert SchoolImport.objects.get().state == "importing"

    coordinator.role_assignments.all().delete()
    import_units.call(SchoolImport.objects.get().pk)

    assert SchoolImport.objects.get().state == "done"
    assert not Organisation.objects.exists()


def test_a_preview_is_seen_and_confirmed_by_who_sent_the_file(
    client, helsingborg, administrator, commits
):
    with commits():
        send(client, municipality=helsingborg.pk)
    assert shown(client).status_code == 200
    client.force_login(SuperuserFactory())

    assert shown(client).status_code == 404
    with commits():
        client.post(f"{PAGE}{SchoolImport.objects.get().pk}/", {"import": "1"})

    assert SchoolImport.objects.get().state == "read"
    assert not Organisation.objects.exists()


def test_a_list_of_schools_goes_after_a_month(client, helsingborg, administrator):
    for days in (29, 31):
        SchoolImport.objects.create(
            created_by=administrator,
            file_name=f"{days}.csv",
            created_at=timezone.now() - timedelta(days=days),
        )

    apply_retention()

    assert SchoolImport.objects.get().file_name == "29.csv"


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
