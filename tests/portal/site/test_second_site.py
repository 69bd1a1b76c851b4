"""Another region on the same installation: its own name, look, contact and municipalities."""

import json

import pytest
from bs4 import BeautifulSoup
from django.conf import settings
from django.core import mail
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db.models.signals import post_save
from wagtail.models import Locale, Page, Site
from wagtail.models.sites import SITE_ROOT_PATHS_CACHE_KEY, SITE_ROOT_PATHS_CACHE_VERSION

from inspiration.lessons.models import LessonIdeaPage, LessonMaterial
from inspiration.pages.models import HomePage, InspirationIndexPage
from marketplace.municipalities.models import Municipality, ParticipationSettings
from marketplace.notifications.services import notify
from marketplace.wanted.models import WantedAd
from portal.foundation.site_settings.models import SiteSettings
from portal.site.terms.models import TermsVersion
from search.index.entries import refresh_all
from tests.conftest import sign_in_now
from tests.factories import (
    CategoryFactory,
    CompanyFactory,
    ImageFactory,
    ListingFactory,
    MembershipFactory,
    MunicipalityFactory,
    SchoolFactory,
    SuperuserFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("portal")]
OTHER = {"host": "aterbruk.vast.example"}


@pytest.fixture(autouse=True)
def sites(settings):
    """Two sites: ours with Klippan, and one in the west with Grästorp."""
    settings.ALLOWED_HOSTS = ["*"]
    ours = Site.objects.get(is_default_site=True)
    home = HomePage(
        title="Västbruk",
        slug="vast",
        heading="Västbruk",
        introduction="För väster.",
        locale=Locale.objects.get(language_code="sv"),
    )
    Page.get_first_root_node().add_child(instance=home)
    home.save_revision().publish()
    theirs = Site.objects.create(hostname=OTHER["host"], root_page=home)
    made = SiteSettings.for_site(theirs)
    made.name = "Västbruk"
    made.tagline = "Återbruk i väster."
    made.logo = ImageFactory(alt_text="Västbruks märke")
    made.accent_colour = "#5a2a6e"
    made.contact_name = "Vera i väster"
    made.contact_email = "vera@vast.example"
    made.save()
    for site, name in ((ours, "Klippan"), (theirs, "Grästorp")):
        taking_part = ParticipationSettings.for_site(site)
        taking_part.save()
        taking_part.municipalities.set([MunicipalityFactory(name=name, slug=name.lower())])
    return ours, theirs


def listing_in(name, title, category=None):
    company = CompanyFactory(municipality=Municipality.objects.get(name=name))
    listing = ListingFactory(
        title=title, organisation=company, category=category or CategoryFactory()
    )
    return listing


def text(response):
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def test_each_site_has_its_name_logo_colour_and_contact(client):
    theirs = text(client.get("/", headers=OTHER))
    ours = text(client.get("/"))

    assert theirs.title.get_text().endswith("Västbruk")
    assert theirs.select_one(".site-header__name img")
    assert "--accent: #5a2a6e" in str(theirs.head)
    assert "Återbruk i väster." in theirs.footer.get_text()
    assert theirs.footer.select_one("a[href='mailto:vera@vast.example']")
    assert "Västbruk" not in ours.get_text()
    assert "#5a2a6e" not in str(ours.head)


def test_each_site_installs_on_a_phone_under_its_own_name(client):
    assert client.get("/manifest.webmanifest", headers=OTHER).json()["name"] == "Västbruk"


def test_a_colour_that_cannot_be_read_is_refused(sites):
    settings = SiteSettings.for_site(sites[1])
    settings.accent_colour = "#ffd400"

    with pytest.raises(ValidationError, match="accent_colour"):
        settings.full_clean()


@pytest.mark.parametrize("path", ["/material/", "/sok/?q=spill"])
def test_each_site_finds_the_material_of_its_own_municipalities(client, path):
    listing_in("Klippan", "Spill från Klippan")
    listing_in("Grästorp", "Spill från Grästorp")
    refresh_all()

    theirs = text(client.get(path, headers=OTHER)).main.get_text()
    ours = text(client.get(path)).main.get_text()

    assert "Spill från Grästorp" in theirs
    assert "Spill från Klippan" not in theirs
    assert "Spill från Klippan" in ours
    assert "Spill från Grästorp" not in ours


@pytest.fixture(params=["database", pytest.param("elasticsearch", marks=pytest.mark.elasticsearch)])
def engine(request):
    if request.param == "elasticsearch":
        request.getfixturevalue("elasticsearch")
    return request.param


