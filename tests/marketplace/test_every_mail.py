"""All mail that the exchange sends: nothing is forgotten, links lead somewhere, nobody gets two."""

import re
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.contrib.auth.models import Group
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.utils import timezone
from django.utils.translation import override

from marketplace import ideas, notifications, organisations, services, tasks, wanted
from marketplace.models import Idea, Notification, WantedAd
from portal.letters import letter_from
from tests.factories import (
    CategoryFactory,
    CompanyFactory,
    ListingFactory,
    MembershipFactory,
    SchoolFactory,
    UserFactory,
    picture_bytes,
)
from tests.test_permissions_table import world  # noqa: F401  # a fixture

pytestmark = pytest.mark.django_db

# Mail that is not a notification. What each holds is read by tests of its own.
LETTERS = {
    "account_inactive",
    "invitation",
    "saved_search_mail",
    "summary",
    "yearly_report",
}
TIME_ZONE = ZoneInfo(settings.TIME_ZONE)
TEMPLATES = Path(settings.BASE_DIR) / "templates" / "email"


def test_every_mail_has_subject_and_words_and_is_known():
    subjects = {path.name.removesuffix("_subject.txt") for path in TEMPLATES.glob("*_subject.txt")}
    without_words = {name for name in subjects if not (TEMPLATES / f"{name}.txt").exists()}

    assert subjects == notifications.KINDS.keys() | LETTERS
    # Hits of a saved search come in `saved_search_mail`; the inbox shows only their subject.
    assert without_words == {"saved_search"}


# --- Links ----------------------------------------------------------------------------------------

# Whom a kind of notification is sent to, as a role of the permission table.
READERS = {
    "company": {
        "listing_approved",
        "listing_changes_requested",
        "listing_rejected",
        "regular_offer",
        "import_published",
        "reservation_requested",
        "reservation_reminder",
        "reservation_prolonged",
        "waiting_taken",
        "idea_received",
        "idea_published",
    },
    "editor": {"listing_submitted", "import_submitted", "wanted_submitted", "ideas_submitted"},
    "coordinator": {"organisation_to_approve", "organisation_left", "problem_reported"},
}


def reader_of(kind):
    return next((role for role, kinds in READERS.items() if kind in kinds), "school")


def notification_of(kind, world):  # noqa: F811
    """A notification of a kind about what is in the world."""
    about = {"listing": world["listing"], "organisation": world["school"]}
    if kind.startswith(("reservation", "pickup", "handover", "thanks", "problem", "message")):
        about = {"reservation": world["agreed"], "listing": world["agreed"].listing}
    if kind == "waiting_taken":
        about["reservation"] = world["reservation"]
    if kind.startswith(("import", "listing", "regular")):
        about["organisation"] = world["company"]
    return Notification.objects.create(
        user=world["users"][reader_of(kind)],
        kind=kind,
        key=kind,
        context={
            "by": "Kim",
            "text": "Hej!",
            "comment": "Hur långa?",
            "title": "Tubes",
            "quantity": "2.000",
            "unit": "st",
            "mass": "1.000",
            "sender": "Björkskolan",
            "person": "Kim",
            "email": "kim@example.org",
            "idea_id": world["idea"].pk,
            "idea_title": "Robot",
            "wanted_id": world["wanted"].pk,
            "wanted_title": "Boxes",
            "waiting_id": world["place"].pk,
            "regular_id": world["regular"].pk,
            "asked_on": "2026-03-02",
            "rows": 2,
            "file": "a.csv",
            "url": "/sok/?q=tubes",
            "name": "Tubes",
            "count": 2,
            "until": "2026-05-21T14:30:00+02:00",
        },
        **about,
    )


def links(email):
    found = re.findall(r"https?://[^\s\"<>]+", email.message + " " + email.html_message)
    return {link.removeprefix(settings.WAGTAILADMIN_BASE_URL.rstrip("/")) for link in found}


