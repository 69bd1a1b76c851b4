"""What a page shows alike to everybody is made once for all who are signed in."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import Site

from inspiration.pages.models import ArticlePage, HomePage
from marketplace.listings.models import MaterialListing
from portal.foundation.site_settings.models import SiteSettings
from tests.browser.conftest import set_up_portal
from tests.factories import ListingFactory, MembershipFactory, SchoolFactory, UserFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def portal(transactional_db, kept):
    set_up_portal()
    ListingFactory(title="Papprör", stock__offered=10)


@pytest.fixture
def home():
    home = HomePage.objects.get(locale__language_code="sv")
    home.sections = [("material", {"title": "Nytt", "listing": None, "category": None})]
    home.save_revision().publish()
    return home


@pytest.fixture
def article(home):
    body = [("material", {"title": "Prova", "listing": None, "category": None})]
    return home.add_child(instance=ArticlePage(title="Om rör", slug="om-ror", body=body))


def signed_in(user=None):
    client = Client()
    client.force_login(user or MembershipFactory(organisation=SchoolFactory()).user)
    return client


def text(client, url):
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def inner(page, name):
    return re.search(rf"<{name}\b.*</{name}>", page, re.S)[0]


def queries(client, url):
    with CaptureQueriesContext(connection) as asked:
        text(client, url)
    return len(asked)


@pytest.mark.parametrize("path", ["/", "/effekt/"])
def test_the_next_who_is_signed_in_costs_less(home, path):
    first, second = signed_in(), signed_in()
    # The first look of a process and of a person makes what each needs once.
    for client in (Client(), first, second):
        text(client, "/sok/")
        text(client, "/material/")

    made, shared = queries(first, path), queries(second, path)

    assert shared < made


@pytest.mark.parametrize("path", ["/", "/effekt/", "/effekt/?period=ar", "/om-ror/"])
def test_everybody_reads_the_same_and_finds_their_own_way_in(article, path):
    admin = UserFactory(is_superuser=True, is_staff=True)
    staff, teacher, visitor = signed_in(admin), signed_in(), Client()

    pages = [text(client, path) for client in (staff, teacher, visitor, teacher)]

    parts = {(inner(page, "main"), inner(page, "footer")) for page in pages}
    assert len(parts) == 1
    assert ["wagtail-userbar" in page for page in pages] == [True, False, False, False]
    assert ['href="/konto/login/' in page for page in pages] == [False, False, True, False]


def test_a_change_is_seen_at_once_by_those_who_are_signed_in(home):
    teacher = signed_in()
    assert "Papprör" in text(teacher, "/")

    MaterialListing.objects.update(title="Garn")

    assert "Garn" in text(teacher, "/")


def test_each_reads_their_own_language(home):
    teacher = signed_in()

    assert "Användarvillkor" in inner(text(teacher, "/"), "footer")
    assert "Terms of use" in inner(text(teacher, "/en/"), "footer")


def test_another_period_has_other_figures():
    teacher = signed_in()

    assert 'value="egen" selected' not in text(teacher, "/effekt/")
    chosen = "/effekt/?period=egen&fran=2026-01-01&till=2026-01-02"
    assert 'value="egen" selected' in text(teacher, chosen)


def test_an_editor_tries_a_start_page_without_showing_it_to_others(home):
    editor = signed_in(UserFactory(is_superuser=True, is_staff=True))
    assert "Nytt</h2>" in text(editor, "/")
    preview = f"/admin/pages/{home.pk}/edit/preview/"
    form = editor.get(f"/admin/pages/{home.pk}/edit/").context["form"]
    posted = {
        name: "" if value is None else value
        for name, value in form.initial.items()
        if isinstance(value, str | int | None)
    }
    posted |= {"sections-count": "0", "heading": "Ett utkast"}

    assert editor.post(preview, posted).json()["is_valid"]
    shown = editor.get(preview, {"mode": ""}).content.decode()

    assert "Ett utkast" in shown
    assert "Ett utkast" not in text(editor, "/")
    assert "Ett utkast" in editor.get(preview, {"mode": ""}).content.decode()


def test_whose_site_it_is_is_kept_and_asked_for_once():
    client = signed_in()
    # The very first page may make settings, which is a change.
    text(client, "/")
    text(client, "/")

    with CaptureQueriesContext(connection) as asked:
        assert client.get("/").status_code == 200

    tables = [each["sql"].partition(" FROM ")[2].split()[0].strip('"') for each in asked]
    assert tables.count("portal_contentversion") == 1
    assert not {"wagtailcore_site", "portal_sitesettings"}.intersection(tables)


def test_another_name_of_the_site_is_seen_at_once():
    client = signed_in()
    assert "Återbrukshyllan" not in text(client, "/")
    own = SiteSettings.for_site(Site.objects.get(is_default_site=True))
    own.name = "Återbrukshyllan"
    own.save()

    assert "Återbrukshyllan" in text(client, "/")


def test_each_host_has_its_own_site(settings):
    settings.ALLOWED_HOSTS = ["testserver", "ystad.example"]
    client = signed_in()
    home = Site.objects.get(is_default_site=True).root_page
    site = Site.objects.create(hostname="ystad.example", root_page=home, site_name="Ystad")
    own = SiteSettings.for_site(site)
    own.name = "Återbruk Ystad"
    own.save()
    client.get("/")

    elsewhere = client.get("/", headers={"host": "ystad.example"}).content.decode()

    assert "Återbruk Ystad" in elsewhere
    assert "Återbruk Ystad" not in text(client, "/")
