"""Events: bookings and the waiting list, what people are told, and where events are shown."""

import json
from datetime import timedelta
from decimal import Decimal

import pytest
from bs4 import BeautifulSoup
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import override
from icalendar import Calendar
from wagtail.models import Locale

from inspiration.campaigns.models import CampaignPage
from inspiration.events.models import EventOccasion, EventPage
from inspiration.events.services import follow_page
from inspiration.newsletter.emails import Issue
from inspiration.newsletter.models import Newsletter, NewsletterItem
from inspiration.pages.models import HomePage, InspirationIndexPage
from marketplace.exchange.calendar_entries.services import renew_feed
from marketplace.exchange.handovers.facts import HandoverFacts
from marketplace.exchange.handovers.services import record_handover
from marketplace.notifications.models import Notification
from marketplace.occasions.errors import AlreadyBooked, BookingClosed, NotApproved, TooManyPlaces
from marketplace.occasions.models import Booking, Occasion
from marketplace.occasions.services import book as book_places
from marketplace.occasions.services import cancel_booking, remind_of_bookings
from marketplace.organisations.models import Organisation
from portal.site.retention.services import apply_retention
from search.index.entries import refresh_all
from search.index.models import SearchEntry
from tests.factories import (
    CompanyFactory,
    ListingFactory,
    MembershipFactory,
    MunicipalityFactory,
    SchoolFactory,
    StockFactory,
    UserFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("portal")]


@pytest.fixture
def site(db):
    home = HomePage.objects.get()
    return home.add_child(
        instance=InspirationIndexPage(title="Händelser", slug="handelser", locale=home.locale)
    )


@pytest.fixture
def event(site):
    """A function that makes a published event, a week from now unless it says otherwise."""

    def make(*, days=7, parent=site, **fields):
        start = timezone.now() + timedelta(days=days)
        page = EventPage(
            **{
                "title": "Utlämningsdag",
                "slug": "utlamningsdag",
                "summary": "Kom och hämta.",
                "starts_at": start,
                "ends_at": start + timedelta(hours=3),
                "venue": "Återbruket",
                "town": "Bjuv",
                "places": 3,
                "most_per_booking": 2,
                "locale": parent.locale,
            }
            | fields
        )
        parent.add_child(instance=page)
        page.save_revision().publish()
        return EventPage.objects.get(pk=page.pk)

    return make


def member(organisation=None):
    return MembershipFactory(organisation=organisation or SchoolFactory()).user


def book(event, people=1, user=None):
    user = user or member()
    organisation = Organisation.objects.get(memberships__user=user)
    return book_places(occasion=event.occasion, organisation=organisation, by=user, people=people)


def told(booking):
    users = booking.organisation.active_members()
    found = Notification.objects.filter(user__in=users).order_by("pk")
    return list(found.values_list("type", flat=True))


# --- Places --------------------------------------------------------------------------------------


def test_who_comes_when_all_is_taken_stands_in_line_and_gets_what_comes_free(event):
    page = event()
    first, second = book(page, 2), book(page, 1)
    third, fourth = book(page, 2), book(page, 1)

    assert [each.state for each in (first, second, third, fourth)] == [
        "booked",
        "booked",
        "waiting",
        "waiting",
    ]
    assert (third.position, fourth.position) == (1, 2)

    cancel_booking(booking=first, by=first.created_by)

    third.refresh_from_db()
    fourth.refresh_from_db()
    assert (third.state, fourth.state) == ("booked", "waiting")
    assert told(third) == ["place_waiting", "place_free"]
    assert page.occasion.taken == 3


def test_what_has_been_withdrawn_is_known_only_to_those_who_have_booked(event, client):
    page = event(title="Dold dag")
    booked = member()
    book(page, user=booked)
    path = f"/mitt/platser/{page.occasion.pk}/boka/"
    stranger = member()
    page.unpublish()
    follow_page(EventPage.objects.get(pk=page.pk))

    client.force_login(booked)
    told_again = client.post(path, {"people": 1})
    assert told_again.status_code == 200
    assert "Dold dag" in told_again.content.decode()

    client.force_login(stranger)
    answer = client.post(path, {"people": 1})
    assert answer.status_code == 404
    assert "Dold dag" not in answer.content.decode()
    client.logout()
    assert "Dold dag" not in client.post(path, {"people": 1}, follow=True).content.decode()


def test_nobody_passes_the_line(event):
    page = event()
    book(page, 2)
    waits = book(page, 2)

    later = book(page, 1)

    assert (waits.state, later.state) == ("waiting", "waiting")


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"days": -2}, BookingClosed),
        ({"called_off": True}, BookingClosed),
        ({"book_until": timezone.now() - timedelta(hours=1)}, BookingClosed),
    ],
)
def test_what_cannot_be_booked_says_so(event, fields, error):
    with pytest.raises(error):
        book(event(**fields))


