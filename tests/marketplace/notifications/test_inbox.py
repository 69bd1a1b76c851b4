from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from marketplace.exchange.reservations.services import accept_reservation, post_message
from marketplace.notifications.models import MailPreference
from tests.factories import MembershipFactory, ReservationFactory, UserFactory

pytestmark = pytest.mark.django_db


def address(name, *args):
    with override("en"):
        return reverse(f"marketplace:{name}", args=args)


@pytest.fixture
def teacher():
    return MembershipFactory().user


@pytest.fixture
def reservation(teacher):
    reservation = ReservationFactory(listing__title="Korkmattor")
    MembershipFactory(user=teacher, organisation=reservation.organisation)
    return accept_reservation(reservation=reservation, by=UserFactory())


@pytest.fixture
def inbox(client, teacher, reservation):
    client.force_login(teacher)
    return lambda: BeautifulSoup(client.get(address("inbox")).content, "html.parser")


def test_the_inbox_says_what_happened(inbox):
    assert "Yes! You get 2 pieces of “Korkmattor”" in inbox().find("main").get_text()


def test_links_with_the_same_words_are_told_apart_by_their_time(inbox, teacher, reservation):
    giver = MembershipFactory(organisation=reservation.giver).user
    for text in ("Välkomna!", "Porten är öppen."):
        post_message(reservation=reservation, by=giver, text=text)
    for number, notification in enumerate(teacher.notifications.order_by("pk")):
        teacher.notifications.filter(pk=notification.pk).update(
            created_at=notification.created_at - timedelta(hours=number)
        )

    page = inbox()

    links = page.select("main .list a")
    names = [
        " ".join(page.find(id=each).get_text(" ", strip=True) for each in ids.split())
        for ids in [link["aria-labelledby"] for link in links]
    ]
    assert len(set(names)) == len(names) == 3


def test_the_inbox_speaks_the_language_of_the_page(client, inbox):
    response = client.get("/mitt/inkorg/")

    assert response.status_code == 200
    assert "You get 2 pieces" not in response.content.decode()


def test_the_number_of_unread_is_on_every_page(inbox):
    assert inbox().select_one("header .count").get_text().startswith("1")


def test_opening_leads_to_the_reservation_and_counts_as_read(client, teacher, inbox, reservation):
    notification = teacher.notifications.get()

    response = client.get(address("open_notification", notification.pk))

    assert response["Location"] == address("reservation", reservation.pk)
    assert not teacher.notifications.unread().exists()


def test_looking_at_the_reservation_counts_as_read(client, teacher, inbox, reservation):
    client.get(address("reservation", reservation.pk))

    assert not teacher.notifications.unread().exists()


def test_what_was_seen_by_another_way_is_no_longer_new(client, teacher, inbox, reservation):
    listing = reservation.listing
    teacher.notifications.create(type="wanted_match", key="match", listing=listing)
    before = client.get("/mitt/").content.decode()

    client.get(listing.get_absolute_url())

    assert teacher.notifications.filter(type="wanted_match", read_at=None).count() == 0
    assert teacher.notifications.filter(reservation=reservation, read_at=None).exists()
    assert before


def test_all_can_be_marked_as_read_at_once(client, teacher, inbox):
    assert inbox().find("form", action=address("mark_read"))

    client.post(address("mark_read"))

    assert not teacher.notifications.unread().exists()
    assert not inbox().find("form", action=address("mark_read"))


def test_nobody_opens_what_others_were_told(client, teacher, inbox):
    notification = teacher.notifications.get()
    client.force_login(UserFactory())

    assert client.get(address("open_notification", notification.pk)).status_code == 404


def test_an_empty_inbox_leads_on(client):
    client.force_login(UserFactory())

    page = BeautifulSoup(client.get(address("inbox")).content, "html.parser")

    assert page.select_one(".empty a")["href"] == address("my_page")


def test_the_inbox_takes_as_many_queries_however_full_it_is(client, teacher, inbox, reservation):
    def count():
        with CaptureQueriesContext(connection) as queries:
            client.get(address("inbox"))
        return len(queries)

    giver = MembershipFactory(organisation=reservation.giver).user
    count()
    few = count()
    for _ in range(10):
        post_message(reservation=reservation, by=giver, text="Hej")

    assert teacher.notifications.count() == 11
    assert count() == few


def test_mail_is_chosen_from_the_inbox(client, teacher, inbox):
    response = client.get(address("own_mail_preference"))
    client.post(response["Location"], {"frequency": "weekly"})

    assert MailPreference.frequency_for(teacher) == "weekly"
