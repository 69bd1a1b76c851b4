"""Who is signed in gets the page that visitors see, with what is their own and nobody else's."""

import pickle
import re
from datetime import timedelta

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.contrib.auth.models import Group
from django.core.cache import caches
from django.db import connection
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.template import Context, Template, TemplateSyntaxError
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver, reverse
from django.utils import timezone
from wagtail.models import PageViewRestriction, Site

from inspiration.events.models import EventPage
from inspiration.forms.models import FormPage
from inspiration.lessons.models import LessonIdeaPage, LessonMaterial
from inspiration.lessons.tips.models import LessonTip
from inspiration.pages.models import ArticlePage, HomePage, InspirationIndexPage
from marketplace.exchange.reservations.services import accept_reservation, request_reservation
from marketplace.impact.usage.models import UserDay
from marketplace.listings.models import MaterialListing
from marketplace.notifications.services import notify
from marketplace.occasions.models import Booking
from marketplace.organisations.models import Membership, Organisation
from portal.foundation import throttling
from portal.foundation.page_cache import frames, personal, versions
from portal.foundation.page_cache.values import Kept
from portal.foundation.site_settings.models import SiteSettings
from search.index.entries import refresh_all
from tests.browser.conftest import set_up_portal
from tests.factories import (
    CategoryFactory,
    ListingFactory,
    MembershipFactory,
    MunicipalityFactory,
    SchoolFactory,
    UserFactory,
    give,
)

pytestmark = pytest.mark.django_db(transaction=True)
SECRET = {
    "contact_name": "Hemlige Ek",
    "contact_phone": "070-174 06 99",
    "contact_email": "hemlig@example.org",
    "pickup_address": "Hemligkajen 4",
    "reference": "REF-hemlig",
    "storage_place": "Hylla hemlig",
}
ONLY_THE_GIVERS = ("reference", "storage_place")


@pytest.fixture(autouse=True)
def portal(transactional_db, kept):
    set_up_portal()


@pytest.fixture
def home():
    return HomePage.objects.get(locale__language_code="sv")


@pytest.fixture
def category():
    return CategoryFactory(name="Rör", slug="ror")


@pytest.fixture
def listing(category):
    return ListingFactory(title="Papprör", category=category, stock__offered=10, **SECRET)


@pytest.fixture
def article(home):
    body = [("material", {"title": "Prova", "listing": None, "category": None})]
    return home.add_child(instance=ArticlePage(title="Om rör", slug="om-ror", body=body))


@pytest.fixture
def lesson(home, category):
    index = InspirationIndexPage(title="Lektioner", slug="lektioner", locale=home.locale)
    page = LessonIdeaPage(title="Kulbana", slug="kulbana", locale=home.locale)
    page.steps = [("step", {"title": "Bygg", "text": "<p>Bygg den.</p>", "image": None})]
    page.materials = [LessonMaterial(category=category)]
    home.add_child(instance=index).add_child(instance=page)
    page.save_revision().publish()
    return LessonIdeaPage.objects.get(pk=page.pk)


@pytest.fixture
def event(home):
    start = timezone.now() + timedelta(days=7)
    page = EventPage(
        title="Utlämningsdag",
        slug="utlamningsdag",
        starts_at=start,
        ends_at=start + timedelta(hours=3),
        venue="Återbruket",
        places=3,
        most_per_booking=2,
        locale=home.locale,
    )
    index = InspirationIndexPage(title="Händelser", slug="handelser", locale=home.locale)
    home.add_child(instance=index).add_child(instance=page)
    page.save_revision().publish()
    return EventPage.objects.get(pk=page.pk)


@pytest.fixture
def giver(listing):
    return signed_in(MembershipFactory(organisation=listing.organisation).user)


@pytest.fixture
def teacher():
    return signed_in()


@pytest.fixture
def other():
    return signed_in()


def signed_in(user=None, **options):
    client = Client(**options)
    client.user = user or MembershipFactory(organisation=SchoolFactory()).user
    client.force_login(client.user)
    return client


def organisation_of(client):
    return client.user.memberships.get().organisation


def promise(listing, client):
    asked = request_reservation(
        listing=listing, organisation=organisation_of(client), by=client.user, quantity=2
    )
    accept_reservation(reservation=asked, by=None)


def tell(client, listing, **about):
    notify(users=[client.user], type="listing_approved", key="told", listing=listing, **about)


