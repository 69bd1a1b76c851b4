"""All mail that the exchange sends: nothing is forgotten, links lead somewhere, nobody gets two."""

import re
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.utils import timezone
from django.utils.translation import override

from marketplace.exchange.handovers.services import confirm_handover
from marketplace.exchange.notes.services import report_problem, say_thanks
from marketplace.exchange.reservations.deadlines import remind_of_pickups
from marketplace.exchange.reservations.services import (
    accept_reservation,
    agree_pickup,
    cancel_reservation,
    post_message,
    prolong_reservation,
    propose_pickup,
    request_reservation,
)
from marketplace.exchange.waiting_list.services import join_line, take_offer
from marketplace.ideas.models import Idea
from marketplace.ideas.services import adopt_idea, approve_idea, invite_class, thank, write
from marketplace.notifications.delivery import subject_of, write_mail
from marketplace.notifications.digests import choose_frequency, send_summaries, write_summary
from marketplace.notifications.models import Notification
from marketplace.notifications.tasks import requeue_stalled_notifications
from marketplace.notifications.types import NOTIFICATION_TYPES
from marketplace.offers.regular.services import ask_about_regular_offers, follow_regular_offer
from marketplace.offers.services import submit_listing
from marketplace.organisations.membership.services import accept_member, ask_to_join, invite
from marketplace.wanted.models import WantedAd
from marketplace.wanted.services import answer_wanted_ad, submit_wanted_ad
from portal.foundation import throttling
from portal.foundation.mail.rendering import render_email_from
from tests.factories import (
    CategoryFactory,
    CompanyFactory,
    ListingFactory,
    MembershipFactory,
    SchoolFactory,
    UserFactory,
    give,
    picture_bytes,
)
from tests.security.conftest import world  # noqa: F401  # a fixture

pytestmark = pytest.mark.django_db

# Mail that is not a notification. What each holds is read by tests of its own.
LETTERS = {
    "account_inactive",
    "address_replaced",
    "factors_reset",
    "invitation",
    "new_address",
    "role_given",
    "saved_search_mail",
    "summary",
    "yearly_report",
}
TIME_ZONE = ZoneInfo(settings.TIME_ZONE)
TEMPLATES = Path(settings.BASE_DIR) / "templates" / "email"


def test_every_mail_has_subject_and_words_and_is_known():
    subjects = {path.name.removesuffix("_subject.txt") for path in TEMPLATES.glob("*_subject.txt")}
    without_words = {name for name in subjects if not (TEMPLATES / f"{name}.txt").exists()}

    assert subjects == NOTIFICATION_TYPES.keys() | LETTERS
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
        "wanted_asked",
        "sharing_ready",
        "listing_question",
        "listing_unplaced",
        "idea_published",
    },
    "editor": {
        "listing_submitted",
        "import_submitted",
        "wanted_submitted",
        "ideas_submitted",
        "tip_submitted",
        "text_submitted",
        "page_refused",
        "late_for_next",
    },
    "translator": {"text_approved", "text_changes_requested", "text_rejected"},
    "steering": {"late_in_numbers"},
    "coordinator": {
        "identity_to_review",
        "organisation_to_approve",
        "organisation_left",
        "problem_reported",
        "late_for_coordinator",
        "transport_taken_off",
    },
}


def reader_of(type):
    return next((role for role, kinds in READERS.items() if type in kinds), "school")


def notification_of(type, world):  # noqa: F811
    """A notification of a kind about what is in the world."""
    about = {"listing": world["listing"], "organisation": world["school"]}
    if type.startswith(
        ("reservation", "pickup", "handover", "thanks", "problem", "message", "transport", "joint")
    ) or type in ("hub_arrived", "hub_collected", "hub_last_days"):
        about = {"reservation": world["agreed"], "listing": world["agreed"].listing}
    if type == "waiting_taken":
        about["reservation"] = world["reservation"]
    if type.startswith(("import", "listing", "regular")):
        about["organisation"] = world["company"]
    return Notification.objects.create(
        user=world["users"][reader_of(type)],
        type=type,
        key=type,
        context={
            "by": "Kim",
            "text": "Hej!",
            "comment": "Hur långa?",
            "title": "Tubes",
            "quantity": "2.000",
            "unit": "st",
            "mass": "1.000",
            "carrier": "Vaktmästeriet",
            "hub": "Återbruket",
            "slug": world["hub"].slug,
            "run": world["tour"].run_id,
            "receiver": "Björkskolan",
            "kept_until": "2026-12-22",
            "opens_at": "2026-12-21T12:00:00+00:00",
            "closes_at": "2026-12-21T14:00:00+00:00",
            "day": "2026-12-08",
            "place": "Björkskolan",
            "fetch": "9.30–10.30",
            "leave": "11.00–12.00",
            "minutes": 30,
            "sender": "Björkskolan",
            "person": "Kim",
            "email": "kim@example.org",
            "idea_id": world["idea"].pk,
            "idea_title": "Robot",
            "tip_id": world["tip"].pk,
            "tip_title": "In the stairs",
            "text_id": world["translated"].pk,
            "text_title": "Cardboard tubes",
            "original": "Papprör",
            "wanted_id": world["wanted"].pk,
            "wanted_title": "Boxes",
            "question_id": world["question"].pk,
            "listing_question_id": world["listing_question"].pk,
            "school": "Björkskolan",
            "amount": "20 st",
            "booking_id": world["booking"].pk,
            "starts_at": "2026-05-21T12:30:00+00:00",
            "people": 2,
            "waiting_id": world["place"].pk,
            "regular_id": world["regular"].pk,
            "asked_on": "2026-03-02",
            "rows": 2,
            "file": "a.csv",
            "url": "/sok/?q=tubes",
            "name": "Tubes",
            "count": 2,
            "page_id": world["campaign"].pk,
            "page_title": "Cardboard",
            "opened": f"organisation-{world['school'].pk}",
            "kind": "annons",
            "turn": 2,
            "late": 3,
            "where": "Klippan",
            "until": "2026-05-21T14:30:00+02:00",
        },
        **about,
    )


