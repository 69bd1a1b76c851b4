"""Every PDF that the site serves is tagged, titled and readable, in both languages."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.urls import get_resolver
from django.utils import timezone
from wagtail.models import Locale
from wagtail.users.models import UserProfile

from inspiration.campaigns.models import CampaignPage
from inspiration.lessons.kits.models import LessonKit
from inspiration.lessons.models import LessonIdeaPage, LessonMaterial
from inspiration.pages.models import HomePage, InspirationIndexPage
from marketplace.exchange.handovers.facts import HandoverFacts
from marketplace.exchange.handovers.services import record_handover
from marketplace.exchange.reservations.services import accept_reservation
from marketplace.hubs.cards import make_card
from marketplace.hubs.models import Hub
from marketplace.hubs.services import open_shelf
from marketplace.ideas.models import Idea, IdeaPhoto, IdeaProgress
from marketplace.organisations.models import Membership
from marketplace.transport.models import Carrier, Round, Run, Shipment, Stop, Tour
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
)
from tests.printed import alternatives, assert_accessible, elements, read, words

pytestmark = pytest.mark.django_db
WRITTEN = "Papprör från Łódź, тубы, مرحبا, ½ ≈ ♻"
NAMES = {
    ("labels", "sv"): "Etiketter",
    ("labels", "en"): "Labels",
    ("statement", "sv"): "Effektredovisning 2026, Furan мебель AB",
    ("statement", "en"): "Effect statement 2026, Furan мебель AB",
    ("yearly report", "sv"): "Återbruk i Klippan 2026",
    ("yearly report", "en"): "Reuse in Klippan 2026",
    ("poster", "sv"): WRITTEN,
    ("shelves", "sv"): "Etiketter",
    ("card", "en"): "Cards",
    ("day of transport", "sv"): "Vaktmästeriet тубы, tisdag 8 december 2026",
    ("lesson idea", "sv"): WRITTEN,
    ("lesson idea", "en"): WRITTEN,
    ("plan of a kit", "sv"): WRITTEN,
    ("plan of a kit", "en"): WRITTEN,
}


@pytest.fixture
def company():
    return CompanyFactory(name="Furan мебель AB")


@pytest.fixture
def klippan(company):
    """A municipality whose school made something of what the company gave."""
    municipality = MunicipalityFactory(name="Klippan", slug="klippan", code="1276")
    listing = ListingFactory(organisation=company, title=WRITTEN)
    handover = record_handover(
        listing=listing,
        receiver=SchoolFactory(municipality=municipality, name="Björkskolan"),
        facts=HandoverFacts(quantity=1, mass_kg=Decimal(40), on=date(2026, 5, 5)),
    )
    idea = Idea(
        handover=handover,
        type=Idea.Type.MADE,
        title="Kulbanan\x0b ½",
        text="Vi byggde en kulbana som går runt hela klassrummet och ut genom dörren.",
        age_group=Idea.AgeGroup.F_3,
        signed="2B",
        live=True,
        created_at=datetime(2026, 5, 8, 8, tzinfo=UTC),
    )
    idea.photos.set([IdeaPhoto(image=ImageFactory(alt_text="En kulbana av papprör"))])
    idea.save()
    IdeaProgress.objects.create(idea=idea, approved_at=datetime(2026, 5, 9, tzinfo=UTC))
    return municipality


def statement(client, company, klippan, language):
    client.force_login(MembershipFactory(organisation=company).user)
    return f"{prefix(language)}/mitt/effekt/{company.pk}/2026.pdf"


def yearly_report(client, company, klippan, language):
    user = SuperuserFactory()
    UserProfile.objects.update_or_create(user=user, defaults={"preferred_language": language})
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return "/admin/effekt/arsrapport/1276/2026.pdf"


def labels(client, company, klippan, language):
    giver = MembershipFactory(organisation=company).user
    reservation = ReservationFactory(
        listing=ListingFactory(organisation=company, title=WRITTEN), requested_quantity=Decimal(2)
    )
    accept_reservation(reservation=reservation, by=giver)
    client.force_login(giver)
    return f"{prefix(language)}/mitt/etiketter/etiketter.pdf"


def poster(client, company, klippan, language):
    call_command("setup_portal", verbosity=0)
    home = HomePage.objects.get()
    lists = home.add_child(instance=InspirationIndexPage(title="Kampanjer", locale=home.locale))
    today = timezone.localdate()
    page = CampaignPage(
        title=WRITTEN,
        summary="Vi samlar rör.",
        starts_on=today,
        ends_on=today + timedelta(days=30),
        goal=100,
        cover=ImageFactory(alt_text="Papprör i en hög"),
        locale=home.locale,
    )
    return f"{lists.add_child(instance=page).url}affisch/"


def shelves(client, company, klippan, language):
    membership = MembershipFactory(organisation=SchoolFactory(municipality=klippan))
    hub = Hub.objects.create(organisation=membership.organisation, name="Navet", slug="navet")
    kilos = {"handful_kg": 1, "bag_kg": 2, "box_kg": 3}
    open_shelf(hub=hub, name=WRITTEN, category=CategoryFactory(), **kilos)
    client.force_login(membership.user)
    return f"{prefix(language)}/nav/navet/hyllor.pdf"


def card(client, company, klippan, language):
    school = SchoolFactory(municipality=klippan, name="Björkskolan тубы")
    administrator = MembershipFactory(organisation=school, role=Membership.Role.ADMINISTRATOR)
    client.force_login(administrator.user)
    made = make_card(organisation=school, name="Personalrummet", by=None)
    return f"{prefix(language)}/mitt/navkort/{made.pk}/kort.pdf"


def day_of_transport(client, company, klippan, language):
    carrier = Carrier.objects.create(
        municipality=klippan, name="Vaktmästeriet тубы", type="caretakers", vehicle="van"
    )
    round_ = Round.objects.create(
        carrier=carrier,
        weekday=1,
        starts=time(7),
        ends=time(16),
        capacity_kg=400,
        capacity_litres=4000,
        start_name="Förrådet",
    )
    run = Run.objects.create(round=round_, date=date(2026, 12, 8))
    shipment = Shipment.objects.create(
        reservation=ReservationFactory(listing=ListingFactory(organisation=company, title=WRITTEN)),
        run=run,
        receives_from=time(8),
        receives_until=time(15),
    )
    tour = Tour.objects.create(run=run, number=1)
    Stop.objects.create(run=run, tour=tour, shipment=shipment, type="fetch", position=1)
    client.force_login(SuperuserFactory(), backend="django.contrib.auth.backends.ModelBackend")
    return f"/admin/transport/{run.pk}/lista.pdf"


def lesson(language):
    """A lesson idea for which each child needs three tubes, written in `language`."""
    call_command("setup_portal", verbosity=0)
    home = HomePage.objects.get()
    if language != "sv":
        home = home.copy_for_translation(Locale.objects.get(language_code=language))
        home.save_revision().publish()
    lists = home.add_child(instance=InspirationIndexPage(title="Lektioner", locale=home.locale))
    page = LessonIdeaPage(title=WRITTEN, summary="Rör på rad.", locale=home.locale)
    tubes = CategoryFactory(name="Hylsor тубы")
    page.materials = [LessonMaterial(category=tubes, quantity=3, unit="st", per="child")]
    return lists.add_child(instance=page)


def lesson_idea(client, company, klippan, language):
    return f"{prefix(language)}/idebank/{lesson(language).pk}/ide.pdf?barn=8&grupper=2"


def plan_of_a_kit(client, company, klippan, language):
    membership = MembershipFactory(organisation=SchoolFactory(municipality=klippan))
    kit = LessonKit.objects.create(
        lesson=lesson(language),
        organisation=membership.organisation,
        children=8,
        groups=2,
        monday=date(2026, 12, 14),
    )
    listing = ListingFactory(organisation=company, title="Hylsor ½ ♻")
    kit.reservations.add(ReservationFactory(listing=listing, organisation=membership.organisation))
    client.force_login(membership.user)
    return f"{prefix(language)}/mitt/kit/{kit.pk}/plan.pdf"


def prefix(language):
    return "" if language == "sv" else f"/{language}"


SERVED = {
    "labels": labels,
    "statement": statement,
    "yearly report": yearly_report,
    "poster": poster,
    "shelves": shelves,
    "card": card,
    "day of transport": day_of_transport,
    "lesson idea": lesson_idea,
    "plan of a kit": plan_of_a_kit,
}


@pytest.fixture
def served(client, company, klippan):
    """`served(name, language)` is the PDF as the site serves it."""

    def fetch(name, language):
        response = client.get(SERVED[name](client, company, klippan, language))
        assert response["Content-Type"] == "application/pdf"
        return response.content

    return fetch


@pytest.mark.parametrize(("name", "language"), NAMES)
def test_everybody_can_read_it(served, name, language):
    pdf = served(name, language)

    assert_accessible(pdf, language=language, title=NAMES[name, language])


@pytest.mark.parametrize(
    ("name", "pages", "said"),
    [
        ("labels", 1, ["Papprör från Łódź", "тубы", "مرحبا", "½", "≈", "♻"]),
        ("statement", 2, ["Furan мебель AB", "Björkskolan", "Kulbanan ½", "CO₂e"]),
        ("yearly report", 2, ["Klippan", "Kulbanan ½", "40 kg", "CO₂e"]),
        ("poster", 1, ["Papprör från", "Łódź", "тубы", "مرحبا", "½", "≈", "♻"]),
        ("shelves", 1, ["Papprör från Łódź", "тубы", "مرحبا", "½", "≈", "♻", "Navet"]),
        ("card", 1, ["Björkskolan тубы", "Personalrummet"]),
        ("day of transport", 1, ["Papprör från Łódź", "тубы", "Furan мебель AB", "Förrådet"]),
        (
            "lesson idea",
            1,
            ["Papprör från Łódź", "مرحبا", "Rör på rad.", "Hylsor тубы: 24 stycken"],
        ),
        (
            "plan of a kit",
            1,
            ["Papprör från Łódź", "Hylsor тубы: 24", "Furan мебель AB", "Hylsor ½ ♻"],
        ),
    ],
)
def test_its_words_can_be_searched_for_and_its_length_is_sensible(served, name, pages, said):
    pdf = served(name, "sv")

    assert [each for each in said if each not in words(pdf)] == []
    assert pages <= len(read(pdf).pages) <= pages + 1


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("labels", "QR-kod som öppnar http://testserver/mitt/"),
        ("statement", "En kulbana av papprör"),
        ("yearly report", "En kulbana av papprör"),
        ("yearly report", "Stapeldiagram: "),
        ("poster", "Papprör i en hög"),
        ("poster", "QR-kod som öppnar "),
        ("shelves", "QR-kod som öppnar "),
        ("card", "QR-kod som öppnar "),
    ],
)
def test_its_pictures_say_what_they_show(served, name, shown):
    assert any(each.startswith(shown) for each in alternatives(served(name, "sv")))


@pytest.mark.parametrize("name", ["statement", "yearly report"])
def test_its_tables_have_headers_and_its_sections_headings(served, name):
    kinds = [kind for kind, _element in elements(served(name, "sv"))]

    assert kinds.count("/H1") == 1
    assert kinds.count("/H2") >= 4
    assert kinds.count("/Table") >= 2
    assert kinds.count("/TH") >= 6


def test_no_pdf_of_the_site_is_left_out_of_these_tests():
    routes = {route for route in _routes(get_resolver()) if "pdf" in route or "affisch" in route}

    assert {route.rsplit("/", 1)[-1] or route.rsplit("/", 2)[-2] for route in routes} == {
        "etiketter.pdf",
        "<int:year>.pdf",
        "affisch",
        "hyllor.pdf",
        "ide.pdf",
        "kort.pdf",
        "lista.pdf",
        "plan.pdf",
    }


def _routes(resolver):
    for pattern in resolver.url_patterns:
        if hasattr(pattern, "url_patterns"):
            yield from _routes(pattern)
        else:
            yield str(pattern.pattern)
