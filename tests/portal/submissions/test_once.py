"""A form that creates something creates it once, however often it is sent."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.core.management import call_command
from django.db import connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from marketplace.exchange.reservations.models import ReservationMessage
from marketplace.listings.models import MaterialListing
from marketplace.materials.models import MaterialCategory
from marketplace.notifications.models import Notification
from portal.foundation.submissions import Submission, forget_old
from tests.factories import (
    CategoryFactory,
    CompanyFactory,
    MembershipFactory,
    ReservationFactory,
    SchoolFactory,
    offer_form,
)

OFFER = "/en/material/erbjud/"
ModelBackend = "django.contrib.auth.backends.ModelBackend"


def token_on(client, path):
    page = BeautifulSoup(client.get(path).content, "html.parser")
    return page.find("input", {"name": "submission"})["value"]


def category():
    return MaterialCategory.objects.filter(slug="wood").first() or CategoryFactory(slug="wood")


def offer(token, **changes):
    return offer_form(**({"category": category().pk, "submission": token} | changes))


@pytest.fixture
def seller(client, db):
    call_command("setup_portal", verbosity=0)
    user = MembershipFactory(organisation=CompanyFactory(address="Hamngatan 1", town="Bjuv")).user
    client.force_login(user, backend=ModelBackend)
    return user


def test_an_offer_that_is_sent_twice_becomes_one_listing_and_leads_to_the_same_page(client, seller):
    sent = offer(token_on(client, OFFER))

    first, second = client.post(OFFER, sent), client.post(OFFER, sent, follow=True)

    assert MaterialListing.objects.count() == 1
    assert second.redirect_chain[0][0] == first.url
    assert "We had already received this" in second.content.decode()


def test_a_new_form_with_the_same_words_is_a_new_offer(client, seller):
    words = offer(token_on(client, OFFER))
    client.post(OFFER, words)

    client.post(OFFER, words | {"submission": token_on(client, OFFER)})

    assert MaterialListing.objects.count() == 2


def test_going_back_and_changing_the_words_is_a_new_offer(client, seller):
    words = offer(token_on(client, OFFER))
    client.post(OFFER, words)

    client.post(OFFER, words | {"title": "Off-cuts of oak"})

    assert MaterialListing.objects.count() == 2


def test_a_form_with_an_error_can_be_sent_again_with_the_same_token(client, seller):
    token = token_on(client, OFFER)
    wrong = client.post(OFFER, offer(token, title=""))
    assert wrong.status_code == 200

    client.post(OFFER, offer(token))

    assert MaterialListing.objects.count() == 1


def test_somebody_else_with_the_same_token_is_not_led_to_what_is_not_theirs(client, seller):
    sent = offer(token_on(client, OFFER))
    client.post(OFFER, sent)
    other = Client()
    user = MembershipFactory(organisation=CompanyFactory(address="Ågatan 2", town="Bjuv")).user
    other.force_login(user, backend=ModelBackend)

    other.post(OFFER, sent)

    assert MaterialListing.objects.filter(created_by=user).count() == 1


def test_what_was_received_is_forgotten_after_some_days(client, seller):
    client.post(OFFER, offer(token_on(client, OFFER)))
    assert Submission.objects.count() == 1
    assert forget_old() == 0

    assert forget_old(timezone.now() + timedelta(days=3)) == 1


@pytest.mark.django_db
def test_every_form_that_creates_carries_a_token(client):
    teacher = MembershipFactory(organisation=SchoolFactory()).user
    reservation = ReservationFactory(organisation=teacher.memberships.get().organisation)
    client.force_login(teacher, backend=ModelBackend)
    pages = [
        OFFER,
        "/en/efterlysningar/ny/",
        "/en/mitt/inkop/",
        "/en/mitt/organisation/registrera/",
        reverse("marketplace:reservation", args=[reservation.pk]),
    ]

    assert all(token_on(client, page) for page in pages)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_the_same_form_twelve_times_at_once_is_received_once():
    school = MembershipFactory(organisation=SchoolFactory()).user
    reservation = ReservationFactory(organisation=school.memberships.get().organisation)
    client = Client()
    client.force_login(school, backend=ModelBackend)
    page = reverse("marketplace:reservation", args=[reservation.pk])
    message = {"submission": token_on(client, page), "message-text": "When can we come?"}

    def send(number):
        try:
            each = Client()
            each.cookies = client.cookies
            to = reverse("marketplace:message", args=[reservation.pk])
            return each.post(to, message).status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(send, range(12)))

    assert set(answers) == {302}
    assert ReservationMessage.objects.count() == 1
    told = Notification.objects.filter(type__contains="message")
    assert told.count() == told.values("user").distinct().count()