def test_each_site_finds_and_suggests_its_own_pages(client, sites, engine):
    for site, title in zip(sites, ("Kulbana i Klippan", "Kulbana i Grästorp"), strict=True):
        home = site.root_page.specific
        lessons = home.add_child(instance=InspirationIndexPage(title="Idéer", locale=home.locale))
        lesson = LessonIdeaPage(title=title, summary="Rör och tejp.", locale=home.locale)
        lessons.add_child(instance=lesson)
        lesson.save_revision().publish()
    refresh_all()
    call_command("search_rebuild", verbosity=0)

    for headers, own, other in (({}, "Klippan", "Grästorp"), (OTHER, "Grästorp", "Klippan")):
        page = client.get("/sok/?q=kulbana", headers=headers)
        suggested = client.get("/sok/forslag/?q=kulb", headers=headers).json()["suggestions"]

        assert page["X-Search-Engine"] == engine
        cards = [each.get_text() for each in text(page).select(".card__title")]
        assert cards == [f"Kulbana i {own}"]
        assert [each["text"] for each in suggested] == [f"Kulbana i {own}"]
        assert other not in " ".join(cards)


def test_a_word_leads_to_wanted_ads_of_the_sites_own_municipalities(client):
    for name in ("Klippan", "Grästorp"):
        school = SchoolFactory(municipality=Municipality.objects.get(name=name))
        ad = WantedAd(title=f"Garn till {name}", organisation=school, category=CategoryFactory())
        ad.tags.add("garn")
        ad.save()
    theirs = text(client.get("/tagg/garn/", headers=OTHER)).main.get_text()

    assert "Garn till Grästorp" in theirs
    assert "Garn till Klippan" not in theirs


def test_each_site_counts_the_effect_of_its_own_municipalities(client):
    theirs = text(client.get("/effekt/", headers=OTHER)).main.get_text()

    assert "Grästorp" in theirs
    assert "Klippan" not in theirs


def test_a_lesson_idea_shows_the_material_of_its_own_site(client, sites):
    category = CategoryFactory()
    listing_in("Klippan", "Rör från Klippan", category)
    listing_in("Grästorp", "Rör från Grästorp", category)
    home = sites[1].root_page
    lessons = home.add_child(instance=InspirationIndexPage(title="Idéer", locale=home.locale))
    lessons.save_revision().publish()
    lesson = LessonIdeaPage(title="Kulbana", locale=home.locale)
    lesson.materials = [LessonMaterial(category=category)]
    lessons.add_child(instance=lesson)
    lesson.save_revision().publish()

    shown = text(client.get("/ideer/kulbana/", headers=OTHER)).main.get_text()

    assert "Rör från Grästorp" in shown
    assert "Rör från Klippan" not in shown


def test_the_figures_of_the_start_page_are_of_its_own_municipalities(client):
    from datetime import date
    from decimal import Decimal

    from marketplace.exchange.handovers.facts import HandoverFacts
    from marketplace.exchange.handovers.services import record_handover
    from marketplace.municipalities.models import Municipality
    from tests.factories import SchoolFactory

    record_handover(
        listing=listing_in("Klippan", "Rör"),
        receiver=SchoolFactory(municipality=Municipality.objects.get(name="Klippan")),
        facts=HandoverFacts(
            quantity=1, mass_kg=Decimal(77), would_have_bought="yes", on=date(2026, 3, 5)
        ),
    )

    assert "77" in text(client.get("/")).select_one(".hero__figures").get_text()
    assert "77" not in text(client.get("/", headers=OTHER)).select_one(".hero__figures").get_text()


def test_a_page_without_a_picture_is_shared_with_the_portals_sign(client):
    shown = text(client.get("/", headers=OTHER))

    picture = shown.select_one("meta[property='og:image']")["content"]
    assert picture == f"http://{OTHER['host']}/static/portal/img/icon-512.png"


def test_a_page_without_a_picture_is_shared_with_the_sites_own(client, sites):
    settings = SiteSettings.for_site(sites[1])
    settings.social_picture = ImageFactory(alt_text="Ett torg i väster")
    settings.save()

    shown = text(client.get("/", headers=OTHER))

    assert len(shown.select("meta[property='og:image']")) == 1
    alt = shown.select_one("meta[property='og:image:alt']")["content"]
    assert alt == "Ett torg i väster"


def tell_somebody_in(name, django_capture_on_commit_callbacks):
    member = MembershipFactory(
        organisation=SchoolFactory(municipality=Municipality.objects.get(name=name))
    )
    with django_capture_on_commit_callbacks(execute=True):
        notify(
            users=[member.user],
            type="member_approved",
            key="a",
            organisation=member.organisation,
        )
    return mail.outbox[-1]


def test_mail_comes_from_the_site_of_who_reads_it(sites, django_capture_on_commit_callbacks):
    theirs = SiteSettings.for_site(sites[1])
    theirs.sender_email = "post@vast.example"
    theirs.save()

    west = tell_somebody_in("Grästorp", django_capture_on_commit_callbacks)
    ours = tell_somebody_in("Klippan", django_capture_on_commit_callbacks)

    assert west.from_email == '"Västbruk" <post@vast.example>'
    assert f"http://{OTHER['host']}/" in west.body
    assert "Återbruksportalen" not in west.body
    assert "localhost" not in west.body
    assert ours.from_email == settings.DEFAULT_FROM_EMAIL
    assert "Västbruk" not in ours.body
    assert OTHER["host"] not in ours.body