def text(client, url, **more):
    answer = client.get(url, **more)
    assert answer.status_code == 200
    return answer.content.decode()


def queries(client, url):
    with CaptureQueriesContext(connection) as asked:
        text(client, url)
    return len(asked)


def kept_frames():
    """The pages that are kept for those who are signed in."""
    found = [
        pickle.loads(value)  # noqa: S301  # our own
        for key, value in caches["pages"]._cache.items()
        if ":value:frame:" in key
    ]
    return [each.value for each in found if each.value and versions.still_hold(each.numbers)]


def all_that_is_kept():
    return b"".join(caches["pages"]._cache.values())


def number_of(page):
    return re.search(r'data-user="(\d*)"', page)[1]


def unread_of(page):
    found = BeautifulSoup(page, "html.parser").select_one(".site-header__me .count")
    return int(re.search(r"\d+", found.text)[0]) if found else 0


# --- What it costs -------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "most"), [("article", 6), ("listing", 14)])
def test_a_page_that_others_have_read_costs_few_questions_to_the_database(
    name, most, article, listing, teacher, other
):
    url = {"article": article.url, "listing": listing.get_absolute_url()}[name]
    for client in (teacher, other, teacher):
        text(client, url)

    assert queries(other, url) <= most
    assert len(kept_frames()) == 1


def test_who_signs_in_throws_no_page_away(article, teacher):
    text(teacher, article.url)
    assert len(kept_frames()) == 1

    before = versions.current()
    other = Client()
    other.force_login(teacher.user)
    text(other, article.url)

    assert teacher.user.last_login is not None
    assert versions.current() == before
    assert len(kept_frames()) == 1


# --- Each their own ------------------------------------------------------------------------------


def test_each_reads_what_is_their_own_of_one_listing(listing, giver, teacher, other):
    url = listing.get_absolute_url()
    tell(other, ListingFactory())
    teacher.post(f"/material/{listing.pk}/spara/")
    teacher.get(url)

    for client, unread, is_saved in (
        (giver, 0, None),
        (teacher, 0, True),
        (other, 1, False),
        (giver, 0, None),
        (other, 1, False),
        (teacher, 0, True),
    ):
        page = text(client, url)
        is_giver = client is giver
        assert number_of(page) == str(client.user.pk)
        assert unread_of(page) == unread
        assert (f"/material/{listing.pk}/boka/" in page) is not is_giver
        assert (reverse("marketplace:offer_edit", args=[listing.pk]) in page) is is_giver
        assert ("Spara till senare" in page) is (is_saved is False)
        assert ("Sparad. Ta bort" in page) is (is_saved is True)
        assert 'href="/konto/login/' not in page
    visitors = text(Client(), url)
    assert number_of(visitors) == ""
    assert 'href="/konto/login/' in visitors
    assert len(kept_frames()) == 1


def test_where_to_collect_is_told_only_to_those_who_have_been_promised_some(
    listing, giver, teacher, other
):
    url = listing.get_absolute_url()
    promise(listing, teacher)

    def told(client):
        page = text(client, url)
        return {name for name, value in SECRET.items() if value in page}

    for _time in range(2):
        assert told(giver) == set(SECRET)
        assert told(teacher) == SECRET.keys() - set(ONLY_THE_GIVERS)
        assert told(other) == told(Client()) == set()
    assert len(kept_frames()) == 1
    for value in SECRET.values():
        assert value.encode() not in all_that_is_kept()


def test_nothing_of_anybody_is_kept(listing, lesson, event, article, giver, teacher, home):
    LessonTip.objects.create(
        lesson=lesson,
        title="Kulbana i trappan",
        text="Vi tejpade.",
        organisation=organisation_of(teacher),
        created_by=teacher.user,
        live=True,
    )
    of_organisations = {
        "address": "Dolda gatan 7",
        "contact_name": "Okand Berg",
        "contact_email": "okand@example.org",
        "contact_phone": "070-174 06 77",
        "approval_note": "Ring dem igen",
    }
    Organisation.objects.update(**of_organisations)
    other = signed_in(
        MembershipFactory(
            organisation=SchoolFactory(), user__first_name="Hjalmar", user__last_name="Qvistgren"
        ).user
    )
    promise(listing, teacher)
    refresh_all()
    teacher.post(f"/material/{listing.pk}/spara/")
    pages = (
        listing.get_absolute_url(),
        lesson.url,
        event.url,
        article.url,
        "/material/",
        "/",
        "/effekt/",
    )
    for _time in range(2):
        for url in pages:
            for client in (giver, teacher, other):
                text(client, url)

    assert len(kept_frames()) == len(pages)
    held = all_that_is_kept()
    assert b"Kulbana" in held
    for client in (giver, teacher, other):
        assert client.user.email.encode() not in held
        assert client.user.last_name.encode() not in held
        assert client.session.session_key.encode() not in held
        assert client.user.password.encode() not in held
        assert client.cookies["csrftoken"].value.encode() not in held
    for value in (*SECRET.values(), *of_organisations.values()):
        assert value.encode() not in held


