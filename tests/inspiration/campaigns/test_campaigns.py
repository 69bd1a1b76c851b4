"""Campaigns: what they count, what is shown before, during and after, and who takes part."""

import io
from datetime import timedelta
from decimal import Decimal

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.text import slugify
from PIL import Image
from pypdf import PdfReader
from wagtail.models import Locale

from inspiration.campaigns.channels import CampaignChannel, ChannelVisits
from inspiration.campaigns.models import CampaignPage
from inspiration.campaigns.services import (
    add_handovers,
    results,
    shown_participants,
    take_part,
)
from inspiration.newsletter.models import Newsletter, Subscriber
from inspiration.pages.models import HomePage, InspirationIndexPage
from marketplace.exchange.handovers.services import confirm_handover, correct_handover
from marketplace.exchange.reservations.services import accept_reservation
from marketplace.listings.models import MaterialListing
from marketplace.organisations.merging.services import merge_organisations
from marketplace.organisations.models import Organisation
from tests.factories import (
    CategoryFactory,
    CompanyFactory,
    ImageFactory,
    ListingFactory,
    MembershipFactory,
    MunicipalityFactory,
    ReservationFactory,
    SchoolFactory,
    SuperuserFactory,
    UserFactory,
    give,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("portal")]


def today(days=0):
    return timezone.localdate() + timedelta(days=days)


@pytest.fixture
def site(db):
    home = HomePage.objects.get()
    return home.add_child(
        instance=InspirationIndexPage(title="Kampanjer", slug="kampanjer", locale=home.locale)
    )


@pytest.fixture
def campaign(site):
    """A function that makes a published campaign."""

    def make(
        *,
        title="Kartong blir kalas",
        starts=-3,
        ends=10,
        categories=(),
        municipalities=(),
        **fields,
    ):
        page = CampaignPage(
            title=title,
            slug=slugify(title),
            summary="Vi samlar kartong.",
            starts_on=today(starts),
            ends_on=today(ends),
            locale=site.locale,
            **{"goal": 100} | fields,
        )
        page.categories = categories
        page.municipalities = municipalities
        site.add_child(instance=page)
        page.save_revision().publish()
        return CampaignPage.objects.get(pk=page.pk)

    return make


def translated(page):
    english = Locale.objects.get(language_code="en")
    for parent in [*page.get_ancestors().filter(depth__gt=1), page]:
        if not parent.has_translation(english):
            copy = parent.specific.copy_for_translation(english)
            copy.save_revision().publish()
    return page.get_translation(english)


def handed_over(*, kg, day=None, category=None, municipality=None, listing=None):
    extra = {"municipality": municipality} if municipality else {}
    listing = listing or ListingFactory(**({"category": category} if category else {}))
    reservation = ReservationFactory(listing=listing, organisation=SchoolFactory(**extra))
    accept_reservation(reservation=reservation, by=UserFactory())
    return confirm_handover(
        reservation=reservation,
        by=UserFactory(),
        quantity=2,
        mass_kg=Decimal(kg),
        would_have_bought="yes",
        on=day or today(),
    )


# --- What counts ----------------------------------------------------------------------------------


def test_progress_counts_handovers_in_the_period_places_and_categories(campaign):
    here, papp = MunicipalityFactory(), CategoryFactory(name="Papp")
    wellpapp = CategoryFactory(name="Wellpapp", parent=papp)
    page = campaign(categories=[papp], municipalities=[here])
    handed_over(kg="12.5", category=papp, municipality=here)
    handed_over(kg="30", category=wellpapp, municipality=here)
    handed_over(kg="7", category=papp)
    handed_over(kg="7", municipality=here)
    handed_over(kg="7", category=papp, municipality=here, day=today(-4))

    progress = page.progress()

    assert (progress.kg, progress.handovers, progress.percent) == (Decimal("42.5"), 2, 42)


