"""Notifications on people's devices, read as their browsers read them."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from django.core import mail
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from marketplace.exchange.reservations.services import accept_reservation, post_message
from marketplace.models import MailPreference, Notification, PushSubscription, QuietHours
from marketplace.notifications.phones import push
from marketplace.notifications.phones.delivery import reach_waiting_phones
from tests.factories import (
    ListingFactory,
    MembershipFactory,
    ReservationFactory,
    SchoolFactory,
    UserFactory,
)
from tests.marketplace.notifications.gateways import Browser, server

pytestmark = pytest.mark.django_db
STOCKHOLM = ZoneInfo("Europe/Stockholm")
WEDNESDAY, FRIDAY, SATURDAY, MONDAY = 25, 27, 28, 30


@pytest.fixture
def service(settings):
    """A push service, and the portal with a key of its own."""
    settings.WEB_PUSH_PRIVATE_KEY = push.new_key()
    with server() as found:
        settings.WEB_PUSH_SERVICES = [found.url]
        yield found


@pytest.fixture
def reservation():
    listing = ListingFactory(title="Korkmattor", pickup_address="Lastgatan 3")
    MembershipFactory(organisation=listing.organisation)
    return ReservationFactory(listing=listing, organisation=SchoolFactory(name="Björkskolan"))


@pytest.fixture
def giver(reservation):
    return reservation.listing.organisation.members.get()


@pytest.fixture
def teacher(reservation):
    return MembershipFactory(organisation=reservation.organisation).user


@pytest.fixture
def never_quiet(teacher):
    return QuietHours.objects.create(user=teacher, evenings=False, nights=False, weekends=False)


def turned_on(user, service, name="phone"):
    """(a client that is signed in, the browser that shows notifications there)."""
    client, browser = Client(HTTP_USER_AGENT="Chrome/140 Android"), Browser(f"{service.url}/{name}")
    client.force_login(user)
    response = client.post("/mitt/telefon/notiser/", browser.answer)
    assert (response.status_code, user.push_subscriptions.count()) == (302, 1)
    return client, browser


@pytest.fixture
def phone(service, teacher, never_quiet):
    return turned_on(teacher, service)


@pytest.fixture
def commits(django_capture_on_commit_callbacks):
    return lambda: django_capture_on_commit_callbacks(execute=True)


def test_an_answer_is_shown_with_the_words_of_the_mails_subject(
    service, phone, reservation, giver, teacher, commits
):
    with commits():
        accept_reservation(reservation=reservation, by=giver)

    [(path, headers, body)] = service.received
    shown = phone[1].read(body)
    [told] = teacher.notifications.all()
    assert path == "/phone"
    assert set(shown) == {"title", "text", "url", "tag"}
    assert shown["text"] == mail.outbox[0].subject
    assert shown["url"] == f"/mitt/inkorg/{told.pk}/"
    assert "Lastgatan" not in str(shown)
    assert phone[0].get(shown["url"]).url == f"/mitt/bokningar/{reservation.pk}/"
    assert headers["content-encoding"] == "aes128gcm"


def test_the_push_service_can_tell_who_sends(service, phone, reservation, giver, commits, settings):
    with commits():
        accept_reservation(reservation=reservation, by=giver)

    token, key = service.received[0][1]["authorization"].removeprefix("vapid t=").split(", k=")
    claims = jwt.decode(
        token, push.private_key().public_key(), algorithms=["ES256"], audience=push_origin(service)
    )
    assert key == push.public_key()
    assert claims["sub"] == "mailto:portal@example.org"


def push_origin(service):
    return service.url.rpartition(":")[0]


def test_one_event_is_shown_once_however_often_a_step_runs(
    service, phone, reservation, giver, commits
):
    with commits():
        accept_reservation(reservation=reservation, by=giver)
        call_command("periodic", verbosity=0)
    call_command("periodic", verbosity=0)

    assert len(service.received) == 1


def test_who_has_chosen_a_daily_summary_or_no_mail_is_shown_it_at_once(
    service, phone, reservation, giver, teacher, commits
):
    MailPreference.objects.create(user=teacher, frequency="never")

    with commits():
        accept_reservation(reservation=reservation, by=giver)

    assert (len(service.received), mail.outbox) == (1, [])


def test_a_subscription_that_its_service_has_ended_is_forgotten(
    service, phone, reservation, giver, teacher, commits
):
    service.status = 410

    with commits():
        accept_reservation(reservation=reservation, by=giver)

    assert len(service.received) == 1
    assert not teacher.push_subscriptions.exists()
    assert len(mail.outbox) == 1


def test_what_no_service_took_is_tried_again(service, phone, reservation, giver, commits):
    service.status = 503
    with commits():
        accept_reservation(reservation=reservation, by=giver)
    assert len(service.received) == 1

    service.status = 201
    reach_waiting_phones()
    reach_waiting_phones()

    assert len(service.received) == 2


def test_a_service_leads_the_portal_nowhere_else(service, phone, reservation, giver, commits):
    service.status = 302

    with commits():
        accept_reservation(reservation=reservation, by=giver)

    assert [path for path, *_rest in service.received] == ["/phone"]


def test_a_device_where_somebody_has_signed_out_shows_nothing_more(
    service, phone, reservation, giver, teacher, commits
):
    with commits():
        post_message(reservation=reservation, by=giver, text="Hej!")
    assert len(service.received) == 1

    phone[0].post("/konto/logout/")
    with commits():
        accept_reservation(reservation=reservation, by=giver)

    assert len(service.received) == 1
    PushSubscription.objects.update(created_at=timezone.now() - timedelta(days=2))
    call_command("periodic", verbosity=0)
    assert not teacher.push_subscriptions.exists()


def test_a_device_where_somebody_changes_the_password_goes_on_showing(
    service, phone, teacher, reservation, giver, commits
):
    before = phone[0].session.session_key
    new = "en helt annan lång mening 7"
    changed = phone[0].post(
        "/konto/password/change/",
        {"oldpassword": "correct horse battery", "password1": new, "password2": new},
    )

    with commits():
        accept_reservation(reservation=reservation, by=giver)

    assert changed.status_code == 302
    assert phone[0].session.session_key != before
    assert [path for path, _headers, _body in service.received] == ["/phone"]
    phone[0].post("/konto/logout/")
    with commits():
        post_message(reservation=reservation, by=giver, text="Ni kan komma nu.")
    assert len(service.received) == 1


def test_a_browser_that_somebody_else_turns_on_is_theirs(service, phone, teacher):
    colleague, client = UserFactory(), Client()
    client.force_login(colleague)

    client.post("/mitt/telefon/notiser/", phone[1].answer)

    assert PushSubscription.objects.get().user == colleague


@pytest.mark.parametrize(
    ("day", "clock", "choice", "quiet"),
    [
        (WEDNESDAY, "12:00", {}, False),
        (WEDNESDAY, "18:00", {}, True),
        (WEDNESDAY, "18:00", {"evenings": False}, False),
        (WEDNESDAY, "22:00", {"evenings": False}, True),
        (WEDNESDAY, "06:59", {}, True),
        (WEDNESDAY, "07:00", {}, False),
        (SATURDAY, "12:00", {}, True),
        (SATURDAY, "12:00", {"weekends": False}, False),
        (SATURDAY, "03:00", {"nights": False, "weekends": False}, False),
        (MONDAY, "03:00", {"nights": False}, False),
    ],
)
def test_a_phone_is_left_alone_when_its_owner_wants_that(day, clock, choice, quiet):
    moment = datetime.fromisoformat(f"2026-11-{day}T{clock}").replace(tzinfo=STOCKHOLM)

    assert QuietHours(**choice).are_now(moment) is quiet


def test_what_came_at_the_weekend_comes_as_one_on_monday_unless_it_was_read(
    service, phone, reservation, giver, teacher, never_quiet, time_machine
):
    never_quiet.delete()
    time_machine.move_to(datetime(2026, 11, FRIDAY, 20, tzinfo=STOCKHOLM), tick=False)
    teacher.push_subscriptions.update(created_at=timezone.now())
    for text in ("Hej!", "Är du där?", "Ring mig."):
        post_message(reservation=reservation, by=giver, text=text)
    Notification.objects.filter(pk=Notification.objects.first().pk).mark_read()

    time_machine.move_to(datetime(2026, 11, SATURDAY, 12, tzinfo=STOCKHOLM), tick=False)
    reach_waiting_phones()
    assert service.received == []

    time_machine.move_to(datetime(2026, 11, MONDAY, 7, 5, tzinfo=STOCKHOLM), tick=False)
    reach_waiting_phones()

    [(_path, _headers, body)] = service.received
    shown = phone[1].read(body)
    assert (shown["text"], shown["url"]) == ("2 nya notiser", "/mitt/inkorg/")


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://127.0.0.1:1/inside/",
        "https://example.org/",
        "https://fcm.googleapis.com.example.org/",
        "https://fcm.googleapis.com@example.org/",
        "https://example.org\\.push.apple.com/",
        "https://example.org#.push.apple.com/",
        "file:///etc/passwd",
    ],
)
def test_the_portal_writes_to_no_server_that_somebody_makes_up(endpoint, settings, client):
    settings.WEB_PUSH_PRIVATE_KEY = push.new_key()
    client.force_login(UserFactory())

    client.post("/mitt/telefon/notiser/", Browser(endpoint).answer)
    assert not PushSubscription.objects.exists()

    browser = Browser("https://web.push.apple.com/abc")
    client.post("/mitt/telefon/notiser/", browser.answer | {"auth": "kort"})
    client.post("/mitt/telefon/notiser/", browser.answer | {"p256dh": "A" * 87})
    assert not PushSubscription.objects.exists()
    client.post("/mitt/telefon/notiser/", browser.answer)
    assert PushSubscription.objects.get().endpoint == "https://web.push.apple.com/abc"


def leads_to_phone(client):
    """Which pages of one's own lead to the page “On your phone”."""
    paths = ("/mitt/post/", "/mitt/uppgifter/")
    pages = [client.get(path, follow=True).content.decode() for path in paths]
    return ["/mitt/telefon/" in page for page in pages]