CHANGING = re.compile(
    r'(?<= nonce=")[^"]+|(?<=csrfmiddlewaretoken" value=")[^"]+|(?<=nonce-)[^\']+'
)


def test_what_is_kept_says_to_each_what_is_made_for_them_alone(
    settings, listing, lesson, event, article, giver, teacher, home
):
    town = MunicipalityFactory(slug="bjuv", name="Bjuv")
    held = ListingFactory(
        title="Hyllplan", category=listing.category, organisation=SchoolFactory(municipality=town)
    )
    later = ListingFactory(title="Senare", available_from=timezone.localdate() + timedelta(days=3))
    near = signed_in(MembershipFactory(organisation=SchoolFactory(municipality=town)).user)
    twice = signed_in()
    MembershipFactory(user=twice.user, organisation=SchoolFactory(name="Andra skolan"))
    pending = signed_in(MembershipFactory(organisation=SchoolFactory(approval="pending")).user)
    alone = signed_in(UserFactory())
    editor = signed_in(give(UserFactory(), "editor"))
    coordinator = signed_in(give(UserFactory(), "coordinator", municipalities=[town]))
    promise(listing, teacher)
    near.post(f"/material/{listing.pk}/spara/")
    twice.post(f"/material/{later.pk}/folj/")
    tell(twice, ListingFactory(title="Berättat"))
    refresh_all()
    urls = [
        *(each.get_absolute_url() for each in (listing, held, later)),
        *(each.url for each in (lesson, event, article, home, lesson.get_parent())),
        "/material/",
        "/effekt/",
    ]
    people = (giver, teacher, near, twice, pending, alone, editor, coordinator)
    for url in urls:
        for client in people:
            # What leads there is read, and what a page makes at first is made.
            settings.PAGE_CACHE_SECONDS = 0
            client.get(url)
            fresh = client.get(url)
            settings.PAGE_CACHE_SECONDS = 300
            for kept in (client.get(url), client.get(url)):
                bodies = [CHANGING.sub("", each.content.decode()) for each in (kept, fresh)]
                assert bodies[0] == bodies[1], (url, client.user.pk)
                headers = [
                    {
                        name: CHANGING.sub("", value)
                        for name, value in each.items()
                        if name not in ("X-Request-ID", "X-Search-Engine")
                    }
                    for each in (kept, fresh)
                ]
                assert headers[0] == headers[1], (url, client.user.pk)
                assert kept.status_code == fresh.status_code
    assert len(kept_frames()) > 8


# --- First for our own ---------------------------------------------------------------------------


@pytest.mark.parametrize("first", ["near", "far", "visitor"])
def test_what_is_first_for_ones_own_municipality_is_seen_there_alone(
    category, listing, lesson, first
):
    own = MunicipalityFactory(slug="bjuv", name="Bjuv")
    held = ListingFactory(
        title="Hyllplan", category=category, organisation=SchoolFactory(municipality=own)
    )
    near = signed_in(MembershipFactory(organisation=SchoolFactory(municipality=own)).user)
    readers = {"near": near, "far": signed_in(), "visitor": Client()}
    readers = {first: readers[first]} | readers
    refresh_all()
    assert held.is_held

    for _time in range(2):
        for name, client in readers.items():
            is_seen = name == "near"
            page = client.get(held.get_absolute_url())
            assert page.status_code == (200 if is_seen else 404)
            for place in (listing.get_absolute_url(), "/material/", "/sok/"):
                assert ("Hyllplan" in text(client, place)) is is_seen, (name, place)
            # A lesson names what everybody can have.
            assert "Papprör" in text(client, lesson.url)
            assert "Hyllplan" not in text(client, lesson.url)
    assert b"Hyllplan" not in b"".join(pickle.dumps(each) for each in kept_frames())