def test_a_correction_moves_the_progress_at_once(campaign):
    page = campaign()
    handover = handed_over(kg="150")
    assert page.progress().reached

    correct_handover(
        handover=handover, by=UserFactory(), reason="Wrong scale", quantity=2, mass_kg=Decimal(40)
    )

    assert (page.progress().kg, page.progress().handovers) == (Decimal(40), 1)
    assert not page.progress().reached


def test_a_campaign_may_count_handovers(campaign):
    page = campaign(measure="handovers", goal=2)
    handed_over(kg="1")

    assert page.progress().percent == 50


# --- Before, during, after ------------------------------------------------------------------------


def test_before_it_starts_it_says_when_and_asks_to_sign_up(client, campaign):
    page = campaign(starts=5, ends=20)

    shown = client.get(page.url).content.decode()

    assert "Börjar snart" in shown
    assert "Den börjar om 5 dagar" in shown
    assert "<progress" not in shown
    assert "Logga in för att anmäla er organisation" in shown


def test_while_it_runs_it_shows_progress_material_and_the_way_to_offer(client, campaign):
    page = campaign()
    handed_over(kg="40")
    listing = ListingFactory(title="Papprör att hämta")

    shown = client.get(page.url).content.decode()

    assert "40 % av 100" in shown
    assert listing.title in shown
    assert 'href="/material/erbjud/"' in shown
    assert "11 dagar kvar" in shown


def test_when_it_is_over_the_result_stands_instead_of_the_call(client, campaign):
    page = campaign(starts=-30, ends=-2, result="<p>Vi klarade det!</p>")
    handed_over(kg="140", day=today(-5))

    shown = client.get(page.url).content.decode()

    assert "Vi klarade det!" in shown
    assert "Målet nåddes" in shown
    assert "Anmäl er" not in shown
    assert "Länk att dela" not in shown


def test_an_english_page_says_the_same_in_english(client, campaign):
    page = translated(campaign())

    shown = client.get(page.url).content.decode()

    assert page.url.startswith("/en/")
    assert "Going on now" in shown
    assert "Poster to print" in shown


def test_nobody_adds_an_organisation_that_is_not_approved(client, campaign):
    client.force_login(SuperuserFactory())
    path = "/admin/snippets/inspiration/campaignparticipant/add/"
    page = campaign()
    waiting, approved = CompanyFactory(approval="pending"), CompanyFactory()
    statuses = [
        client.post(path, {"campaign": page.pk, "organisation": each.pk}).status_code
        for each in (waiting, approved)
    ]

    assert statuses == [200, 302]
    assert shown_participants(page) == [approved]


def test_taking_part_follows_when_organisations_are_merged(campaign):
    page = campaign()
    gone, kept = CompanyFactory.create_batch(2)
    take_part(campaign=page, organisation=gone, by=UserFactory())

    merge_organisations(organisation=gone, into=kept)

    assert shown_participants(page) == [kept]
    assert page.participants.get().organisation == kept


def test_two_that_took_part_and_are_merged_take_part_once(campaign):
    page = campaign()
    gone, kept = CompanyFactory.create_batch(2)
    channel = page.channels.first()
    take_part(campaign=page, organisation=gone, by=UserFactory(), channel=channel)
    take_part(campaign=page, organisation=kept, by=UserFactory())

    merge_organisations(organisation=gone, into=kept)

    participant = page.participants.get()
    assert (participant.organisation, participant.channel) == (kept, channel)


def test_the_page_takes_the_same_number_of_queries_whoever_takes_part(client, campaign):
    page = campaign()
    take_part(campaign=page, organisation=CompanyFactory(), by=UserFactory())
    ListingFactory()
    client.get(page.url)
    with CaptureQueriesContext(connection) as few:
        client.get(page.url)
    for _number in range(5):
        take_part(campaign=page, organisation=CompanyFactory(), by=UserFactory())
        handed_over(kg="1")

    with CaptureQueriesContext(connection) as many:
        client.get(page.url)

    assert len(many) <= len(few) + 3  # more cards up to four, never one per row


# --- Taking part ----------------------------------------------------------------------------------


def post(client, page, **data):
    return client.post(f"{page.url}delta/", data, follow=True)