def mail_of(notification):
    """Its mail, as on a day on which its reader has got no other."""
    throttling.store.clear()
    return write_mail(notification)


def links(email):
    found = re.findall(r"https?://[^\s\"<>]+", email.message + " " + email.html_message)
    return {link.removeprefix(settings.WAGTAILADMIN_BASE_URL.rstrip("/")) for link in found}


@pytest.mark.parametrize("language", ["sv", "en"])
def test_every_link_leads_its_reader_somewhere(client, world, language):  # noqa: F811
    approve_idea(idea=world["idea"], by=world["users"]["school"])
    broken = []
    for type in sorted(NOTIFICATION_TYPES.keys() - {"saved_search"}):
        notification = notification_of(type, world)
        notification.user.language = language
        client.force_login(notification.user, backend="django.contrib.auth.backends.ModelBackend")
        for link in links(mail_of(notification)):
            status = client.get(link).status_code
            if status not in (200, 301, 302):
                broken.append((type, reader_of(type), link, status))

    assert broken == []


def test_mail_has_one_button_with_the_same_link_in_text_and_html(world):  # noqa: F811
    for type in sorted(NOTIFICATION_TYPES.keys() - {"saved_search"}):
        email = mail_of(notification_of(type, world))

        (button,) = re.findall(r'class="mail__button" href="([^"]+)"', email.html_message)
        assert button in email.message, type


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

    email = write_mail(notification)

    assert email.subject.startswith(subject_words)
    assert words in email.message


# --- Plural forms ---------------------------------------------------------------------------------


def subject(type, **context):
    organisation = CompanyFactory.build(name="Furan AB")
    notification = Notification(user=UserFactory.build(), type=type, context=context)
    notification.organisation = organisation
    return subject_of(notification)


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
        ("sv", 1, "1 nyhet på portalen"),
        ("sv", 2, "2 nyheter på portalen"),
        ("en", 1, "1 thing has happened"),
        ("en", 2, "2 things have happened"),
    ],
)
def test_a_summary_counts_in_words(world, language, count, words):  # noqa: F811
    user = world["users"]["school"]
    user.language = language
    told = [notification_of(type, world) for type in ("message", "thanks")[:count]]

    assert words in write_summary(user, told).subject


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
        letter = render_email_from("account_inactive", to="a@example.org", values={"days": days})

    assert words in letter.body


# --- Nobody gets two ------------------------------------------------------------------------------