def test_what_opens_to_all_at_noon_is_seen_by_all_soon_after_noon(category, listing):
    with time_machine.travel("2026-12-01 12:00+01:00", tick=False):
        giver = SchoolFactory(municipality=MunicipalityFactory(own_first_days=3))
        ListingFactory(title="Hyllplan", category=category, organisation=giver)
    reader = UserFactory()
    url = listing.get_absolute_url()
    with time_machine.travel("2026-12-04 11:59+01:00", tick=False):
        assert "Hyllplan" not in text(signed_in(reader), url)
        assert "Hyllplan" not in text(Client(), url)
    with time_machine.travel("2026-12-04 12:10+01:00", tick=False):
        assert "Hyllplan" in text(signed_in(reader), url)
        assert "Hyllplan" in text(Client(), url)


# --- Forms ---------------------------------------------------------------------------------------


def form_at(page, action):
    form = BeautifulSoup(page, "html.parser").find("form", action=action)
    names = form.find_all(["input", "select", "button"], attrs={"name": True})
    return {each["name"]: each.get("value", "") for each in names}


@pytest.mark.parametrize("reads_first", [True, False])
def test_a_listing_is_saved_by_a_form_on_a_page_that_is_kept(listing, other, reads_first):
    teacher = signed_in(enforce_csrf_checks=True)
    if reads_first:
        text(other, listing.get_absolute_url())
    action = f"/material/{listing.pk}/spara/"
    sent = form_at(text(teacher, listing.get_absolute_url()), action)
    assert len(kept_frames()) == 1

    assert teacher.post(action, sent).status_code == 302
    assert teacher.post(action, {}).status_code == 403
    assert teacher.user.favourites.filter(listing=listing).exists()


def test_places_are_booked_by_a_form_on_a_page_that_is_kept(event, other):
    teacher = signed_in(enforce_csrf_checks=True)
    text(other, event.url)
    action = reverse("marketplace:book_occasion", args=[event.occasion.pk])
    page = text(teacher, event.url)
    sent = form_at(page, action) | {"people": "1"}

    assert teacher.post(action, sent).status_code == 302
    booking = Booking.objects.get()
    assert booking.organisation == organisation_of(teacher)
    own_page, others = text(teacher, event.url), text(other, event.url)
    cancel = reverse("marketplace:cancel_place", args=[booking.pk])
    assert cancel in own_page
    assert cancel not in others
    assert action in others
    assert organisation_of(teacher).name not in others


def test_each_answer_has_the_nonce_of_its_own_policy(listing, teacher, other):
    answers = [
        client.get(listing.get_absolute_url()) for client in (teacher, other, teacher, Client())
    ]
    in_page = [set(re.findall(r' nonce="([^"]+)"', each.content.decode())) for each in answers]
    in_policy = [
        set(re.findall(r"'nonce-([^']+)'", each["Content-Security-Policy"])) for each in answers
    ]

    assert in_page == in_policy
    assert len(set.union(*in_page)) == 4


def test_a_page_that_uses_no_nonce_has_no_hole_left(article, listing, event, lesson, teacher):
    for url in (article.url, listing.get_absolute_url(), event.url, lesson.url, "/material/"):
        for _time in range(2):
            assert "hole-" not in text(teacher, url)


def test_a_message_is_shown_once_and_to_nobody_else(listing, teacher, other):
    url = listing.get_absolute_url()
    text(teacher, url)
    said = "Den ligger på Min sida."

    shown = teacher.post(f"/material/{listing.pk}/spara/", follow=True).content.decode()

    assert 'class="messages"' in shown
    for client in (other, teacher, Client()):
        page = text(client, url)
        assert 'class="messages"' not in page
        assert said not in page


# --- Staff, languages, sites ---------------------------------------------------------------------


def test_only_staff_gets_the_bar_whoever_has_read_the_page(article, listing, teacher):
    staff = signed_in(UserFactory(is_superuser=True, is_staff=True))
    editor = signed_in(give(UserFactory(), "editor"))

    for url in (article.url, listing.get_absolute_url(), "/"):
        for client, has_bar in (
            (teacher, False),
            (staff, True),
            (editor, True),
            (teacher, False),
            (Client(), False),
            (staff, True),
        ):
            assert ("wagtail-userbar" in text(client, url)) is has_bar


