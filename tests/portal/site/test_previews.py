"""What staff see before it is published is the page that a visitor will get."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.apps import apps
from django.core.management import call_command
from django.utils import timezone
from wagtail.models import Page, PreviewableMixin

from inspiration.lessons.tips.models import LessonTip
from inspiration.newsletter.models import Newsletter, NewsletterText
from inspiration.pages.models import ArticlePage, HomePage, InspirationIndexPage
from marketplace.exchange.handovers.services import confirm_handover
from marketplace.exchange.reservations.services import accept_reservation
from marketplace.ideas.models import Idea
from marketplace.listings.models import MaterialListing
from marketplace.translations.models import TranslatedText
from marketplace.wanted.models import WantedAd
from search.synonyms.models import Synonym
from tests.factories import (
    CategoryFactory,
    ListingFactory,
    ReservationFactory,
    SchoolFactory,
    SuperuserFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
TITLE = "Granskas före alla andra"
PREVIEWED = [
    model
    for model in apps.get_models()
    if issubclass(model, PreviewableMixin) and model is not Page
]


def page_of(model):
    home = HomePage.objects.get(locale__language_code="sv")
    if model is HomePage:
        home.title = home.heading = TITLE
        return home
    now = timezone.now()
    needed = {
        "starts_on": now.date(),
        "ends_on": now.date() + timedelta(days=9),
        "starts_at": now,
        "ends_at": now + timedelta(hours=2),
        "goal": 100,
        "venue": "Biblioteket",
    }
    names = {field.name for field in model._meta.get_fields()}
    parent = home
    if "inspiration.InspirationIndexPage" in model.parent_page_types:
        parent = home.add_child(instance=InspirationIndexPage(title="Läs", locale=home.locale))
    fields = {name: value for name, value in needed.items() if name in names}
    page = model(title=TITLE, locale=home.locale, live=False, **fields)
    return parent.add_child(instance=page)


def newsletter():
    letter = Newsletter(name=TITLE)
    letter.texts = [NewsletterText(language="sv", subject=TITLE)]
    letter.save()
    return letter


def idea():
    reservation = ReservationFactory(organisation=SchoolFactory())
    accept_reservation(reservation=reservation, by=UserFactory())
    handover = confirm_handover(
        reservation=reservation, by=UserFactory(), quantity=2, mass_kg=1, would_have_bought="yes"
    )
    return Idea.objects.create(title=TITLE, text="Av rör", handover=handover, live=False)


def translated_text():
    listing = ListingFactory(title="Rör")
    return TranslatedText(
        title=TITLE, language_code="en", listing=listing, source_digest=listing.source.digest
    )


MADE = {
    MaterialListing: lambda: ListingFactory(title=TITLE, draft=True),
    WantedAd: lambda: WantedAd.objects.create(
        title=TITLE, organisation=SchoolFactory(), category=CategoryFactory(), live=False
    ),
    Idea: idea,
    LessonTip: lambda: LessonTip.objects.create(
        title=TITLE, text="Vi byggde.", organisation=SchoolFactory(), live=False
    ),
    TranslatedText: translated_text,
    Newsletter: newsletter,
    Synonym: lambda: Synonym.objects.create(rule=TITLE.replace(" ", ", ")),
}


@pytest.fixture
def editor(client):
    call_command("setup_portal", verbosity=0)
    user = SuperuserFactory()
    client.force_login(user)
    return user


def previews(client, thing):
    """{mode: response} of each preview of `thing`, as the user of `client`."""
    asked = client.get("/admin/").wsgi_request
    return {
        mode: thing.make_preview_request(asked, mode, {"in_preview_panel": True})
        for mode, _name in thing.preview_modes
    }


def test_every_preview_is_what_a_visitor_will_see(client, editor):
    # One after the other, since they need the same site.
    for model in PREVIEWED:
        thing = page_of(model) if issubclass(model, Page) else MADE[model]()
        for mode, response in previews(client, thing).items():
            which = (model.__name__, mode)
            assert response.status_code == 200, which
            shown = BeautifulSoup(response.content, "html.parser")
            assert TITLE.rsplit(maxsplit=1)[-1] in shown.get_text(), which
            if model is not Newsletter:
                header = shown.select_one("body > header").get_text(" ", strip=True)
                assert shown.select_one("main h1"), which
                sign_in = "Sign in" if model is TranslatedText else "Logga in"
                assert sign_in in header, which
                assert "Min sida" not in header, which


def test_a_preview_still_has_what_checks_the_page(client, editor):
    (response,) = previews(client, page_of(ArticlePage)).values()
    client.logout()
    seen_by_visitor = client.get("/")

    assert "wagtail-userbar" in response.content.decode()
    assert "wagtail-userbar" not in seen_by_visitor.content.decode()