def test_nothing_promises_what_is_not_set_up(client, teacher, settings):
    client.force_login(teacher)

    assert leads_to_phone(client) == [False, False]
    assert client.get("/mitt/telefon/").status_code == 404
    assert client.post("/mitt/telefon/notiser/", {}).status_code == 404
    assert client.post("/mitt/telefon/nummer/", {"number": "0701234567"}).status_code == 404

    settings.WEB_PUSH_PRIVATE_KEY = push.new_key()
    assert leads_to_phone(client) == [True, True]
    assert "sms" not in client.get("/mitt/telefon/").content.decode()


def test_it_is_offered_when_a_reservation_has_been_sent_and_not_before(
    service, teacher, reservation, client
):
    listing, own = ListingFactory(), reservation.organisation
    client.force_login(teacher)
    assert b"data-push=" not in client.get("/mitt/").content

    sent = client.post(
        f"/material/{listing.pk}/boka/", {"quantity": "1", "organisation": own.pk}, follow=True
    )
    [reservation] = listing.reservations.all()

    assert b"data-push=" in sent.content
    assert b"data-push=" not in client.get(f"/mitt/bokningar/{reservation.pk}/").content


def test_a_device_is_turned_off_by_its_owner_only(service, phone, teacher, client):
    [device] = teacher.push_subscriptions.all()
    client.force_login(UserFactory())
    client.post(f"/mitt/telefon/notiser/{device.pk}/bort/")
    assert teacher.push_subscriptions.exists()

    assert "Chrome" in phone[0].get("/mitt/telefon/").content.decode()
    phone[0].post(f"/mitt/telefon/notiser/{device.pk}/bort/")

    assert not teacher.push_subscriptions.exists()


def test_a_key_is_made_by_a_command(settings, capsys):
    call_command("make_web_push_key")

    name, settings.WEB_PUSH_PRIVATE_KEY = capsys.readouterr().out.strip().split("=", 1)
    assert name == "WEB_PUSH_PRIVATE_KEY"
    assert isinstance(push.private_key().curve, ec.SECP256R1)
