"""A real mail server takes, refuses or does not answer: nothing is lost, nobody waits in vain."""

import asyncio
import io
from datetime import timedelta

import pytest
from aiosmtpd.controller import Controller
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook
from post_office.models import PRIORITY, STATUS, Email

from portal.foundation.jobs import queue as jobs
from portal.foundation.jobs.worker import run_job
from portal.foundation.mail import delivery
from portal.foundation.mail.queue import queue
from tests.factories import SuperuserFactory
from tests.faults.services import Postman, free_port

pytestmark = pytest.mark.django_db


@pytest.fixture
def controller():
    controller = Controller(Postman(), hostname="127.0.0.1", port=free_port())
    controller.start()
    yield controller
    controller.stop()


@pytest.fixture
def server(settings, controller):
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = controller.port
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.POST_OFFICE = settings.POST_OFFICE | {
        "BACKENDS": {"default": "django.core.mail.backends.smtp.EmailBackend"}
    }
    return controller.handler


def write(subject="About a box", **fields):
    return queue(EmailMessage(subject, "Words", to=["kim@example.org"]), **fields)


def state(email):
    email.refresh_from_db()
    return email.status


def test_what_waits_together_leaves_over_one_connection(server):
    emails = [write(f"Letter {number}") for number in range(3)]

    delivery.deliver_many([[email.pk] for email in emails])

    assert {state(email) for email in emails} == {STATUS.sent}
    assert len(server.taken) == 3
    assert len(server.connections) == 1


def test_one_that_is_refused_stops_none_of_those_that_leave_with_it(server):
    emails = [write(), write("Refused"), write()]
    Email.objects.filter(pk=emails[1].pk).update(to=["nobody@example.org"])
    server.refused.add("nobody@example.org")

    delivery.deliver_many([[email.pk] for email in emails])

    assert [state(email) for email in emails] == [STATUS.sent, STATUS.failed, STATUS.sent]


def test_a_server_that_has_ended_the_connection_is_called_again(server, controller):
    async def hang_up():
        server.connections[0].close()

    emails = [write(), write()]
    with delivery.one_connection():
        delivery.deliver_over_it(emails[0].pk)
        asyncio.run_coroutine_threadsafe(hang_up(), controller.loop).result()
        delivery.deliver_over_it(emails[1].pk)

    assert {state(email) for email in emails} == {STATUS.sent}
    assert len(server.connections) == 2


def test_what_the_server_takes_is_sent_once(server):
    email = write()

    assert delivery.deliver(email.pk)
    assert not delivery.deliver(email.pk)
    assert state(email) == STATUS.sent
    assert [message["Subject"] for message in server.taken] == ["About a box"]


def test_a_mail_is_known_by_the_host_of_the_site(server, settings):
    delivery.deliver(write().pk)

    assert server.taken[0]["Message-ID"].endswith("@localhost>")
    assert settings.POST_OFFICE["MESSAGE_ID_FQDN"] == "localhost"


@pytest.mark.parametrize("answer", ["550 No such user", "554 Refused", "501 Bad address"])
def test_what_the_server_refuses_for_good_ends_at_once(server, answer):
    server.answer = answer
    email = write()

    delivery.deliver(email.pk)

    assert state(email) == STATUS.failed
    assert answer[4:] in email.logs.get().message
    assert not delivery.due().exists()


@pytest.mark.parametrize("answer", ["450 Try later", "451 Greylisted", "421 Too busy"])
def test_what_the_server_refuses_for_now_is_tried_for_three_days_with_growing_waits(
    server, time_machine, answer
):
    start = timezone.now()
    time_machine.move_to(start, tick=False)
    server.answer = answer
    email = write()
    waits = []
    while state(email) in (STATUS.queued, STATUS.requeued):
        delivery.deliver(email.pk)
        email.refresh_from_db()
        if email.scheduled_time:
            waits.append(email.scheduled_time - timezone.now())
            time_machine.move_to(email.scheduled_time + timedelta(seconds=1), tick=False)

    assert state(email) == STATUS.failed
    assert timedelta(days=3) <= timezone.now() - start <= timedelta(days=4)
    assert waits == sorted(waits)
    assert waits[0] == timedelta(minutes=5)


def test_a_weekend_without_a_server_loses_no_mail(server, time_machine):
    time_machine.move_to(timezone.now(), tick=False)
    server.answer = "451 Away"
    email = write()
    for _hour in range(60):
        delivery.deliver_due()
        time_machine.shift(3600)
    server.answer = "250 OK"
    for _hour in range(5):
        delivery.deliver_due()
        time_machine.shift(3600)

    assert state(email) == STATUS.sent


@pytest.fixture
def with_queue(settings):
    settings.TASKS = {
        "default": {"BACKEND": "django_tasks_db.DatabaseBackend", "ENQUEUE_ON_COMMIT": False}
    }


@pytest.fixture
def do_jobs(with_queue, django_capture_on_commit_callbacks):
    """A function that does all jobs that are due now."""

    def do():
        while job := jobs.take_next("lane"):
            with django_capture_on_commit_callbacks(execute=True):
                run_job(job)

    return do