def test_who_becomes_staff_gets_the_bar_and_who_no_longer_is_loses_it(article, teacher):
    assert "wagtail-userbar" not in text(teacher, article.url)
    give(teacher.user, "editor")

    assert "wagtail-userbar" in text(teacher, article.url)

    teacher.user.role_assignments.all().delete()
    teacher.user.groups.set(Group.objects.none())
    assert "wagtail-userbar" not in text(teacher, article.url)


def test_each_reads_their_own_language(listing, teacher):
    url = listing.get_absolute_url()
    for _time in range(2):
        swedish = text(teacher, url)
        english = text(teacher, f"/en{url}")
        assert '<html lang="sv"' in swedish
        assert '<html lang="en"' in english
        assert ("Min sida" in swedish, "My page" in swedish) == (True, False)
        assert ("Min sida" in english, "My page" in english) == (False, True)
        assert "Spara till senare" in swedish
        assert "Save for later" in english


def test_each_site_is_itself_to_those_who_are_signed_in(settings, home, teacher):
    settings.ALLOWED_HOSTS = ["testserver", "ystad.example"]
    site = Site.objects.create(hostname="ystad.example", root_page=home, site_name="Ystad")
    own = SiteSettings.for_site(site)
    own.name = "Återbruk Ystad"
    own.save()

    for _time in range(2):
        assert "Återbruk Ystad" in text(teacher, "/", headers={"host": "ystad.example"})
        assert "Återbruk Ystad" not in text(teacher, "/")
    assert len(kept_frames()) == 2


def test_no_way_of_writing_our_host_fills_memory(article, teacher):
    text(teacher, article.url)
    assert len(kept_frames()) == 1

    text(teacher, article.url, headers={"host": "testserver:8123"})

    assert len(kept_frames()) == 1


# --- Closed pages --------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["login", "groups", "password"])
@pytest.mark.parametrize("first", ["may", "may not", "visitor"])
def test_a_closed_page_is_shown_to_nobody_who_may_not_see_it(article, kind, first):
    restriction = PageViewRestriction.objects.create(
        page=article, restriction_type=kind, password="sesam"
    )
    group = Group.objects.create(name="Slutna")
    restriction.groups.add(group)
    member, stranger, visitor = signed_in(), signed_in(), Client()
    member.user.groups.add(group)
    if kind == "password":
        # As Wagtail notes who has entered it.
        session = member.session
        session[PageViewRestriction.passed_view_restrictions_session_key] = [restriction.pk]
        session.save()
    readers = {"may": member, "may not": stranger, "visitor": visitor}
    readers = {first: readers[first]} | readers
    seen = {"may": True, "may not": kind == "login", "visitor": False}

    for _time in range(2):
        for name, client in readers.items():
            answer = client.get(article.url)
            assert ("Om rör</h1>" in answer.content.decode()) is seen[name], (name, answer)
    assert kept_frames() == []


def test_a_page_that_is_closed_later_is_closed_at_once(article, teacher):
    text(teacher, article.url)
    assert len(kept_frames()) == 1

    PageViewRestriction.objects.create(page=article, restriction_type="groups")

    assert teacher.get(article.url).status_code in (302, 403)


def test_a_draft_is_seen_by_the_giver_alone(listing, giver, teacher):
    url = listing.get_absolute_url()
    assert text(giver, url)
    assert text(teacher, url)
    MaterialListing.objects.filter(pk=listing.pk).update(live=False)

    for _time in range(2):
        assert "Bara du och dina kollegor" in text(giver, url)
        assert teacher.get(url).status_code == 404


# --- At once -------------------------------------------------------------------------------------


def test_a_change_is_seen_at_once(listing, article, teacher):
    url = listing.get_absolute_url()
    assert "Av bok" not in text(teacher, url)
    assert "Om garn" not in text(teacher, article.url)

    MaterialListing.objects.filter(pk=listing.pk).update(description="Av bok")
    ArticlePage.objects.filter(pk=article.pk).update(title="Om garn")

    assert "Av bok" in text(teacher, url)
    assert "Om garn" in text(teacher, article.url)


def test_what_others_take_is_gone_at_once(listing, teacher, other):
    url = listing.get_absolute_url()
    text(teacher, url)
    text(other, url)
    ask = request_reservation(
        listing=listing, organisation=organisation_of(other), by=other.user, quantity=10
    )
    accept_reservation(reservation=ask, by=None)

    assert f"/material/{listing.pk}/boka/" not in text(teacher, url)
    assert ask.get_absolute_url() in text(other, url)
    assert ask.get_absolute_url() not in text(teacher, url)