def test_an_organisation_books_once_within_its_bounds_and_once_approved(event):
    page = event(places=9)
    user = member()
    with pytest.raises(TooManyPlaces):
        book(page, 3, user)
    book(page, 2, user)
    with pytest.raises(AlreadyBooked):
        book(page, 1, user)
    with pytest.raises(NotApproved):
        book(page, 1, member(SchoolFactory(approval="pending")))

    assert page.occasion.taken == 2


def test_the_database_itself_refuses_more_than_there_are(event):
    seats = event().occasion

    with pytest.raises(IntegrityError), transaction.atomic():
        Occasion.objects.filter(pk=seats.pk).update(taken=4)
    assert Occasion.objects.filter(pk=seats.pk).update(taken=3) == 1


def test_more_places_are_given_to_the_line_and_fewer_take_nobodys(event):
    page = event()
    book(page, 2)
    waits = book(page, 2)

    page.places = 4
    page.save_revision().publish()
    waits.refresh_from_db()
    assert waits.state == "booked"

    page.places = 1
    page.save_revision().publish()
    seats = page.occasion
    assert (seats.places, seats.taken) == (4, 4)


# --- On the site ---------------------------------------------------------------------------------


def test_an_event_without_places_is_only_told_of_until_it_gets_some(event):
    page = event(places=None)
    assert not EventOccasion.objects.exists()

    page.places = 2
    page.save_revision().publish()

    assert EventOccasion.objects.get().occasion.places == 2


def booking_url(page):
    return f"/mitt/platser/{page.occasion.pk}/boka/"


def cancelling_url(booking):
    return f"/mitt/platser/bokning/{booking.pk}/avboka/"


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def test_a_teacher_books_and_cancels_on_the_page(event):
    page = event()
    user = member()
    client = signed_in(user)
    organisation = Organisation.objects.get(memberships__user=user)

    data = {"organisation": organisation.pk, "people": "2"}
    answer = client.post(booking_url(page), data, follow=True)
    client.post(booking_url(page), data)

    booking = page.occasion.bookings.get()
    assert booking.people == 2
    assert "1 plats kvar" in answer.content.decode()
    assert page.title in client.get("/mitt/").content.decode()

    client.post(cancelling_url(booking))
    booking.refresh_from_db()
    assert booking.state == "cancelled"


def test_too_many_places_are_explained_beside_the_field(event):
    page = event()
    user = member()
    organisation = Organisation.objects.get(memberships__user=user)

    answer = signed_in(user).post(
        booking_url(page),
        {"organisation": organisation.pk, "people": "9"},
    )

    soup = BeautifulSoup(answer.content, "html.parser")
    assert soup.select_one("#id_people_error") is not None
    assert soup.select_one("[name=people]")["value"] == "9"
    assert not page.occasion.bookings.exists()


def test_strangers_neither_book_for_others_nor_cancel_theirs(event):
    page = event()
    booking = book(page)
    stranger = signed_in(member())

    stranger.post(booking_url(page), {"organisation": booking.organisation_id, "people": "1"})
    refused = stranger.post(cancelling_url(booking))

    assert refused.status_code == 403
    assert list(page.occasion.bookings.open()) == [booking]
    assert Client().post(booking_url(page), {"people": "1"}).status_code == 302
    assert signed_in(UserFactory()).post(booking_url(page), {}).status_code == 403
    assert stranger.get(booking_url(page)).status_code == 405


def test_the_page_tells_search_engines_that_it_is_an_event(event):
    page = event(places=1, host=CompanyFactory(name="Snickeriet"))
    book(page)

    soup = BeautifulSoup(Client().get(page.url).content, "html.parser")
    graph = json.loads(soup.find("script", type="application/ld+json").string)["@graph"]

    found = next(each for each in graph if each["@type"] == "Event")
    assert found["location"]["name"] == "Återbruket"
    assert found["organizer"]["name"] == "Snickeriet"
    assert found["offers"]["availability"] == "https://schema.org/SoldOut"
    assert found["startDate"].startswith(f"{page.day}")


def test_a_translation_shares_the_bookings(event, site):
    page = event()
    english = Locale.objects.get(language_code="en")
    for each in (site.get_parent().specific, site):
        each.copy_for_translation(english).save_revision().publish()
    translated = page.copy_for_translation(english)
    translated.title = "Hand-out day"
    translated.save_revision().publish()
    user = member()
    organisation = Organisation.objects.get(memberships__user=user)

    signed_in(user).post(booking_url(translated), {"organisation": organisation.pk, "people": "1"})

    assert page.occasion.bookings.get().organisation == organisation
    assert not EventOccasion.objects.filter(event=translated).exists()
    assert "2 places left" in Client().get(translated.url).content.decode()


# --- Told ----------------------------------------------------------------------------------------