def test_mail_leaves_within_seconds_when_a_server_that_was_away_is_back(
    server, settings, time_machine, do_jobs, django_capture_on_commit_callbacks
):
    time_machine.move_to(timezone.now(), tick=False)
    there, settings.EMAIL_PORT = settings.EMAIL_PORT, free_port()
    with django_capture_on_commit_callbacks(execute=True):
        emails = [write(f"Letter {number}") for number in range(3)]
    for _minute in range(4 * 60):
        do_jobs()
        time_machine.shift(60)
    assert {state(email) for email in emails} == {STATUS.requeued}

    settings.EMAIL_PORT = there
    time_machine.shift(20)
    do_jobs()

    assert {state(email) for email in emails} == {STATUS.sent}
    assert len(server.taken) == 3


def test_a_server_that_is_away_is_asked_once_and_not_for_each_mail(
    server, settings, do_jobs, django_capture_on_commit_callbacks
):
    there, settings.EMAIL_PORT = settings.EMAIL_PORT, free_port()
    with django_capture_on_commit_callbacks(execute=True):
        emails = [write(f"Letter {number}") for number in range(3)]
    do_jobs()
    settings.EMAIL_PORT = there
    late = write("After the first has found nobody")

    delivery.deliver(late.pk)

    answers = [email.logs.get().message for email in [*emails, late]]
    assert answers[1:] == ["The mail server has just not answered."] * 3
    assert answers[0] not in answers[1:]
    assert delivery.deliver(write("A code", expires_at=timezone.now() + timedelta(hours=1)).pk)


def test_a_code_is_tried_every_few_seconds_and_never_when_it_is_no_longer_valid(
    server, time_machine
):
    time_machine.move_to(timezone.now(), tick=False)
    server.answer = "451 Blip"
    valid_until = timezone.now() + timedelta(minutes=15)
    email = write(priority=PRIORITY.now, expires_at=valid_until)
    late = write("Late", priority=PRIORITY.now, expires_at=valid_until)
    delivery.deliver(email.pk)
    email.refresh_from_db()

    assert email.scheduled_time - timezone.now() <= timedelta(seconds=5)

    time_machine.shift(5)
    server.answer = "250 OK"
    delivery.deliver(email.pk)
    assert state(email) == STATUS.sent

    time_machine.shift(15 * 60)
    delivery.deliver_due()
    assert state(late) == STATUS.failed
    assert [message["Subject"] for message in server.taken] == ["About a box"]


def test_a_code_asked_for_again_and_again_ends_with_its_time(server, time_machine):
    time_machine.move_to(timezone.now(), tick=False)
    server.answer = "451 Away"
    email = write(priority=PRIORITY.now, expires_at=timezone.now() + timedelta(seconds=30))
    for _second in range(40):
        delivery.deliver(email.pk)
        time_machine.shift(1)

    assert state(email) == STATUS.failed
    assert not delivery.due().exists()


def test_codes_leave_before_everything_else():
    assert max(delivery.JOB_PRIORITY, key=delivery.JOB_PRIORITY.get) == PRIORITY.now


def test_a_fault_of_our_own_setup_does_not_end_mail(server):
    server.answer = "530 Authentication required"
    email = write()

    delivery.deliver(email.pk)

    assert state(email) == STATUS.requeued


def test_a_file_of_sent_mail_is_called_so(client):
    write()
    client.force_login(SuperuserFactory())
    address = reverse("post_office_email_modeladmin_index")

    content = b"".join(client.get(address, {"export": "xlsx"}).streaming_content)

    cells = {
        cell for sheet in load_workbook(io.BytesIO(content)) for row in sheet.values for cell in row
    }
    assert "Skickade mejl" in cells
    assert "Emails" not in cells


def test_the_admin_sees_why_a_mail_failed_and_sends_it_again(
    server, client, django_capture_on_commit_callbacks
):
    server.answer = "550 Mailbox full of bees"
    email = write()
    delivery.deliver(email.pk)
    client.force_login(SuperuserFactory())

    listed = client.get(reverse("post_office_email_modeladmin_index")).content.decode()
    address = reverse("send_mail_again", args=[email.pk])
    assert "Mailbox full of bees" in listed
    # post_office calls it "Emails", and when they were made "created", in every language.
    assert "emails" not in listed.lower()
    assert "På created" not in listed
    assert address in listed
    assert "Mailbox full of bees" in client.get(address).content.decode()

    server.answer = "250 OK"
    with django_capture_on_commit_callbacks(execute=True):
        client.post(address)
    assert state(email) == STATUS.sent
    assert address not in client.get(reverse("post_office_email_modeladmin_index")).content.decode()


def test_what_has_been_sent_or_is_no_longer_valid_is_not_sent_again(server, client):
    sent = write()
    delivery.deliver(sent.pk)
    old = write(expires_at=timezone.now() + timedelta(seconds=1))
    Email.objects.filter(pk=old.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    client.force_login(SuperuserFactory())

    for email in (sent, old):
        client.post(reverse("send_mail_again", args=[email.pk]))

    assert len(server.taken) == 1
    assert state(sent) == STATUS.sent
    assert not delivery.due().filter(pk=old.pk).exists()
