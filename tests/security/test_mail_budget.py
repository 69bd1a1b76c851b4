"""Nobody has the portal flood others with mail, or put words of their own before strangers."""

import pytest
from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from allauth.core.context import request_context
from django.core.mail import EmailMessage
from django.test import Client
from django.urls import reverse
from post_office.models import Email

from inspiration.models import Subscriber
from marketplace.models import Invitation, Membership, Organisation
from portal.foundation.mail import budget
from portal.foundation.mail.queue import queue
from tests.factories import (
    CompanyFactory,
    MembershipFactory,
    ReservationFactory,
    SchoolFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
EVIL = "Helsingborgs stad, klicka https://evil.example"


@pytest.fixture(autouse=True)
def queued(settings):
    """Mail goes where it goes on the site: Django's test runner would take it before."""
    settings.EMAIL_BACKEND = "portal.foundation.mail.queue.EmailBackend"


def to(address):
    return [email for email in Email.objects.all() if address in email.to]


def administrator(client, **fields):
    organisation = CompanyFactory(**fields)
    member = MembershipFactory(
        organisation=organisation, role=Membership.Role.ADMINISTRATOR, user=UserFactory()
    )
    client.force_login(member.user)
    return organisation


def invite(client, email):
    return client.post(
        reverse("marketplace:organisation"), {"invite": "", "email": email, "role": "member"}
    )


def test_an_organisation_that_nobody_has_looked_at_invites_five_and_no_more(client):
    administrator(client, name=EVIL, approval=Organisation.Approval.PENDING)

    pages = [invite(client, f"stranger{n}@example.net") for n in range(7)]

    assert [page.status_code for page in pages] == [302] * 5 + [200] * 2
    assert Email.objects.count() == 5
    assert Invitation.objects.count() == 5
    last = pages[-1].content.decode()
    assert "stranger6@example.net" in last
    assert str(budget.OrganisationOverBudget.message) in last


def test_taking_invitations_back_makes_no_room_for_more_mail(client):
    administrator(client)

    for number in range(40):
        invite(client, f"stranger{number}@example.net")
        Invitation.objects.all().delete()

    assert Email.objects.count() == 30


def test_one_stranger_is_not_mailed_again_and_again(client):
    administrator(client)

    for _time in range(20):
        invite(client, "stranger@example.net")

    assert len(to("stranger@example.net")) == 5


def test_what_strangers_typed_does_not_stand_in_an_invitation(client):
    organisation = administrator(client, name=EVIL)

    invite(client, "stranger@example.net")

    (mail,) = to("stranger@example.net")
    for text in (mail.subject, mail.message, mail.html_message):
        assert "evil.example" not in text
        assert "Larsson" not in text
    assert Invitation.objects.get().token in mail.message
    assert organisation.name == EVIL


def test_a_colleague_who_has_an_account_reads_who_invites(client):
    organisation = administrator(client, name="Plåt & Rör AB")
    colleague = UserFactory()
    EmailAddress.objects.create(user=colleague, email=colleague.email, verified=True)

    invite(client, colleague.email)

    (mail,) = to(colleague.email)
    assert organisation.name in mail.subject


def test_a_name_is_greeted_only_where_the_address_is_confirmed(rf):
    user = UserFactory(first_name="Hämta på https://evil.example nu")
    EmailAddress.objects.create(user=user, email=user.email, verified=False, primary=True)
    confirmed = UserFactory(first_name="Maja")
    EmailAddress.objects.create(user=confirmed, email=confirmed.email, verified=True, primary=True)

    with request_context(rf.get("/")):
        for each in (user, confirmed):
            values = {"user": each, "code": "ABCD"}
            get_adapter().send_mail("account/email/email_confirmation_signup", each.email, values)

    (mail,) = to(user.email)
    assert "evil.example" not in mail.subject + mail.message + mail.html_message
    assert "Maja" in to(confirmed.email)[0].message


@pytest.mark.parametrize("known", [True, False])
def test_codes_to_one_address_end_after_ten_in_an_hour_for_known_and_unknown_alike(
    known, time_machine
):
    time_machine.move_to("2026-11-02 10:00:00+00:00", tick=False)
    email = "somebody@example.net"
    if known:
        user = UserFactory(email=email)
        EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    for number in range(15):
        time_machine.shift(60)
        Client(headers={"User-Agent": str(number)}).post("/konto/login/code/", {"email": email})

    assert len(to(email)) == 10


def test_a_flood_of_other_mail_keeps_nobody_from_signing_in():
    user = UserFactory()
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    with pytest.raises(budget.RecipientOverBudget):
        for _time in range(100):
            queue(EmailMessage("About", "Words", to=[user.email]))

    assert len(to(user.email)) == 60
    Client().post("/konto/login/code/", {"email": user.email})
    assert len(to(user.email)) == 61


def newsletter(client, email, **headers):
    data = {"email": email, "language": "sv", "consent": "on"}
    return client.post(reverse("inspiration:newsletter"), data, **headers)


@pytest.mark.parametrize("proxies", [0, 1])
def test_a_whole_town_hall_asks_for_the_newsletter_in_an_hour(settings, proxies):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    headers = {"HTTP_X_FORWARDED_FOR": "192.0.2.7", "REMOTE_ADDR": "10.0.0.2"} if proxies else {}
    answers = [
        newsletter(
            Client(headers={"User-Agent": f"Browser {n}"}), f"reader{n}@example.org", **headers
        ).status_code
        for n in range(60)
    ]

    assert set(answers) == {302}
    assert Subscriber.objects.count() == 60


def test_one_who_asks_for_the_newsletter_all_day_closes_it_for_nobody(client):
    answers = [newsletter(client, f"reader{n}@example.org") for n in range(8)]

    assert [answer.status_code for answer in answers] == [302] * 5 + [429] * 3
    assert "reader7@example.org" in answers[-1].content.decode()
    another = Client(headers={"User-Agent": "Another"})
    assert newsletter(another, "kim@example.org").status_code == 302


def test_a_form_that_is_received_once_says_so_too_when_it_is_over_the_budget(
    client, settings, django_capture_on_commit_callbacks
):
    """Such forms call their view another way, and answered 500."""
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"mail_sender": "1/h/key"}
    client.raise_request_exception = False
    reservation = ReservationFactory(organisation=SchoolFactory())
    MembershipFactory(organisation=reservation.giver)
    client.force_login(MembershipFactory(organisation=reservation.organisation).user)

    def write(text):
        path = reverse("marketplace:message", args=[reservation.pk])
        with django_capture_on_commit_callbacks(execute=True):
            return client.post(path, {"message-text": text, "submission": text})

    assert write("one").status_code == 302
    refused = write("two")

    assert refused.status_code == 429
    assert str(budget.SenderOverBudget.message) in refused.content.decode()
    assert [each.text for each in reservation.messages.all()] == ["one"]