def test_a_reminder_comes_once_the_morning_before(event):
    page = event(days=1)
    booking = book(page)
    early = timezone.localtime().replace(hour=7, minute=0)
    morning = timezone.localtime().replace(hour=8, minute=0)

    assert [remind_of_bookings(each) for each in (early, morning, morning)] == [0, 1, 0]
    assert told(booking).count("place_tomorrow") == 1


def test_a_new_time_and_a_call_off_are_told_once(event):
    page = event()
    booking, gone = book(page), book(page)
    cancel_booking(booking=gone, by=gone.created_by)

    page.starts_at += timedelta(hours=1)
    page.save_revision().publish()
    follow_page(EventPage.objects.get(pk=page.pk))
    page.called_off = True
    page.save_revision().publish()
    follow_page(EventPage.objects.get(pk=page.pk))

    assert told(booking) == ["place_booked", "place_moved", "place_called_off"]
    assert told(gone) == ["place_booked"]


def test_calendars_have_the_event(event):
    page = event()
    booking = book(page)
    feed = renew_feed(booking.created_by)

    for address in (
        page.url + "kalender/",
        "/handelser/kalender.ics",
        f"/kalender/{feed.token}.ics",
    ):
        calendar = Calendar.from_ical(Client().get(address).content)
        assert [str(each["summary"]) for each in calendar.walk("VEVENT")] == [page.title]


def test_what_is_over_leaves_the_common_calendar(event):
    event(days=-2)

    calendar = Calendar.from_ical(Client().get("/handelser/kalender.ics").content)

    assert not calendar.walk("VEVENT")


# --- Where it is shown ---------------------------------------------------------------------------


def test_it_is_found_by_search_until_it_is_over(event):
    place = MunicipalityFactory(slug="bjuv", name="Bjuv")
    page = event(municipality=place)
    refresh_all()
    found = Client().get("/sok/?q=utlämningsdag&typ=handelse&kommun=bjuv").content.decode()
    assert page.title in found
    with override("sv"):
        assert capfirst(page.when) in found
        assert date_format(timezone.localtime(page.starts_at), "l") in page.when

    EventPage.objects.update(
        starts_at=timezone.now() - timedelta(days=3), ends_at=timezone.now() - timedelta(days=2)
    )
    refresh_all()

    assert not SearchEntry.objects.visible().filter(type="handelse").exists()
    assert SearchEntry.objects.filter(type="handelse").exists()


def test_lists_have_the_next_first_and_what_is_over_last(event, site):
    for days, title in ((9, "Senare"), (-3, "Förra"), (2, "Snart"), (-9, "Längesen")):
        event(days=days, title=title, slug=title.lower())

    soup = BeautifulSoup(Client().get(site.url).content, "html.parser")

    assert [each.get_text(strip=True) for each in soup.select(".card__title")] == [
        "Snart",
        "Senare",
        "Förra",
        "Längesen",
    ]


def test_home_campaign_and_newsletter_show_it(event, site):
    home = HomePage.objects.get()
    today = timezone.localdate()
    campaign = CampaignPage(
        title="Kartong", slug="kartong", starts_on=today, ends_on=today, goal=1, locale=home.locale
    )
    site.add_child(instance=campaign)
    campaign.save_revision().publish()
    page = event(campaign=campaign)
    home.sections = json.dumps(
        [{"type": "newest", "value": {"title": "På gång", "kind": "EventPage"}}]
    )
    home.save_revision().publish()
    issue = Newsletter.objects.create(name="November")
    NewsletterItem.objects.create(newsletter=issue, page=page)

    client = Client()
    assert page.title in client.get("/").content.decode()
    assert page.title in client.get(campaign.url).content.decode()
    assert campaign.title in client.get(page.url).content.decode()
    (told_of,) = Issue(issue).pages("sv")
    assert page.where in told_of["summary"]


def test_a_hand_out_day_says_what_its_host_gave_that_day(event):
    host = CompanyFactory()
    page = event(days=-1, host=host)
    listing = ListingFactory(organisation=host, stock=None)
    StockFactory(listing=listing, offered=100, unit="kg", kg_per_unit=1)
    for day, kilos in ((page.day, 12), (page.day - timedelta(days=1), 7)):
        record_handover(
            listing=listing,
            receiver=SchoolFactory(),
            facts=HandoverFacts(quantity=Decimal(kilos), mass_kg=Decimal(kilos), on=day),
        )

    assert page.kilograms == Decimal(12)
    assert "12" in BeautifulSoup(Client().get(page.url).content, "html.parser").get_text()


def test_bookings_go_a_year_after_the_event(event):
    kept, old = book(event()), book(event(slug="forr", title="Förr"))
    long_ago = timezone.now() - timedelta(days=400)
    Occasion.objects.filter(pk=old.occasion_id).update(
        starts_at=long_ago, ends_at=long_ago + timedelta(hours=1)
    )

    apply_retention()

    assert list(Booking.objects.all()) == [kept]