def test_what_leads_to_a_listing_is_read_once_it_is_opened(listing, teacher, other):
    url = listing.get_absolute_url()
    for client in (teacher, other):
        tell(client, listing)
    notify(users=[teacher.user], type="listing_approved", key="else", listing=ListingFactory())
    assert unread_of(text(teacher, "/")) == 2
    assert unread_of(text(other, "/")) == 1

    assert unread_of(text(teacher, url)) == 1
    assert unread_of(text(teacher, "/")) == 1
    assert teacher.user.notifications.filter(read_at=None).count() == 1
    assert unread_of(text(other, "/")) == 1
    assert unread_of(text(other, url)) == 0


def test_what_somebody_joins_or_leaves_shows_at_once(listing, teacher):
    url = listing.get_absolute_url()
    change = reverse("marketplace:offer_edit", args=[listing.pk])
    assert change not in text(teacher, url)

    joined = Membership.objects.create(user=teacher.user, organisation=listing.organisation)
    page = text(teacher, url)
    assert change in page
    assert SECRET["pickup_address"] in page

    joined.delete()
    page = text(teacher, url)
    assert change not in page
    assert SECRET["pickup_address"] not in page


def test_the_count_is_right_where_what_is_read_leads_elsewhere(listing, teacher):
    asked = request_reservation(
        listing=listing, organisation=organisation_of(teacher), by=teacher.user, quantity=1
    )
    notify(users=[teacher.user], type="listing_approved", key="a", listing=ListingFactory())
    notify(users=[teacher.user], type="idea_received", key="b", reservation=asked, idea_id=1)
    assert unread_of(text(teacher, "/")) == 2

    assert unread_of(text(teacher, asked.get_absolute_url())) == 1


# --- Only what is asked like by anybody ----------------------------------------------------------


def test_who_only_asks_for_the_head_gets_no_body_and_spoils_no_page(listing, article, teacher):
    for url in (listing.get_absolute_url(), article.url, "/material/", "/"):
        head = teacher.head(url)
        assert (head.status_code, head.content) == (200, b"")
        assert "</html>" in text(teacher, url)
        assert teacher.head(url).content == b""


def test_the_next_page_of_hits_is_the_next_page(teacher, other):
    for number in range(30):
        ListingFactory(title=f"Spillbit nummer {number}")
    refresh_all()

    for client in (teacher, other, teacher):
        first, second = text(client, "/material/"), text(client, "/material/?sida=2")
        titles = [set(re.findall(r"Spillbit nummer \d+", page)) for page in (first, second)]
        assert len(titles[0] | titles[1]) == 30
        assert not titles[0] & titles[1]


def test_an_address_with_something_else_is_answered_for_itself(listing, teacher):
    refresh_all()
    # The very first page may make settings, which is a change.
    for _time in range(2):
        text(teacher, "/material/")
    assert len(kept_frames()) == 1

    assert 'value="finnsinte"' in text(teacher, "/material/?q=finnsinte")
    assert 'value="finnsinte"' not in text(teacher, "/material/")
    assert text(teacher, listing.get_absolute_url() + "?x=1")

    assert len(kept_frames()) == 1


def test_a_part_of_the_page_is_no_page(listing, teacher):
    refresh_all()
    part = {"HX-Request": "true", "HX-Target": "search-body"}

    for _time in range(2):
        assert "<html" in text(teacher, "/material/")
        assert "<html" not in text(teacher, "/material/", headers=part)


@pytest.mark.parametrize("path", ["/material/", "/material/?sida=1", "/material/?sida=2"])
@pytest.mark.parametrize("is_visitor", [True, False])
def test_nobody_makes_a_part_of_the_page_the_page_of_others(teacher, other, path, is_visitor):
    for number in range(30):
        ListingFactory(title=f"Spillbit nummer {number}")
    refresh_all()
    # The very first pages may make settings, which is a change.
    for each in ("/", "/sok/", "/material/?sida=3", "/material/?q=bit"):
        text(Client(), each)
    first, second = (Client(), Client()) if is_visitor else (teacher, other)

    text(first, path, headers={"HX-Target": "search-body"})

    assert "<html" in text(second, path)


