"""Coordinators never read the names of each other's organisations, whatever address they try."""

import io
import re
import zipfile
from decimal import Decimal
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from bs4 import BeautifulSoup
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import transaction
from django.urls import URLResolver, get_resolver, reverse
from post_office.models import Email
from pypdf import PdfReader
from wagtail.log_actions import log

from inspiration.newsletter.models import Subscriber
from marketplace.exchange.handovers.models import Handover
from marketplace.exchange.handovers.services import confirm_handover, correct_handover
from marketplace.exchange.notes.models import Note
from marketplace.exchange.notes.services import report_problem
from marketplace.exchange.reservations.services import accept_reservation
from marketplace.impact.collaborations.models import Collaboration
from marketplace.impact.purchases.models import PurchaseReport
from marketplace.impact.ratings.models import Rating
from marketplace.organisations.merging.services import merge_organisations
from marketplace.organisations.models import Organisation
from portal.foundation.users.models import User
from tests.factories import (
    CategoryFactory,
    CompanyFactory,
    ListingFactory,
    MembershipFactory,
    MunicipalityFactory,
    ReservationFactory,
    SchoolFactory,
    UserFactory,
    give,
)

pytestmark = pytest.mark.django_db
SECRET = re.compile(r"Hemliga\W+(snickeriet|skolan|sammanslagna)|Hemlind", re.IGNORECASE)


class World:
    """A municipality with a coordinator, and another one that exchanges material with it."""

    def __init__(self):
        call_command("setup_portal", verbosity=0)
        self.here = MunicipalityFactory(name="Klippan", code="1276")
        self.there = MunicipalityFactory(name="Lund", code="1281")
        self.own_company = CompanyFactory(name="Egna firman", municipality=self.here)
        self.own_school = SchoolFactory(name="Egna skolan", municipality=self.here)
        self.company = CompanyFactory(name="Hemliga snickeriet", municipality=self.there)
        self.school = SchoolFactory(name="Hemliga skolan", municipality=self.there)
        self.merged = SchoolFactory(name="Egna gamla skolan", municipality=self.here)
        self.merged_into = SchoolFactory(name="Hemliga sammanslagna", municipality=self.there)
        self.category = CategoryFactory(name="Trä", slug="tra")
        Subscriber.objects.create(email="reader@example.org", consent="Yes")
        self.coordinator = UserFactory(language="en")
        give(self.coordinator, "coordinator")
        give(self.coordinator, "coordinator", municipalities=[self.here])
        self.people = {
            organisation: MembershipFactory(
                organisation=organisation, user__last_name=f"Hemlind{number}"
            ).user
            for number, organisation in enumerate((self.company, self.school))
        }
        self.handovers = [
            self.hand_over(self.company, self.own_school),
            self.hand_over(self.own_company, self.school),
            self.hand_over(self.company, self.school),
            self.hand_over(self.company, self.merged),
        ]
        self.open = ReservationFactory(
            listing=self.listing(self.company), organisation=self.own_school
        )
        self.asked = ReservationFactory(
            listing=self.listing(self.own_company), organisation=self.school
        )
        correct_handover(
            handover=self.handovers[0], by=None, reason="Weighed again", quantity=1, mass_kg=3
        )
        merge_organisations(organisation=self.merged, into=self.merged_into)
        for handover in self.handovers[:3]:
            self.talk_about(handover)
        self.collaborations = [
            Collaboration.objects.create(company=company, partner=partner, type="project")
            for company, partner in (
                (self.company, self.own_school),
                (self.own_company, self.school),
                (self.company, self.school),
                (self.own_company, self.own_school),
            )
        ]
        editor = UserFactory()
        for each in (*self.collaborations, self.company, self.school, self.merged):
            log(each, "wagtail.edit", user=editor)
        PurchaseReport.objects.create(
            organisation=self.school,
            municipality=self.there,
            year=2026,
            term="vt",
            category=self.category,
            mass_kg=1,
            cost_sek=1,
        )

    def listing(self, organisation):
        return ListingFactory(organisation=organisation, category=self.category)

    def hand_over(self, giver, receiver):
        reservation = ReservationFactory(listing=self.listing(giver), organisation=receiver)
        by = self.people.get(giver) or MembershipFactory(organisation=giver).user
        accept_reservation(reservation=reservation, by=by)
        return confirm_handover(
            reservation=reservation,
            by=by,
            quantity=1,
            mass_kg=Decimal(2),
            would_have_bought="yes",
        )

    def talk_about(self, handover):
        for organisation in (handover.giver, handover.receiver):
            Note.objects.create(
                reservation=handover.reservation,
                organisation=organisation,
                author=self.people.get(organisation),
                type="problem",
                text="Spik i brädorna",
            )
            Rating.objects.create(
                reservation=handover.reservation,
                organisation=organisation,
                municipality=organisation.municipality,
                score=3,
                text="Bra",
            )


