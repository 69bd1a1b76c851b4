from datetime import datetime, timedelta

import pytest
from bs4 import BeautifulSoup
from django.core import mail
from django.core.management import call_command
from django.utils import timezone

from marketplace.exchange.reservations.services import accept_reservation, post_message
from marketplace.notifications.digests import choose_frequency, send_summaries
from marketplace.notifications.models import MailPreference, Notification
from marketplace.notifications.tasks import requeue_stalled_notifications
from tests.factories import MembershipFactory, ReservationFactory

pytestmark = pytest.mark.django_db

TUESDAY_NOON = timezone.make_aware(datetime(2026, 3, 10, 12))


@pytest.fixture
def commits(django_capture_on_commit_callbacks):
    return lambda: django_capture_on_commit_callbacks(execute=True)


@pytest.fixture
def reservation():
    return ReservationFactory(listing__title="Korkmattor")


@pytest.fixture
def teacher(reservation):
    return MembershipFactory(organisation=reservation.organisation, user__language="en").user


@pytest.fixture
def told(reservation, teacher, commits):
    """Two things happen to somebody who wants a summary."""

    def happen(frequency):
        choose_frequency(user=teacher, frequency=frequency)
        MailPreference.objects.update(digest_sent_at=TUESDAY_NOON)
        giver = MembershipFactory(organisation=reservation.giver).user
        with commits():
            accept_reservation(reservation=reservation, by=giver)
            post_message(reservation=reservation, by=giver, text="Välkomna!")

    return happen


def summaries(commits, now):
    mail.outbox.clear()
    with commits():
        send_summaries(now)
    return mail.outbox


def test_nothing_is_mailed_at_once(told):
    told("daily")

    assert mail.outbox == []


def test_everything_comes_in_one_mail_the_next_morning(told, commits):
    told("daily")

    [message] = summaries(commits, TUESDAY_NOON + timedelta(hours=18))

    assert message.subject == "2 things have happened"
    assert "Message about “Korkmattor”" in message.body
    assert "/en/mitt/inkorg/" in message.alternatives[0].content


def test_two_things_called_the_same_are_told_apart_by_their_time(
    told, commits, reservation, teacher
):
    told("daily")
    giver = MembershipFactory(organisation=reservation.giver).user
    with commits():
        post_message(reservation=reservation, by=giver, text="Porten är öppen.")
    for number, notification in enumerate(teacher.notifications.order_by("pk")):
        Notification.objects.filter(pk=notification.pk).update(
            created_at=TUESDAY_NOON + timedelta(minutes=number)
        )

    [message] = summaries(commits, TUESDAY_NOON + timedelta(hours=18))

    links = BeautifulSoup(message.alternatives[0].content, "html.parser").select("li a")
    assert len({link.get_text() for link in links}) == len(links) == 3
    assert "Message about “Korkmattor” (10 March 12:02)" in message.body


def test_a_summary_is_not_sent_before_the_morning(told, commits):
    told("daily")

    assert summaries(commits, TUESDAY_NOON + timedelta(hours=17, minutes=59)) == []


def test_a_summary_is_sent_once(told, commits):
    told("daily")
    summaries(commits, TUESDAY_NOON + timedelta(days=1))

    assert summaries(commits, TUESDAY_NOON + timedelta(days=1, hours=1)) == []
    assert summaries(commits, TUESDAY_NOON + timedelta(days=2)) == []


def test_a_weekly_summary_leaves_on_monday_morning(told, commits):
    told("weekly")

    assert summaries(commits, TUESDAY_NOON + timedelta(days=5)) == []
    assert len(summaries(commits, TUESDAY_NOON + timedelta(days=6))) == 1


def test_a_quiet_week_gives_no_mail(teacher, commits):
    choose_frequency(user=teacher, frequency="weekly")

    assert summaries(commits, timezone.now() + timedelta(days=8)) == []


def test_lost_jobs_do_not_break_into_a_summary(told, commits):
    told("daily")
    Notification.objects.update(created_at=timezone.now() - timedelta(hours=1))
    MailPreference.objects.update(digest_sent_at=timezone.now())

    with commits():
        call_command("periodic")

    assert mail.outbox == []


def test_changing_to_mail_at_once_sends_no_flood(told, teacher, commits):
    told("weekly")

    choose_frequency(user=teacher, frequency="at_once")
    with commits():
        requeue_stalled_notifications(timezone.now() + timedelta(days=1))

    assert mail.outbox == []