@pytest.mark.parametrize("language", ["sv", "en"])
def test_every_link_leads_its_reader_somewhere(client, world, language):  # noqa: F811
    ideas.let_through(idea=world["idea"], by=world["users"]["school"])
    broken = []
    for kind in sorted(notifications.KINDS.keys() - {"saved_search"}):
        notification = notification_of(kind, world)
        notification.user.language = language
        client.force_login(notification.user, backend="django.contrib.auth.backends.ModelBackend")
        for link in links(notifications.write_mail(notification)):
            status = client.get(link).status_code
            if status not in (200, 301, 302):
                broken.append((kind, reader_of(kind), link, status))

    assert broken == []


def test_mail_has_one_button_with_the_same_link_in_text_and_html(world):  # noqa: F811
    for kind in sorted(notifications.KINDS.keys() - {"saved_search"}):
        email = notifications.write_mail(notification_of(kind, world))

        (button,) = re.findall(r'class="mail__button" href="([^"]+)"', email.html_message)
        assert button in email.message, kind


@pytest.mark.parametrize(
    ("language", "subject_words", "words"),
    [
        ("sv", "I morgon kl. 14.30:", "den 3 december 2026 kl.\N{NO-BREAK SPACE}14.30."),
        ("en", "Tomorrow 14:30:", "on 3 December 2026, 14:30."),
    ],
)
def test_times_are_written_as_the_reader_writes_them(world, language, subject_words, words):  # noqa: F811
    notification = notification_of("pickup_tomorrow", world)
    notification.user.language = language
    notification.reservation.pickup_at = datetime(2026, 12, 3, 14, 30, tzinfo=TIME_ZONE)

    email = notifications.write_mail(notification)

    assert email.subject.startswith(subject_words)
    assert words in email.message


# --- Plural forms ---------------------------------------------------------------------------------


def subject(kind, **context):
    organisation = CompanyFactory.build(name="Furan AB")
    notification = Notification(user=UserFactory.build(), kind=kind, context=context)
    notification.organisation = organisation
    return notifications.subject_of(notification)


@pytest.mark.parametrize(
    ("language", "rows", "words"),
    [
        ("sv", 1, "1 annons från"),
        ("sv", 2, "2 annonser från"),
        ("en", 1, "1 listing from"),
        ("en", 2, "2 listings from"),
    ],
)
def test_listings_of_a_spreadsheet_are_counted_in_words(language, rows, words):
    with override(language):
        assert words in subject("import_submitted", rows=rows, file="a.csv")


@pytest.mark.parametrize(
    ("language", "count", "words"),
    [
        ("sv", 1, "1 sak har hänt"),
        ("sv", 2, "2 saker har hänt"),
        ("en", 1, "1 thing has happened"),
        ("en", 2, "2 things have happened"),
    ],
)
def test_a_summary_counts_in_words(world, language, count, words):  # noqa: F811
    user = world["users"]["school"]
    user.language = language
    told = [notification_of(kind, world) for kind in ("message", "thanks")[:count]]

    assert words in notifications.write_summary(user, told).subject


@pytest.mark.parametrize(
    ("language", "days", "words"),
    [
        ("sv", 1, "Om 1 dag "),
        ("sv", 30, "Om 30 dagar "),
        ("en", 1, "In 1 day "),
        ("en", 30, "In 30 days "),
    ],
)
def test_the_last_days_of_an_account_are_counted_in_words(language, days, words):
    with override(language):
        letter = letter_from("account_inactive", to="a@example.org", values={"days": days})

    assert words in letter.body


# --- Nobody gets two ------------------------------------------------------------------------------


@pytest.fixture
def people(db):
    """Two members on each side, a coordinator of both municipalities, and an editor."""
    call_command("setup_portal", verbosity=0)
    company = CompanyFactory()
    school = SchoolFactory(municipality=company.municipality)
    editor, coordinator = UserFactory(), UserFactory()
    editor.groups.add(Group.objects.get(name="Editors"))
    company.municipality.coordinators.add(coordinator)
    return {
        "sellers": [MembershipFactory(organisation=company).user for _each in range(2)],
        "teachers": [MembershipFactory(organisation=school).user for _each in range(2)],
        "editor": editor,
        "company": company,
        "school": school,
    }