@pytest.fixture
def world(db):
    return World()


@pytest.fixture
def visit(client, world):
    client.force_login(world.coordinator, backend="django.contrib.auth.backends.ModelBackend")
    client.raise_request_exception = False

    def ask(address):
        # A question that Wagtail or the database chokes on must not spoil the next.
        with transaction.atomic():
            response = client.get(address)
            transaction.set_rollback(response.status_code >= 500)
            return response, text_of(response)

    return ask


def text_of(response):
    """All that a reader gets to see of an answer, also in files."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    type = response.headers.get("Content-Type", "")
    if "pdf" in type:
        return "".join(page.extract_text() for page in PdfReader(io.BytesIO(body)).pages)
    if "spreadsheet" in type:
        book = zipfile.ZipFile(io.BytesIO(body))
        return "".join(book.read(name).decode() for name in book.namelist())
    return body.decode("utf-8", "replace")


# --- Every address ------------------------------------------------------------------------------

# A way to fill in what stands in an address: the keys of rows of the other municipality.
ARGUMENT = re.compile(r"\(\?P<(\w+)>[^)]*\)|<(?:\w+:)?(\w+)>")


def addresses(patterns, prefix=""):
    """Each address below some patterns, with places for its arguments in Django's words."""
    for pattern in patterns:
        route = prefix + str(pattern.pattern).lstrip("^").removesuffix("$").removesuffix(r"\Z")
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, route)
        else:
            yield route


def keys_for(route, world):
    """The rows to ask for at an address: those of its model, or else the first of anything."""
    for model, rows in {
        "organisation": [world.company, world.school, world.merged, world.merged_into],
        "handover": Handover.objects.all(),
        "overlamningar": Handover.objects.all(),
        "reservation": [each.reservation for each in world.handovers] + [world.open, world.asked],
        "collaboration": world.collaborations,
        "note": Note.objects.all(),
        "/note": Note.objects.all(),
        "user": User.objects.filter(last_name__startswith="Hemlind"),
    }.items():
        if model in route:
            return [each.pk for each in rows]
    return [1]


def filled(route, world):
    """The addresses of a route, with every key that may belong there."""
    names = [one or other for one, other in ARGUMENT.findall(route)]
    if not names:
        return [route]
    values = {
        "app_label": "marketplace",
        "model_name": "organisation",
        "action": "delete",
        "content_type_app_name": "marketplace",
        "content_type_model_name": "organisation",
        "code": world.there.code,
        "year": world.handovers[0].handed_over_on.year,
        "content_type_id": ContentType.objects.get_for_model(Organisation).pk,
    }
    return [
        ARGUMENT.sub(lambda found, key=key: str(values.get(found[1] or found[2], key)), route)
        for key in keys_for(route, world)
    ]


def admin_addresses(world):
    admin = next(
        each
        for each in get_resolver().url_patterns
        if isinstance(each, URLResolver) and str(each.pattern) == "admin/"
    )
    routes = addresses(admin.url_patterns, "admin/")
    for route in routes:
        for address in filled(route, world):
            address = re.sub(r"\(\?:[^)]*\)\?|[\\^$()?]", "", address)
            # Signing out ends the visit.
            if "logout" not in address:
                yield f"/{address}"


def asked_further(address, text, world):
    """What a list can be asked besides: exports, searches, and its filters with the other place."""
    page = BeautifulSoup(text, "html.parser")
    names = {
        each["name"] for each in page.select("form[method=get] [name], form:not([method]) [name]")
    }
    names |= {
        name for link in page.select("a[href]") for name in parse_qs(urlsplit(link["href"]).query)
    }
    others = {
        name: world.there.code if name == "kommun" else world.there.pk
        for name in names - {"csrfmiddlewaretoken", "q", "next", "export", "p"}
    }
    questions = [
        {"q": "Hemlig"},
        {"export": "csv"},
        {"export": "xlsx"},
        others | {"export": "csv"},
        *({name: value} for name, value in others.items()),
        {"id": [world.company.pk, world.school.pk, world.collaborations[0].pk]},
        {"id": "all"},
    ]
    return [f"{address}?{urlencode(each, doseq=True)}" for each in questions]


