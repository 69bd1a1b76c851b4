import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import transaction
from django.test import override_settings
from django.urls import reverse
from django.utils import timezone
from post_office.models import STATUS, Email

from marketplace.exchange.reservations.models import Reservation
from marketplace.exchange.reservations.services import (
    accept_reservation,
    post_message,
    request_reservation,
)
from marketplace.notifications.delivery import write_mail
from marketplace.notifications.models import MailPreference, Notification
from marketplace.notifications.services import notify
from marketplace.notifications.tasks import send_notification
from marketplace.notifications.types import NOTIFICATION_TYPES
from tests.factories import (
    ListingFactory,
    MembershipFactory,
    ReservationFactory,
    SchoolFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def commits(django_capture_on_commit_callbacks):
    """Runs what waits for the commit as soon as the block ends."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


@pytest.fixture
def parties():
    """A giver and a receiver with one person each, and a request between them."""
    listing = ListingFactory(
        title="Korkmattor",
        pickup_address="Lastgatan 3",
        contact_phone="042-10 00 00",
    )
    giver = MembershipFactory(organisation=listing.organisation).user
    reservation = ReservationFactory(
        listing=listing, organisation=SchoolFactory(name="Björkskolan"), purpose="En koja"
    )
    teacher = MembershipFactory(organisation=reservation.organisation).user
    return giver, teacher, reservation


def test_a_request_is_mailed_to_the_giver(commits):
    listing = ListingFactory(title="Korkmattor")
    giver = MembershipFactory(organisation=listing.organisation).user
    school = SchoolFactory(name="Björkskolan")

    with commits():
        request_reservation(
            listing=listing, organisation=school, by=UserFactory(), quantity=Decimal(2)
        )

    assert [message.to for message in mail.outbox] == [[giver.email]]
    assert "Björkskolan" in mail.outbox[0].subject


def test_every_member_gets_a_mail_of_their_own(commits):
    listing = ListingFactory()
    MembershipFactory.create_batch(3, organisation=listing.organisation)

    with commits():
        request_reservation(
            listing=listing, organisation=SchoolFactory(), by=UserFactory(), quantity=Decimal(1)
        )

    assert [len(message.to) for message in mail.outbox] == [1, 1, 1]


def test_who_waits_to_join_gets_no_mail(commits):
    listing = ListingFactory()
    MembershipFactory(organisation=listing.organisation, status="pending")

    with commits():
        request_reservation(
            listing=listing, organisation=SchoolFactory(), by=UserFactory(), quantity=Decimal(1)
        )

    assert mail.outbox == []


def test_a_mail_has_text_and_html_and_says_that_a_machine_wrote_it(commits, parties):
    giver, _teacher, reservation = parties

    with commits():
        accept_reservation(reservation=reservation, by=giver)

    [message] = mail.outbox
    assert message.extra_headers["Auto-Submitted"] == "auto-generated"
    assert message.alternatives[0].mimetype == "text/html"
    assert "Lastgatan 3" in message.body
    assert "Lastgatan 3" in message.alternatives[0].content


def test_a_mail_links_to_the_reservation_in_the_readers_language(commits, parties):
    giver, teacher, reservation = parties
    teacher.language = "en"
    teacher.save()

    with commits():
        accept_reservation(reservation=reservation, by=giver)

    assert f"/en/mitt/bokningar/{reservation.pk}/" in mail.outbox[0].body
    assert "has said yes" in mail.outbox[0].body


def test_nothing_is_mailed_when_the_transaction_fails(parties):
    giver, _teacher, reservation = parties
    with pytest.raises(RuntimeError), transaction.atomic():
        accept_reservation(reservation=reservation, by=giver)
        raise RuntimeError

    assert Notification.objects.count() == 0


def test_the_same_event_is_told_once(commits, parties):
    giver, *_rest = parties

    with commits():
        for _ in range(3):
            notify(users=[giver], type="message", key="k", reservation=parties[2])

    assert len(mail.outbox) == 1


def test_a_job_that_runs_twice_sends_one_mail(commits, parties):
    giver, _teacher, reservation = parties
    with commits():
        accept_reservation(reservation=reservation, by=giver)

    with commits():
        send_notification.call(Notification.objects.get().pk)

    assert len(mail.outbox) == 1


def test_what_people_type_is_never_read_as_a_template(commits, parties):
    _giver, teacher, reservation = parties
    text = "{% include 'base.html' %} {{ notification.user.password }} <script>x</script> 🌈"

    with commits():
        post_message(reservation=reservation, by=teacher, text=text)

    [message] = mail.outbox
    assert text in message.body
    assert "<script>" not in message.alternatives[0].content


def test_a_line_break_in_a_title_does_not_break_the_subject(commits, parties):
    giver, _teacher, reservation = parties
    reservation.listing.title = "Kork\r\nBcc: someone@example.org"
    reservation.listing.save()

    with commits():
        accept_reservation(reservation=reservation, by=giver)

    assert "\n" not in mail.outbox[0].subject
    assert mail.outbox[0].bcc == []


def test_mail_that_the_server_refuses_waits_and_is_sent_later(commits, parties, settings):
    giver, _teacher, reservation = parties
    broken = settings.POST_OFFICE | {"BACKENDS": {"default": "tests.marketplace.mail.NoServer"}}
    with override_settings(POST_OFFICE=broken), commits():
        accept_reservation(reservation=reservation, by=giver)
    email = Email.objects.get()
    assert (email.status, mail.outbox) == (STATUS.requeued, [])

    Email.objects.update(scheduled_time=timezone.now())
    with commits():
        call_command("periodic", verbosity=0)

    assert len(mail.outbox) == 1


def test_mail_that_was_sent_is_not_sent_again(commits, parties):
    giver, _teacher, reservation = parties
    with commits():
        accept_reservation(reservation=reservation, by=giver)

    with commits():
        call_command("periodic")

    assert len(mail.outbox) == 1


def test_a_lost_job_is_made_up_for(commits, parties):
    giver, _teacher, reservation = parties
    accept_reservation(reservation=reservation, by=giver)
    Notification.objects.update(created_at=timezone.now() - timedelta(hours=1))

    with commits():
        call_command("periodic")

    assert len(mail.outbox) == 1


def test_who_wants_no_mail_finds_it_only_in_the_inbox(commits, parties):
    giver, teacher, reservation = parties
    MailPreference.objects.create(user=teacher, frequency="never")

    with commits():
        accept_reservation(reservation=reservation, by=giver)

    assert (mail.outbox, teacher.notifications.count()) == ([], 1)


def mute_address(message):
    return re.search(r"<http://[^/]+(/[^>]+)>", message.extra_headers["List-Unsubscribe"])[1]


def test_one_click_in_the_mail_reader_stops_all_mail(commits, parties, client):
    giver, teacher, reservation = parties
    with commits():
        accept_reservation(reservation=reservation, by=giver)

    answer = client.post(mute_address(mail.outbox[0]), {"List-Unsubscribe": "One-Click"})

    assert answer.status_code == 200
    assert MailPreference.frequency_for(teacher) == "never"


def test_a_link_that_was_tampered_with_is_not_found(client):
    address = reverse("marketplace:mail_preference", args=["1:forged"])

    assert client.get(address).status_code == 404


def everything(listing, reservation, organisation):
    """One notification of every kind that is mailed by itself, with what its words need.

    Hits of saved searches come in a mail of their own, which tests/search/ reads.
    """
    values = {
        "by": "Kim Larsson",
        "reason": "Vi behöver det själva",
        "comment": "Skriv hur långa bitarna är.",
        "note": "Välkommen!",
        "text": "Hej!",
        "title": listing.title,
        "quantity": "2.000",
        "unit": "st",
        "mass": "1.000",
        "sender": "Björkskolan",
        "listing": listing.title,
        "person": "Kim Larsson",
        "email": "kim@example.org",
        "idea_id": 1,
        "idea_title": "Kulbanan",
        "wanted_id": 1,
        "wanted_title": "Rör till en kulbana",
        "waiting_id": 1,
        "regular_id": 1,
        "asked_on": "2026-05-21",
        "rows": 12,
        "file": "spill.xlsx",
        "until": "2026-05-21T14:30:00+02:00",
        "starts_at": "2026-05-21T14:30:00+02:00",
        "where": "Återbruket",
        "people": 2,
        "booking_id": 1,
        "opened": "listing-1",
        "turn": 1,
        "page_id": 1,
        "page_title": "Så väger du",
        "count": 3,
        "late": 1,
        "question_id": 1,
        "listing_question_id": 1,
        "amount": "5 kg",
        "school": "Björkskolan",
        "wanted": "Snickeriet AB",
        "carrier": "Vaktmästarna",
        "run": 1,
        "receiver": "Björkskolan",
        "hub": "Återbruket",
        "slug": "aterbruket",
        "kept_until": "2026-06-04",
        "day": "2026-05-21",
        "minutes": 20,
        "place": "Skolan",
        "fetch": "09:10",
        "leave": "10:20",
        "giver": "Snickeriet AB",
        "name": "Papp",
        "tip_id": 1,
        "tip_title": "Kulbana i trappan",
        "text_id": 1,
        "text_title": "Cardboard tubes",
        "original": "Papprör",
    }
    for type in NOTIFICATION_TYPES.keys() - {"saved_search"}:
        about = {"listing": listing}
        if type.startswith(
            (
                "organisation",
                "member",
                "made_administrator",
                "import",
                "identity",
                "role",
                "coordinator",
                "tip",
            )
        ):
            about = {"organisation": organisation}
        elif type == "regular_offer" or type.startswith(("wanted", "idea")):
            about = {"listing": listing, "organisation": organisation}
        elif not type.startswith("listing"):
            about = {"listing": listing, "reservation": reservation}
        yield Notification(user=UserFactory(), type=type, key=type, context=values, **about)


@pytest.mark.parametrize("language", ["sv", "en"])
def test_every_kind_of_mail_can_be_written(language, parties):
    _giver, _teacher, reservation = parties
    reservation.pickup_at = timezone.now() + timedelta(days=1)

    for notification in everything(reservation.listing, reservation, reservation.organisation):
        notification.user.language = language
        email = write_mail(notification)

        assert email.subject
        assert "http://localhost:8000/" in email.message
        assert "%(" not in email.message + email.html_message
        assert "{{" not in email.message + email.html_message
        assert "None" not in email.message
        assert "“”" not in email.message
        assert "””" not in email.message


def test_uncollected_and_expired_requests_are_told_by_the_periodic_command(commits, parties):
    giver, teacher, _reservation = parties
    Reservation.objects.update(created_at=timezone.now() - timedelta(days=20))

    with commits():
        call_command("periodic")
        call_command("periodic")

    kinds = sorted(Notification.objects.values_list("user", "type"))
    assert kinds == sorted(
        [
            (giver.pk, "reservation_expired"),
            (teacher.pk, "reservation_expired"),
            (giver.pk, "reservation_reminder"),
        ]
    )