def test_each_site_has_its_own_terms(client, sites):
    TermsVersion.objects.create(number=1, text_sv="<p>Våra villkor</p>", text_en="<p>Ours</p>")
    before = text(client.get("/villkor/", headers=OTHER)).main.get_text()
    TermsVersion.objects.create(
        site=sites[1], number=1, text_sv="<p>Västs villkor</p>", text_en="<p>West</p>"
    )

    theirs = text(client.get("/villkor/", headers=OTHER)).main.get_text()
    ours = text(client.get("/villkor/")).main.get_text()

    assert "Våra villkor" in before
    assert "Västs villkor" in theirs
    assert "Våra villkor" not in theirs
    assert "Våra villkor" in ours
    assert "Västs villkor" not in ours


def test_new_terms_of_one_site_are_asked_for_there_only(client, sites):
    client.force_login(MembershipFactory(organisation=SchoolFactory()).user)
    assert client.get("/mitt/", headers=OTHER).status_code == 200
    TermsVersion.objects.create(
        site=sites[1], number=1, text_sv="<p>Västs villkor</p>", text_en="<p>West</p>"
    )

    assert client.get("/mitt/", headers=OTHER).url.startswith("/villkor/")
    assert client.get("/mitt/").status_code == 200


def test_a_site_offers_only_the_languages_that_were_chosen_for_it(client, sites):
    theirs = SiteSettings.for_site(sites[1])
    theirs.languages = ["sv"]
    theirs.save()

    assert not text(client.get("/material/", headers=OTHER)).select("a.language, [hreflang=en]")
    assert text(client.get("/material/")).select_one("a.language[hreflang=en]")


def form_of_a_site(**values):
    """What the form for a new site sends, as it is shown to begin with."""
    rich = json.dumps({"blocks": [{"key": "a", "text": "Villkor", "type": "unstyled", "depth": 0}]})
    place = MunicipalityFactory(name="Essunga", slug="essunga")
    return {
        "name": "Nordbruk",
        "address": "nord.example",
        "languages": ["sv", "en"],
        "municipalities": [place.pk],
        "terms_sv": rich,
        "terms_en": rich,
    } | values


@pytest.fixture
def administrator(client, settings):
    settings.ADMIN_REQUIRES_MFA = False
    sign_in_now(client, SuperuserFactory())
    return client


def test_a_site_that_was_started_in_the_admin_stands_with_its_content(administrator, client):
    administrator.post("/admin/ny-webbplats/", form_of_a_site())

    north = {"host": "nord.example"}
    site = Site.objects.get(hostname="nord.example")
    assert text(client.get("/", headers=north)).title.get_text().endswith("Nordbruk")
    assert "Essunga" in text(client.get("/om/", headers=north)).main.get_text()
    assert "Villkor" in text(client.get("/villkor/", headers=north)).main.get_text()
    assert client.get("/en/kontakt/", headers=north).status_code == 200
    chosen = ParticipationSettings.for_site(site).municipalities
    assert [each.name for each in chosen.all()] == ["Essunga"]


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("address", f"{OTHER['host']}:80", "finns redan en webbplats"),
        ("address", "http://nord.example/", "bara domännamnet"),
        ("accent_colour", "#ffd400", "Välj en mörkare"),
        ("languages", ["en"], "svenska måste vara med"),
        ("name", "", "måste"),
    ],
)
def test_a_site_that_cannot_stand_is_not_started(administrator, field, value, said):
    before = Site.objects.count()

    answer = administrator.post("/admin/ny-webbplats/", form_of_a_site(**{field: value}))

    assert said in text(answer).get_text()
    assert Site.objects.count() == before


def test_a_page_asked_for_while_a_site_is_started_takes_nothing_from_it(
    administrator, client, django_capture_on_commit_callbacks
):
    """Another request fills Wagtail's cache of sites with those that it sees, which are the old."""
    before = Site.get_site_root_paths()
    key, version = SITE_ROOT_PATHS_CACHE_KEY, SITE_ROOT_PATHS_CACHE_VERSION

    def ask_meanwhile(instance, **kwargs):
        if isinstance(instance, Page | Site):
            cache.set(key, before, version=version)

    post_save.connect(ask_meanwhile)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            administrator.post("/admin/ny-webbplats/", form_of_a_site())
    finally:
        post_save.disconnect(ask_meanwhile)

    site = Site.objects.get(hostname="nord.example")
    assert site.root_page.get_site() == site
    about = text(client.get("/om/", headers={"host": "nord.example"})).main.get_text()
    assert "Klippan" not in about


def test_no_site_loses_its_last_municipality_to_a_new_one(administrator):
    klippan = Municipality.objects.get(name="Klippan")

    form = form_of_a_site(municipalities=[klippan.pk])
    answer = administrator.post("/admin/ny-webbplats/", form)

    assert "Ingen kommun skulle bli kvar" in text(answer).get_text()
    assert not Site.objects.filter(hostname="nord.example").exists()
