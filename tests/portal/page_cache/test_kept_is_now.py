"""Whatever changes, what is kept says what would be said if nothing were kept."""

import re
from decimal import Decimal

import pytest
from django.core.cache import caches
from django.db import connection
from django.test import Client, TestCase, override_settings
from wagtail.models import Page

from inspiration.events.models import EventPage
from inspiration.lessons.models import LessonIdeaPage, LessonMaterial
from inspiration.lessons.tips.models import LessonTip
from inspiration.pages.models import ArticlePage, HomePage
from marketplace.exchange.handovers.facts import HandoverFacts
from marketplace.exchange.handovers.services import record_handover
from marketplace.exchange.reservations.services import accept_reservation, request_reservation
from marketplace.listings.models import ListingPhoto, MaterialListing
from marketplace.materials.models import MaterialCategory
from marketplace.municipalities.models import Municipality
from marketplace.occasions.models import Occasion
from marketplace.occasions.services import book
from marketplace.organisations.models import Organisation
from portal.foundation.site_settings.models import SiteSettings
from portal.foundation.users.models import User
from tests.factories import ListingFactory, MembershipFactory, SchoolFactory

pytestmark = pytest.mark.django_db
# What is made for each answer: tokens and nonces.
OWN = re.compile(
    r'nonce="[^"]*"|name="(csrfmiddlewaretoken|submission)" value="[^"]*"|value="[^"]{64}"'
)
TEACHER = "forskola@demo.example"


@pytest.fixture
def kept(settings):
    """As in production, and the marks of the demo's own transaction are out of the way."""
    settings.PAGE_CACHE_SECONDS = 300
    caches["pages"].clear()
    connection.run_on_commit = []
    yield
    caches["pages"].clear()


def first(model):
    return model.objects.live().filter(locale__language_code="sv").order_by("pk").first()


def listing():
    """The one with photos that there is most of: some of it can be taken."""
    large = MaterialListing.objects.available().filter(photos__isnull=False, splittable=True)
    return large.order_by("-stock__offered", "pk").first()


def addresses():
    lesson = first(LessonIdeaPage)
    shown = listing()
    return [
        "/",
        "/en/",
        lesson.get_parent().url,
        lesson.url,
        first(ArticlePage).url,
        first(EventPage).url,
        shown.get_absolute_url(),
        "/material/",
        "/effekt/",
    ]


def clients():
    teacher = Client()
    teacher.force_login(User.objects.get(email=TEACHER))
    return {"visitor": Client(), "teacher": teacher}


def committed(change):
    """Do it, and what waits for the commit."""
    connection.run_on_commit = []
    with TestCase.captureOnCommitCallbacks(execute=True):
        change()
    connection.run_on_commit = []


def said(client, address):
    answer = client.get(address)
    if answer.status_code != 200:
        return answer.status_code
    return OWN.sub("", answer.content.decode())


def rename(thing, field, text):
    setattr(thing, field, text)
    thing.save(update_fields=[field])


def publish(page, **changes):
    for field, value in changes.items():
        setattr(page, field, value)
    page.save_revision().publish()


def take_some():
    found, member = listing(), MembershipFactory(organisation=SchoolFactory())
    reservation = request_reservation(
        listing=found,
        organisation=member.organisation,
        quantity=found.smallest_part or 1,
        purpose="Prova",
        by=member.user,
    )
    giver = User.objects.filter(memberships__organisation=found.organisation).first()
    accept_reservation(reservation=reservation, by=giver)


def hand_over():
    found = listing()
    receiver = Organisation.objects.of_user(User.objects.get(email=TEACHER)).first()
    facts = HandoverFacts(quantity=1, mass_kg=Decimal(777), would_have_bought="yes")
    record_handover(listing=found, receiver=receiver, facts=facts)


def book_places():
    member = User.objects.get(email=TEACHER)
    occasion = Occasion.objects.filter(event_link__event=first(EventPage)).first()
    book(
        occasion=occasion,
        organisation=Organisation.objects.of_user(member).first(),
        people=1,
        by=member,
    )


def offer_more():
    shown = listing()
    ListingFactory(
        title="Nyss inlagt",
        organisation=shown.organisation,
        category=shown.category,
    )


CHANGES = {
    "a listing says something else": lambda: rename(listing(), "description", "En ny text."),
    "some is taken": take_some,
    "more is offered": offer_more,
    "a category is renamed": lambda: MaterialCategory.objects.update(name="Omdöpt kategori"),
    "a giver is renamed": lambda: rename(listing().organisation, "name", "Omdöpta AB"),
    "a municipality is renamed": lambda: rename(
        Municipality.objects.get(pk=listing().organisation.municipality_id), "name", "Nyköping"
    ),
    "something is handed over": hand_over,
    "a lesson is renamed": lambda: publish(first(LessonIdeaPage), title="Omdöpt lektion"),
    "a lesson needs something else": lambda: LessonMaterial.objects.filter(
        page=first(LessonIdeaPage)
    ).update(category=listing().category),
    "an article is renamed": lambda: publish(first(ArticlePage), title="Omdöpt artikel"),
    "an event is called off": lambda: publish(first(EventPage), called_off=True),
    "the start page says something else": lambda: publish(
        first(HomePage), introduction="En annan ingress"
    ),
    "a tip is taken away": lambda: LessonTip.objects.all().delete(),
    "a page leaves the menus": lambda: publish(
        Page.objects.live().in_menu().filter(locale__language_code="sv").first().specific,
        show_in_menus=False,
    ),
    "the site is renamed": lambda: SiteSettings.objects.update(name="Ett annat namn"),
    "photos are taken away": lambda: ListingPhoto.objects.filter(listing=listing()).delete(),
    "listings are withdrawn": lambda: MaterialListing.objects.update(live=False),
    "a lesson is taken down": lambda: first(LessonIdeaPage).unpublish(),
}


def test_what_is_kept_is_what_would_be_said_now(demo, kept):
    asked = [(who, client, address) for who, client in clients().items() for address in addresses()]
    before = {(who, address): said(client, address) for who, client, address in asked}
    stale, told = [], set()
    for what, change in CHANGES.items():
        committed(change)
        for who, client, address in asked:
            answer = said(client, address)
            with override_settings(PAGE_CACHE_SECONDS=0):
                now = said(client, address)
            if answer != now:
                stale.append((what, who, address))
            if answer != before[who, address]:
                told.add(what)
            before[who, address] = answer

    assert stale == []
    # What no page shows would prove nothing.
    assert CHANGES.keys() == told