def test_what_a_draft_of_a_lesson_needs_is_not_shown_with_the_lesson(lesson, listing, teacher):
    other = CategoryFactory(name="Garn", slug="garn")
    ListingFactory(title="Ullgarn", category=other)
    editor = signed_in(UserFactory(is_superuser=True, is_staff=True))
    assert "Papprör" in text(teacher, lesson.url)
    lesson.materials = [LessonMaterial(category=other)]
    lesson.save_revision()

    shown = text(editor, reverse("wagtailadmin_pages:view_draft", args=[lesson.pk]))

    assert "Ullgarn" in shown
    for client in (teacher, Client()):
        page = text(client, lesson.url)
        assert "Papprör" in page
        assert "Ullgarn" not in page
    assert "Ullgarn" in text(editor, reverse("wagtailadmin_pages:view_draft", args=[lesson.pk]))


def test_what_is_like_a_draft_of_a_listing_is_not_shown_with_the_listing(listing, teacher):
    other = CategoryFactory(name="Garn", slug="garn")
    ListingFactory(title="Ullgarn", category=other)
    other_one = ListingFactory(title="Plaströr", category=listing.category)
    editor = signed_in(UserFactory(is_superuser=True, is_staff=True))
    url = listing.get_absolute_url()
    draft = MaterialListing.objects.get(pk=listing.pk)
    draft.category = other
    revision = draft.save_revision()
    # The very first pages may make settings, which is a change.
    for each in ("/", other_one.get_absolute_url()):
        text(Client(), each)
    view = "wagtailsnippets_marketplace_materiallisting:revisions_view"

    # The first look of an editor makes what each needs, which is a change.
    for _time in range(2):
        assert "Ullgarn" in text(editor, reverse(view, args=[listing.pk, revision.pk]))
    for client in (Client(), teacher):
        page = text(client, url)
        assert "Plaströr" in page
        assert "Ullgarn" not in page


def test_a_preview_shows_the_draft_as_a_visitor_will_see_it(article, teacher):
    editor = signed_in(UserFactory(is_superuser=True, is_staff=True))
    text(teacher, article.url)
    article.title = "Ett utkast"
    article.save_revision()

    shown = text(editor, reverse("wagtailadmin_pages:view_draft", args=[article.pk]))

    assert "Ett utkast" in shown
    assert number_of(shown) == ""
    assert 'href="/konto/login/' in shown
    assert "Ett utkast" not in text(teacher, article.url)
    assert "Ett utkast" not in text(editor, article.url)


# --- What the page is made of --------------------------------------------------------------------


def test_what_is_personal_must_not_stand_in_what_is_shared(teacher):
    template = Template('{% shared "part" %}{% personal way_in "header" %}{% endshared %}')
    request = RequestFactory().get("/")
    request.user = teacher.user

    with pytest.raises(TemplateSyntaxError, match="must not be shared"):
        template.render(Context({"request": request}))


def test_what_is_personal_needs_a_name():
    with pytest.raises(TemplateSyntaxError, match="needs a name"):
        Template("{% personal %}")


def view_of(source):
    """A view with a template that says `source`."""

    def view(request):
        return HttpResponse(Template(source).render(Context({"request": request})))

    return view


def frame_of(view, client):
    request = RequestFactory().get("/")
    request.user, request.session = client.user, client.session
    request.resolver_match = get_resolver().resolve("/")
    return frames.make_frame(request, view, (), {})


def test_what_is_the_same_for_all_is_kept(teacher):
    assert frame_of(view_of("Hej"), teacher).pieces == [b"Hej"]


@pytest.mark.parametrize(
    "source",
    [
        "{{ request.user.email }}",
        "{% if request.user.is_authenticated %}a{% else %}b{% endif %}",
        "{% if not request.user.is_authenticated %}a{% endif %}",
        "{% if 1 and request.session.acting_organisation == 3 %}a{% endif %}",
        "{{ request.session.counted_day }}",
        '<input name="csrfmiddlewaretoken" value="{{ token }}">',
    ],
)
def test_a_page_that_asks_who_reads_it_is_never_kept(teacher, source):
    def view(request):
        context = Context({"request": request})
        if "token" in source:
            context["token"] = get_token(request)
        return HttpResponse(Template(source).render(context))

    assert frame_of(view, teacher) is None


def test_a_page_that_asks_who_reads_it_and_hides_that_is_not_kept(teacher):
    def view(request):
        try:
            name = request.user.email
        except Exception:
            name = ""
        return HttpResponse(f"Hej {name}")

    assert frame_of(view, teacher) is None