def test_a_member_signs_the_organisation_up_and_withdraws_it(client, campaign):
    page, elsewhere = campaign(), campaign(title="Tyg blir kalas")
    company, other = CompanyFactory(name="Rör & Hylsor AB"), CompanyFactory()
    page.participants.create(organisation=other)
    elsewhere.participants.create(organisation=company)
    client.force_login(
        MembershipFactory(organisation=company).user,
        backend="django.contrib.auth.backends.ModelBackend",
    )

    shown = post(client, page, organisation=company.pk, action="join").content.decode()
    assert "Rör &amp; Hylsor AB är med" in shown
    assert page.participants.filter(organisation=company).exists()
    post(client, page, organisation=company.pk, action="join")
    assert page.participants.count() == 2

    post(client, page, organisation=company.pk, action="withdraw")
    assert page.participants.get().organisation == other
    assert elsewhere.participants.exists()


def test_nobody_signs_up_an_organisation_of_others(client, campaign):
    page = campaign()
    client.force_login(
        MembershipFactory().user, backend="django.contrib.auth.backends.ModelBackend"
    )

    response = client.post(
        f"{page.url}delta/", {"organisation": CompanyFactory().pk, "action": "join"}
    )

    assert response.status_code == 403
    assert not page.participants.exists()


def test_a_visitor_is_asked_to_sign_in_first(client, campaign):
    page = campaign()

    response = client.post(f"{page.url}delta/", {"organisation": CompanyFactory().pk})

    assert response.status_code == 302
    assert response.url.startswith("/konto/")


def test_both_languages_are_one_campaign(client, campaign):
    page = campaign()
    company = CompanyFactory()
    client.force_login(
        MembershipFactory(organisation=company).user,
        backend="django.contrib.auth.backends.ModelBackend",
    )

    post(client, translated(page), organisation=company.pk, action="join")

    assert page.participants.get().organisation == company
    assert company.name in client.get(page.url).content.decode()


def test_an_organisation_that_waits_for_approval_is_not_named_yet(client, campaign):
    page = campaign()
    waiting = CompanyFactory(approval=Organisation.Approval.PENDING)
    take_part(campaign=page, organisation=waiting, by=UserFactory())

    assert waiting.name not in client.get(page.url).content.decode()


def test_nobody_joins_what_is_over(client, campaign):
    page = campaign(starts=-9, ends=-1)
    company = CompanyFactory()
    client.force_login(
        MembershipFactory(organisation=company).user,
        backend="django.contrib.auth.backends.ModelBackend",
    )

    post(client, page, organisation=company.pk, action="join")

    assert not page.participants.exists()


# --- Links ----------------------------------------------------------------------------------------


def visits_of(channel):
    return sum(day.visits for day in channel.days.all())


@pytest.fixture
def link(campaign):
    """(a campaign, one of its links)."""
    page = campaign()
    return page, page.channels.get(type="poster")


def test_a_new_campaign_has_a_link_for_poster_newsletter_and_sharing(campaign):
    page = campaign()
    english = translated(page)

    assert set(page.channels.values_list("type", flat=True)) == {"poster", "newsletter", "social"}
    assert not english.channels.exists()


def test_openings_are_counted_per_day_without_a_cookie(client, link):
    page, channel = link

    first = client.get(f"{page.url}?k={channel.code}")
    client.get(f"{translated(page).url}?k={channel.code.upper()}")

    assert not first.cookies
    assert ChannelVisits.objects.get().visits == 2
    assert {field.name for field in ChannelVisits._meta.fields} == {
        "id",
        "channel",
        "day",
        "visits",
    }


@pytest.mark.parametrize(
    "headers",
    [
        {"User-Agent": "Mozilla/5.0 (compatible; Googlebot/2.1)"},
        {"Sec-Purpose": "prefetch;prerender"},
    ],
)
def test_machines_are_not_counted(client, link, headers):
    page, channel = link

    client.get(f"{page.url}?k={channel.code}", headers=headers)
    client.head(f"{page.url}?k={channel.code}")

    assert visits_of(channel) == 0