class Steps:
    """Things that people do one after the other, and how many mails each got of it."""

    def __init__(self, commits):
        self.commits = commits
        self.sent, self.done = {}, {}

    def __call__(self, name, action):
        mail.outbox.clear()
        with self.commits(execute=True):
            self.done[name] = action()
        self.sent[name] = Counter(message.to[0] for message in mail.outbox)

    def with_two(self):
        return {name for name, counts in self.sent.items() if max(counts.values(), default=0) > 1}

    def without_any(self):
        return {name for name, counts in self.sent.items() if not counts}


@pytest.fixture
def step(django_capture_on_commit_callbacks):
    return Steps(django_capture_on_commit_callbacks)


def test_no_step_of_the_exchange_sends_anybody_two(client, people, step):
    seller, teacher, editor = people["sellers"][0], people["teachers"][0], people["editor"]
    company, school = people["company"], people["school"]
    listing = ListingFactory(organisation=company, draft=True, title="Papprör")
    done = step.done

    def approve(snippet):
        snippet.current_workflow_task_state.approve(user=editor)
        snippet.refresh_from_db()

    def pupil():
        handover = done["hand over"]
        invitation = ideas.invite_class(handover=handover, by=teacher)
        client.post(
            invitation.get_absolute_url(),
            {
                "kind": "made",
                "title": "Kulbanan",
                "text": "Lång!",
                "age_group": "f-3",
                "signed": "2B",
                "no_faces": "on",
                "photos": SimpleUploadedFile("a.jpg", picture_bytes(), "image/jpeg"),
            },
        )
        return Idea.objects.get()

    def reservation():
        done["ask"].refresh_from_db()
        return done["ask"]

    ad = WantedAd(
        organisation=school,
        title="Kartonger",
        description="Till kojor.",
        category=CategoryFactory(),
    )
    step("send a listing", lambda: services.submit_listing(listing=listing, by=seller))
    step("publish it", lambda: approve(listing))
    step(
        "ask",
        lambda: services.request_reservation(
            listing=listing, organisation=school, by=teacher, quantity=2
        ),
    )
    step("promise", lambda: services.accept_reservation(reservation=reservation(), by=seller))
    step(
        "write",
        lambda: services.post_message(reservation=reservation(), by=teacher, text="När?"),
    )
    step(
        "hand over",
        lambda: services.confirm_handover(
            reservation=reservation(), by=teacher, quantity=2, mass_kg=1, would_have_bought="no"
        ),
    )
    step("thank", lambda: services.say_thanks(reservation=reservation(), by=teacher, text="Tack!"))
    step(
        "report",
        lambda: services.report_problem(reservation=reservation(), by=teacher, text="Spik"),
    )
    step("send an idea", pupil)
    idea = Idea.objects.get()
    step("let it through", lambda: ideas.let_through(idea=idea, by=teacher))
    step("thank for it", lambda: ideas.thank(idea=idea, by=seller))
    step("take it further", lambda: ideas.take_further(idea=idea, by=seller))
    step(
        "write about it",
        lambda: ideas.write(idea=idea, by=seller, organisation=company, text="Hur lång?"),
    )
    step("publish the idea", lambda: approve(idea))
    step("send an ad", lambda: wanted.submit_wanted_ad(wanted_ad=ad, by=teacher))
    step("publish the ad", lambda: approve(ad))
    step(
        "answer the ad",
        lambda: wanted.answer_wanted_ad(
            wanted_ad=ad, organisation=company, by=seller, text="Vi har"
        ),
    )

    assert step.with_two() == set()
    assert step.without_any() == set()