def test_no_address_of_the_admin_names_anybody_elsewhere(visit, world):
    found, opened = [], set()
    waiting = list(dict.fromkeys(admin_addresses(world)))
    seen = set(waiting)

    def follow(addresses):
        waiting.extend(each for each in addresses if each not in seen)
        seen.update(addresses)

    while waiting:
        address = waiting.pop()
        response, text = visit(address)
        if SECRET.search(text):
            found.append(address)
        if response.status_code != 200 or "?" in address:
            continue
        opened.add(address)
        links = BeautifulSoup(text, "html.parser").select("a[href^='/admin/']")
        follow({urlsplit(link["href"]).path for link in links} - {reverse("wagtailadmin_logout")})
        if not re.search(r"\d", address):
            follow(asked_further(address, text, world))

    assert found == []
    # The visit has been where it should.
    assert {
        "/admin/",
        "/admin/marketplace/handover/",
        f"/admin/marketplace/handover/inspect/{world.handovers[0].pk}/",
        "/admin/marketplace/reservation/",
        "/admin/marketplace/note/",
        "/admin/snippets/marketplace/organisation/",
        "/admin/snippets/marketplace/collaboration/",
        "/admin/effekt/",
        "/admin/effekt/organisationer/",
        "/admin/effekt/betyg/",
    } <= opened


@pytest.mark.parametrize(
    "address",
    [
        "/admin/marketplace/handover/?q=Hemlig",
        "/admin/marketplace/handover/?giver__name__startswith=Hemlig",
        "/admin/marketplace/reservation/?q=Hemlig",
        "/admin/marketplace/reservation/?organisation__name__startswith=Inte",
        "/admin/marketplace/note/?q=Hemlig",
    ],
)
def test_a_hidden_name_cannot_be_guessed(visit, world, address):
    asked, plain = address, address.partition("?")[0]
    rows = {}
    for each in (asked, plain):
        page = BeautifulSoup(visit(each)[1], "html.parser")
        rows[each] = len(page.select("main .listing tbody tr"))

    assert rows[plain] > 0
    assert rows[asked] == (0 if "?q=" in address else rows[plain])


def test_the_translators_editor_tells_nobody_more_than_they_may_see(visit, world):
    names = {
        model: visit(f"/admin/localize/api/snippets/{model}/")[1]
        for model in (
            "marketplace/organisation",
            "marketplace/collaboration",
            "inspiration/subscriber",
        )
    }

    assert "Egna firman" in names["marketplace/organisation"]
    assert "Egna skolan" in names["marketplace/collaboration"]
    assert not SECRET.search("".join(names.values()))
    assert "reader@example.org" not in names["inspiration/subscriber"]


def test_the_other_side_is_told_by_its_place(visit, world):
    rows = [
        [cell.get_text(strip=True) for cell in row.select("td")]
        for row in BeautifulSoup(visit("/admin/marketplace/handover/")[1], "html.parser").select(
            "tbody tr"
        )
    ]

    assert ["en organisation i Lund", "Egna skolan"] in [row[1:3] for row in rows]
    assert ["Egna firman", "en organisation i Lund"] in [row[1:3] for row in rows]


def test_a_collaboration_across_is_listed_without_a_link(visit, world):
    page = visit("/admin/snippets/marketplace/collaboration/")[1]

    assert "en organisation i Lund" in page
    assert f"/collaboration/edit/{world.collaborations[3].pk}/" in page
    assert f"/collaboration/edit/{world.collaborations[0].pk}/" not in page


def test_the_api_names_no_organisation(client, world):
    description = client.get("/api/v1/openapi.json").json()
    asked = {
        "municipality": world.there.code,
        "category": "tra",
        "period": "alla",
        "q": "Hemlig",
        "organisation": world.company.pk,
        "giver": world.company.pk,
        "page_size": 100,
    }
    for path in description["paths"]:
        address = path.replace("{pk}", str(world.open.listing_id))
        for query in ("", f"?{urlencode(asked)}"):
            response = client.get(address + query)
            assert response.status_code == 200, address
            assert not SECRET.search(response.content.decode()), address


def test_mail_about_a_problem_names_the_own_side_only(world, django_capture_on_commit_callbacks):
    handover = world.handovers[0]
    with django_capture_on_commit_callbacks(execute=True):
        report_problem(
            reservation=handover.reservation, by=world.people[world.company], text="Spik"
        )

    letters = [each for each in Email.objects.all() if world.coordinator.email in each.to]

    assert len(letters) == 1
    words = f"{letters[0].subject} {letters[0].message} {letters[0].html_message}"
    assert "Egna skolan" in words
    assert not SECRET.search(words)


def test_a_twin_elsewhere_is_not_named(visit, world):
    own = CompanyFactory(
        name="Snickeriet", municipality=world.here, website="https://snickeriet.example"
    )
    Organisation.objects.filter(pk=world.company.pk).update(website=own.website)

    page = visit(reverse("review_organisation", args=[own.pk]))[1]

    assert "i Lund kan vara samma" in page
    assert not SECRET.search(page)