def test_unknown_codes_are_ignored(client, link):
    page, _channel = link

    for code in ("nope", "x" * 500, "'; --"):
        assert client.get(page.url, {"k": code}).status_code == 200

    assert not ChannelVisits.objects.exists()


def answers():
    return {
        "title": "Papprör",
        "description": "Stadiga",
        "category": CategoryFactory().pk,
        "condition": "good",
        "quantity": "12",
        "unit": "kartong",
        "kg_per_unit": "0,5",
        "splittable": "on",
        "recurrence": "none",
        "pickup_address": "Hamngatan 1",
        "pickup_town": "Helsingborg",
        "contact_name": "Kim Ek",
        "contact_phone": "070-174 06 05",
        "made_for": "children",
        "treatment": "none",
        "dust_or_smell": "none",
        "loose_parts": "none",
        "heat_or_food": "not_made_for_it",
        "send": "1",
    }


def test_the_code_goes_with_the_visitor_from_the_poster_to_the_handover(client, link):
    page, channel = link
    company = CompanyFactory(trusted=True)
    shown = client.get(f"{page.url}?k={channel.code}").content.decode()
    assert f"/material/erbjud/?k={channel.code}" in shown
    form = client.get(f"/material/erbjud/?k={channel.code}").content.decode()
    assert f'<input type="hidden" name="k" value="{channel.code}">' in form

    # Signed out, the offer is kept; signed in, it is shown again and sent.
    data = answers() | {"k": channel.code}
    kept = client.post("/material/erbjud/", data)
    assert kept.status_code == 302
    client.force_login(
        MembershipFactory(organisation=company).user,
        backend="django.contrib.auth.backends.ModelBackend",
    )
    restored = client.get("/material/erbjud/").content.decode()
    assert f'name="k" value="{channel.code}"' in restored
    client.post("/material/erbjud/", data)
    listing = MaterialListing.objects.get()
    handed_over(kg="5", listing=listing)
    row = add_handovers(CampaignChannel.objects.with_results().filter(pk=channel.pk))[0]

    assert (row.visits, row.offered, row.handovers, row.handed_kg) == (1, 1, 1, Decimal(5))


# --- Poster and picture ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "words"), [("sv", "Skanna koden för att vara med"), ("en", "Scan and take part")]
)
def test_the_poster_is_one_a4_page_in_the_language_of_the_campaign(
    client, campaign, language, words
):
    page = campaign(cover=ImageFactory())
    page = translated(page) if language == "en" else page

    response = client.get(f"{page.url}affisch/")

    assert response["Content-Type"] == "application/pdf"
    (sheet,) = PdfReader(io.BytesIO(response.content)).pages
    assert [round(float(side)) for side in sheet.mediabox[2:]] == [595, 842]
    assert words in " ".join(sheet.extract_text().split())
    assert page.title in " ".join(sheet.extract_text().split())
    assert "max-age" in response["Cache-Control"]


def test_the_qr_code_holds_the_posters_own_link(client, link):
    page, channel = link

    response = client.get(f"{page.url}affisch/")

    assert links(response.content) == [f"{page.full_url}?k={channel.code}"]
    other = CampaignChannel.objects.create(campaign=page, name="Bibliotek", code="bibliotek")
    poster = client.get(f"{page.url}affisch/?k={other.code}").content
    assert links(poster) == [f"{page.full_url}?k=bibliotek"]
    assert visits_of(other) == 0


def links(pdf):
    """Where the links of the first page lead, each once."""
    notes = [note.get_object() for note in PdfReader(io.BytesIO(pdf)).pages[0]["/Annots"]]
    return sorted({note["/A"]["/URI"] for note in notes})


@pytest.mark.parametrize("title", ["Nu", "Ordningsvaktsuniformsutlottningar " * 5])
def test_any_title_fits_on_poster_and_picture(client, campaign, title):
    page = campaign()
    page.title = title.strip()
    page.summary = "Mycket text. " * 20
    page.save()

    assert client.get(f"{page.url}affisch/").status_code == 200
    assert client.get(f"{page.url}bild/").status_code == 200