def test_no_step_beside_it_sends_anybody_two(people, step):
    seller, teacher = people["sellers"][0], people["teachers"][0]
    company, school = people["company"], people["school"]
    next_in_line, newcomer = MembershipFactory(organisation=SchoolFactory()), UserFactory()
    listing = ListingFactory(organisation=company, stock__offered=2)
    ad = WantedAd.objects.create(title="Rör", organisation=school, category=listing.category)
    at = timezone.now() + timedelta(days=3)
    held = services.request_reservation(
        listing=listing, organisation=school, by=teacher, quantity=2
    )
    services.accept_reservation(reservation=held, by=seller)
    place = services.join_line(
        listing=listing, organisation=next_in_line.organisation, by=next_in_line.user, quantity=1
    )

    def current(thing):
        thing.refresh_from_db()
        return thing

    step("prolong", lambda: services.prolong_reservation(reservation=current(held), by=teacher))
    step(
        "propose a time",
        lambda: services.propose_pickup(reservation=current(held), by=teacher, pickup_at=at),
    )
    step("agree", lambda: services.agree_pickup(reservation=current(held), by=seller))
    step("give it back", lambda: services.cancel_reservation(reservation=current(held), by=teacher))
    step("take it", lambda: services.take_offer(place=current(place), by=next_in_line.user))
    step("answer an ad", lambda: answer_with(listing, ad, seller))
    step("invite", lambda: organisations.invite(organisation=company, email="a@b.se", by=seller))
    step("ask to join", lambda: organisations.ask_to_join(organisation=company, by=newcomer))
    step("let in", lambda: organisations.accept_member(membership=step.done["ask to join"]))
    told = {name: set(counts) for name, counts in step.sent.items()}

    assert step.with_two() == set()
    assert step.without_any() == set()
    assert next_in_line.user.email in told["give it back"]

    # What has been told at once comes in no summary, and no job that runs later tells it again.
    step("what time brings", lambda: call_command("periodic", verbosity=0))

    assert step.sent["what time brings"] == {}


def answer_with(listing, ad, seller):
    return wanted.answer_wanted_ad(
        wanted_ad=ad, organisation=listing.organisation, by=seller, listing=listing
    )


def test_no_question_that_time_brings_is_asked_twice(people, step):
    seller, teacher = people["sellers"][0], people["teachers"][0]
    listing = ListingFactory(organisation=people["company"], recurrence="weekly")
    morning = timezone.localtime().replace(hour=9, minute=0)
    promised = services.request_reservation(
        listing=listing,
        organisation=people["school"],
        by=teacher,
        quantity=1,
        pickup_at=morning + timedelta(days=1, hours=6),
    )
    services.accept_reservation(reservation=promised, by=seller)
    promised.refresh_from_db()
    if not promised.pickup_agreed_at:
        services.agree_pickup(reservation=promised, by=seller)
    regular = services.follow_regular_offer(listing)
    regular.next_on = morning.date()
    regular.save()

    step("remind of a pickup", lambda: services.remind_of_pickups(morning))
    step("ask about leftovers", lambda: services.ask_about_regular_offers(morning))

    assert step.with_two() == set()
    assert step.without_any() == set()

    step("remind again", lambda: services.remind_of_pickups(morning))
    step("ask again", lambda: services.ask_about_regular_offers(morning))

    assert step.sent["remind again"] == step.sent["ask again"] == {}


@pytest.mark.parametrize("frequency", ["at_once", "daily", "weekly"])
def test_what_happened_comes_at_once_or_in_one_summary(people, step, frequency):
    seller = people["sellers"][0]
    tasks.choose_frequency(user=seller, frequency=frequency)

    def time_passes(days):
        later = timezone.now() + timedelta(days=days)
        tasks.send_forgotten(later)
        tasks.send_summaries(later)

    step(
        "ask",
        lambda: services.request_reservation(
            listing=ListingFactory(organisation=people["company"]),
            organisation=people["school"],
            by=people["teachers"][0],
            quantity=1,
        ),
    )
    step("a week passes", lambda: time_passes(8))
    step("two weeks pass", lambda: time_passes(16))
    tasks.choose_frequency(user=seller, frequency="daily")
    step("three weeks pass", lambda: time_passes(24))

    assert sum(counts[seller.email] for counts in step.sent.values()) == 1