@pytest.fixture
def people(db):
    """Two members on each side, a coordinator of both municipalities, and an editor."""
    call_command("setup_portal", verbosity=0)
    company = CompanyFactory()
    school = SchoolFactory(municipality=company.municipality)
    editor, coordinator = UserFactory(), UserFactory()
    give(editor, "editor")
    give(coordinator, "coordinator", municipalities=[company.municipality])
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
        invitation = invite_class(handover=handover, by=teacher)
        client.post(
            invitation.get_absolute_url(),
            {
                "type": "made",
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
    step("send a listing", lambda: submit_listing(listing=listing, by=seller))
    step("publish it", lambda: approve(listing))
    step(
        "ask",
        lambda: request_reservation(listing=listing, organisation=school, by=teacher, quantity=2),
    )
    step("promise", lambda: accept_reservation(reservation=reservation(), by=seller))
    step(
        "write",
        lambda: post_message(reservation=reservation(), by=teacher, text="När?"),
    )
    step(
        "hand over",
        lambda: confirm_handover(
            reservation=reservation(), by=teacher, quantity=2, mass_kg=1, would_have_bought="no"
        ),
    )
    step("thank", lambda: say_thanks(reservation=reservation(), by=teacher, text="Tack!"))
    step(
        "report",
        lambda: report_problem(reservation=reservation(), by=teacher, text="Spik"),
    )
    step("send an idea", pupil)
    idea = Idea.objects.get()
    step("let it through", lambda: approve_idea(idea=idea, by=teacher))
    step("thank for it", lambda: thank(idea=idea, by=seller))
    step("take it further", lambda: adopt_idea(idea=idea, by=seller))
    step(
        "write about it",
        lambda: write(idea=idea, by=seller, organisation=company, text="Hur lång?"),
    )
    step("publish the idea", lambda: approve(idea))
    step("send an ad", lambda: submit_wanted_ad(wanted_ad=ad, by=teacher))
    step("publish the ad", lambda: approve(ad))
    step(
        "answer the ad",
        lambda: answer_wanted_ad(wanted_ad=ad, organisation=company, by=seller, text="Vi har"),
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
    held = request_reservation(listing=listing, organisation=school, by=teacher, quantity=2)
    accept_reservation(reservation=held, by=seller)
    place = join_line(
        listing=listing, organisation=next_in_line.organisation, by=next_in_line.user, quantity=1
    )

    def current(thing):
        thing.refresh_from_db()
        return thing

    step("prolong", lambda: prolong_reservation(reservation=current(held), by=teacher))
    step(
        "propose a time",
        lambda: propose_pickup(reservation=current(held), by=teacher, pickup_at=at),
    )
    step("agree", lambda: agree_pickup(reservation=current(held), by=seller))
    step("give it back", lambda: cancel_reservation(reservation=current(held), by=teacher))
    step("take it", lambda: take_offer(place=current(place), by=next_in_line.user))
    step("answer an ad", lambda: answer_with(listing, ad, seller))
    step("invite", lambda: invite(organisation=company, email="a@b.se", by=seller))
    step("ask to join", lambda: ask_to_join(organisation=company, by=newcomer))
    step("let in", lambda: accept_member(membership=step.done["ask to join"]))
    told = {name: set(counts) for name, counts in step.sent.items()}

    assert step.with_two() == set()
    assert step.without_any() == set()
    assert next_in_line.user.email in told["give it back"]

    # What has been told at once comes in no summary, and no job that runs later tells it again.
    step("what time brings", lambda: call_command("periodic", verbosity=0))

    assert step.sent["what time brings"] == {}


def answer_with(listing, ad, seller):
    return answer_wanted_ad(
        wanted_ad=ad, organisation=listing.organisation, by=seller, listing=listing
    )


def test_no_question_that_time_brings_is_asked_twice(people, step):
    seller, teacher = people["sellers"][0], people["teachers"][0]
    listing = ListingFactory(organisation=people["company"], recurrence="weekly")
    morning = timezone.localtime().replace(hour=9, minute=0)
    promised = request_reservation(
        listing=listing,
        organisation=people["school"],
        by=teacher,
        quantity=1,
        pickup_at=morning + timedelta(days=1, hours=6),
    )
    accept_reservation(reservation=promised, by=seller)
    promised.refresh_from_db()
    if not promised.pickup_agreed_at:
        agree_pickup(reservation=promised, by=seller)
    regular = follow_regular_offer(listing)
    regular.next_on = morning.date()
    regular.save()

    step("remind of a pickup", lambda: remind_of_pickups(morning))
    step("ask about leftovers", lambda: ask_about_regular_offers(morning))

    assert step.with_two() == set()
    assert step.without_any() == set()

    step("remind again", lambda: remind_of_pickups(morning))
    step("ask again", lambda: ask_about_regular_offers(morning))

    assert step.sent["remind again"] == step.sent["ask again"] == {}


@pytest.mark.parametrize("frequency", ["at_once", "daily", "weekly"])
def test_what_happened_comes_at_once_or_in_one_summary(people, step, frequency):
    seller = people["sellers"][0]
    choose_frequency(user=seller, frequency=frequency)

    def time_passes(days):
        later = timezone.now() + timedelta(days=days)
        requeue_stalled_notifications(later)
        send_summaries(later)

    step(
        "ask",
        lambda: request_reservation(
            listing=ListingFactory(organisation=people["company"]),
            organisation=people["school"],
            by=people["teachers"][0],
            quantity=1,
        ),
    )
    step("a week passes", lambda: time_passes(8))
    step("two weeks pass", lambda: time_passes(16))
    choose_frequency(user=seller, frequency="daily")
    step("three weeks pass", lambda: time_passes(24))

    assert sum(counts[seller.email] for counts in step.sent.values()) == 1