def test_the_shared_picture_is_a_png_of_the_size_that_is_asked_for(client, campaign):
    page = campaign(cover=ImageFactory())

    response = client.get(f"{page.url}bild/")
    shown = client.get(page.url).content.decode()

    image = Image.open(io.BytesIO(response.content))
    assert (response["Content-Type"], image.format, image.size) == ("image/png", "PNG", (1200, 630))
    assert f'<meta property="og:image" content="{page.full_url}bild/">' in shown


def test_a_chosen_picture_is_shared_instead(client, campaign):
    page = campaign(social_picture=ImageFactory())

    image = Image.open(io.BytesIO(client.get(f"{page.url}bild/").content))

    assert image.getpixel((5, 5))[:3] == pytest.approx((181, 101, 29), abs=6)


# --- In the admin ---------------------------------------------------------------------------------


@pytest.fixture
def communicator(client, site):
    user = UserFactory()
    give(user, "communicator")
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return user


def test_a_draft_has_a_poster_in_the_admin_only(client, campaign, communicator):
    page = campaign()
    page.unpublish()

    assert client.get(f"/admin/kampanjer/{page.pk}/affisch/").content.startswith(b"%PDF")
    client.logout()
    assert client.get(f"/admin/kampanjer/{page.pk}/affisch/").status_code == 302


def test_the_editor_page_shows_posters_and_links(client, campaign, communicator):
    page = campaign()

    shown = client.get(f"/admin/pages/{page.pk}/edit/").content.decode()

    assert f"/admin/kampanjer/{page.pk}/affisch/" in shown
    for channel in page.channels.all():
        assert channel.code in shown


def test_a_communicator_makes_a_link_with_a_code_of_its_own(client, campaign, communicator):
    page = campaign()

    response = client.post(
        "/admin/snippets/inspiration/campaignchannel/add/",
        {"campaign": page.pk, "type": "other", "name": "Brev", "code": "brev-26"},
    )

    assert response.status_code == 302
    assert CampaignChannel.objects.get(code="brev-26").link == f"{page.full_url}?k=brev-26"


def test_the_list_of_links_leads_to_each_and_filters_by_campaign(client, campaign, communicator):
    page = campaign()
    other = translated(page)
    channel = page.channels.first()

    shown = BeautifulSoup(
        client.get("/admin/snippets/inspiration/campaignchannel/").content, "html.parser"
    )

    assert shown.select_one(f"main a[href$='/campaignchannel/edit/{channel.pk}/']")
    offered = {each["value"] for each in shown.select("[name=campaign] option")}
    assert str(page.pk) in offered
    assert str(other.pk) not in offered


def test_a_campaign_is_for_categories_in_the_main_language(client, campaign, communicator):
    page = campaign()
    swedish = CategoryFactory()
    english = swedish.copy_for_translation(Locale.objects.get(language_code="en"))
    english.save()

    shown = BeautifulSoup(client.get(f"/admin/pages/{page.pk}/edit/").content, "html.parser")

    offered = {each["value"] for each in shown.select("[name=categories] option")}
    assert str(swedish.pk) in offered
    assert str(english.pk) not in offered


def rows_of(client, address):
    from openpyxl import load_workbook

    content = b"".join(client.get(f"{address}?export=xlsx").streaming_content)
    return list(load_workbook(io.BytesIO(content)).active.values)


def test_the_report_on_links_is_exported(client, link, communicator):
    _page, channel = link
    ChannelVisits.objects.create(channel=channel, day=today(-1), visits=7)
    ChannelVisits.objects.create(channel=channel, day=today(), visits=2)

    heading, *rows = rows_of(client, "/admin/reports/kampanjlankar/")

    row = next(dict(zip(heading, each, strict=True)) for each in rows if channel.code in each)
    assert row["Besök"] == 9
    assert client.get("/admin/reports/kampanjlankar/").status_code == 200