def test_a_page_with_a_form_is_made_for_each(home, teacher, other):
    home.add_child(instance=FormPage(title="Kontakt", slug="kontakt"))
    token = r'name="csrfmiddlewaretoken" value="([^"]+)"'

    tokens = {re.search(token, text(client, "/kontakt/"))[1] for client in (teacher, other)}

    assert len(tokens) == 2
    assert kept_frames() == []


@pytest.mark.parametrize(
    "path",
    [
        "/finns-inte/",
        "/material/1/finns-inte/",
        f"/material/{'9' * 30}/x/",
        f"/tagg/{'9' * 30}/",
        "/material/?sida=9999",
        "/?sida=9999",
        "/sitemap-finns-inte.xml",
    ],
)
def test_an_invented_address_answers_as_ever_and_fills_no_memory(path, settings, teacher):
    answer = teacher.get(path)
    held = {key for key in caches["pages"]._cache if ":value:frame:" in key}
    settings.PAGE_CACHE_SECONDS = 0
    as_ever = teacher.get(path)

    assert (answer.status_code, answer.headers.keys()) == (
        as_ever.status_code,
        as_ever.headers.keys(),
    )
    assert bool(held) is (answer.status_code == 200)


def test_another_name_of_a_listing_leads_to_it(listing, teacher):
    for _time in range(2):
        answer = teacher.get(f"/material/{listing.pk}/annat-namn/")
        assert (answer.status_code, answer["Location"]) == (301, listing.get_absolute_url())
    assert not [key for key in caches["pages"]._cache if ":value:frame:" in key]


def test_what_goes_wrong_where_a_page_is_made_is_told_by_those_who_know_how(
    article, teacher, monkeypatch
):
    def serve(self, request, *args, **kwargs):
        raise throttling.TooOften

    monkeypatch.setattr(ArticlePage, "serve", serve)

    assert teacher.get(article.url).status_code == 429


def test_a_page_that_another_release_has_kept_is_made_again(article, teacher):
    text(teacher, article.url)
    cache = caches["pages"]
    for key in [each for each in cache._cache if ":value:frame:" in each]:
        strange = frames.Frame([b"Sedan", personal.Hole("not_there_yet")])
        cache.set(key.removeprefix(":1:"), Kept(strange, versions.current()), 300)
    assert len(kept_frames()) == 1

    assert "Om rör</h1>" in text(teacher, article.url)


# --- What stands around it -----------------------------------------------------------------------


def test_nobody_else_may_keep_what_is_made_for_one(listing, article, event, lesson, teacher):
    for url in (listing.get_absolute_url(), article.url, event.url, lesson.url, "/material/"):
        made, filled = teacher.get(url), teacher.get(url)
        for answer in (made, filled):
            assert answer["Cache-Control"] == "private, no-store"
            assert "Cookie" in answer["Vary"]
            assert "ETag" not in answer
        assert made.headers.keys() == filled.headers.keys()


def test_a_page_says_that_a_part_of_it_has_the_same_address(teacher):
    for path in ("/material/", "/sok/"):
        assert {"HX-Request", "HX-Target"} <= set(teacher.get(path)["Vary"].split(", "))
        assert {"HX-Request", "HX-Target"} <= set(Client().get(path)["Vary"].split(", "))


def test_what_is_read_is_counted_for_who_watches_the_site(article, teacher, settings):
    settings.METRICS_TOKEN = "watch"
    text(teacher, article.url)

    def counted():
        told = text(Client(), "/halsa/matt", headers={"Authorization": "Bearer watch"})
        found = re.search(
            r'http_requests_total_by_view_transport_method_total{method="GET",transport="http",'
            r'view="wagtail_serve"} (\d+)',
            told,
        )
        return int(found[1])

    before = counted()
    text(teacher, article.url)
    assert counted() == before + 1


def test_who_reads_what_is_kept_is_counted_among_the_active(article, teacher, other):
    text(other, article.url)
    assert not UserDay.objects.filter(user=teacher.user).exists()

    text(teacher, article.url)

    assert UserDay.objects.filter(user=teacher.user).count() == 1


def test_who_has_signed_out_or_lost_the_account_reads_as_a_visitor(article, teacher, other):
    for client in (teacher, other):
        assert number_of(text(client, article.url)) == str(client.user.pk)

    teacher.logout()
    other.user.is_active = False
    other.user.save()

    for client in (teacher, other):
        assert number_of(text(client, article.url)) == ""