def table_of(response):
    """{heading: cell} of the first row of a list in the admin."""
    table = BeautifulSoup(response.content, "html.parser").select_one("table.listing")
    headings = [each.get_text(" ", strip=True) for each in table.select("thead th")]
    cells = [each.get_text(" ", strip=True) for each in table.select("tbody tr:first-child > td")]
    return dict(zip(headings, cells, strict=True))


def test_the_report_on_campaigns_is_exported(client, campaign, communicator):
    page = campaign()
    translated(page)
    handed_over(kg="30.4")
    take_part(campaign=page, organisation=CompanyFactory(), by=UserFactory())

    heading, *rows = rows_of(client, "/admin/reports/kampanjer/")

    assert len(rows) == 1
    row = dict(zip(heading, rows[0], strict=True))
    assert (row["Mål"], row["kg"], row["Anmälda"]) == (100, 30.4, 1)
    listed = table_of(client.get("/admin/reports/kampanjer/"))
    # On the page as people say it, in the file to the gram.
    assert (listed["Kampanj"], listed["Uppnått"]) == (page.title, "30")


def test_those_who_take_part_are_exported(client, campaign, communicator):
    page = campaign()
    take_part(campaign=page, organisation=CompanyFactory(name="Hylsor AB"), by=communicator)

    response = client.get("/admin/snippets/inspiration/campaignparticipant/?export=csv")

    assert b"Hylsor AB" in b"".join(response.streaming_content)


def test_coordinators_have_no_campaign_reports(client, site):
    user = UserFactory()
    give(user, "coordinator")
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")

    assert client.get("/admin/reports/kampanjlankar/").status_code == 302
    assert client.get("/admin/snippets/inspiration/campaignparticipant/").status_code == 302


# --- Results for others ---------------------------------------------------------------------------


def test_results_are_one_row_per_campaign_in_the_language_asked_for(campaign):
    page = campaign()
    english = translated(page)
    handed_over(kg="25")
    take_part(campaign=page, organisation=CompanyFactory(), by=UserFactory())

    (result,) = results("en")

    assert result.page == english
    assert (result.progress.kg, result.participants) == (Decimal(25), 1)


def test_a_draft_with_several_places_and_materials_is_kept_and_published(campaign):
    places = [MunicipalityFactory(name=name) for name in ("Örkelljunga", "Klippan")]
    page = campaign(municipalities=places, categories=[CategoryFactory(), CategoryFactory()])

    page.municipalities = places
    page.save_revision().publish()

    page = CampaignPage.objects.get(pk=page.pk)
    assert {each.name for each in page.municipalities.all()} == {"Örkelljunga", "Klippan"}
    assert page.categories.count() == 2


# --- The communicator's first page ----------------------------------------------------------------


def test_communicators_see_how_far_campaigns_and_the_newsletter_have_come(client, campaign):
    campaign()
    campaign(title="Tyg i maj", starts=5)
    handed_over(kg="42.5")
    newsletter = Newsletter.objects.create(name="November", started_at=timezone.now())
    Subscriber.objects.create(email="a@example.org", consent="Ja", confirmed_at=timezone.now())
    client.force_login(give(UserFactory(), "communicator"))

    shown = BeautifulSoup(client.get("/admin/").content, "html.parser")
    cards = {
        card.h3.get_text(strip=True): card.get_text(" ", strip=True).replace("\xa0", " ")
        for card in shown.select(".portal-card")
    }

    assert cards["Kampanjer"].startswith("Kampanjer 1 kampanj pågår Kartong blir kalas 42 %")
    assert "Tyg i maj om 5 dagar" in cards["Kampanjer"]
    assert cards["Nyhetsbrev"].startswith("Nyhetsbrev 1 läsare November Skickas")
    assert shown.find("a", href=f"/admin/nyhetsbrev/{newsletter.pk}/")


def test_editors_are_not_shown_the_communicators_cards(client, campaign):
    campaign()
    client.force_login(give(UserFactory(), "editor"))

    shown = client.get("/admin/").content.decode()

    assert "Månadens vikt" in shown
    assert "Kartong blir kalas" not in shown
