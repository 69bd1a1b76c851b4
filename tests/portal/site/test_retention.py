"""How long things are kept: newsletter, forms, notes, pupils' ideas, words, accounts."""

import json
from datetime import timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone
from wagtail.contrib.forms.models import FormSubmission
from wagtail.models import Page

from inspiration.newsletter.models import Subscriber
from marketplace.exchange.handovers.models import Handover
from marketplace.exchange.handovers.services import confirm_handover
from marketplace.exchange.notes.models import Note
from marketplace.exchange.reservations.services import accept_reservation
from marketplace.ideas.models import Idea, IdeaPhoto, IdeaProgress
from portal.foundation.images.models import CustomImage
from portal.foundation.kept_forms import KeptForm
from portal.foundation.users.models import User
from portal.site.retention.services import apply_retention
from tests.factories import (
    ImageFactory,
    MembershipFactory,
    ReservationFactory,
    UserFactory,
    default_locale,
)

pytestmark = pytest.mark.django_db


def days_ago(days):
    return timezone.now() - timedelta(days=days)


def subscriber(email, **fields):
    return Subscriber.objects.create(email=email, consent="Yes", **fields)


def left():
    return set(Subscriber.objects.values_list("email", flat=True))


def test_a_newsletter_address_nobody_confirmed_goes_after_a_week():
    subscriber("new@example.org", asked_at=days_ago(6))
    subscriber("never@example.org", asked_at=days_ago(8))
    subscriber("reads@example.org", asked_at=days_ago(8), confirmed_at=days_ago(7))

    apply_retention()

    assert left() == {"new@example.org", "reads@example.org"}


def test_a_form_that_was_never_sent_goes_after_a_month():
    for days in (29, 31):
        kept = KeptForm.objects.create(path=f"/{days}/", name="Kulbana", data={})
        KeptForm.objects.filter(pk=kept.pk).update(updated_at=days_ago(days))

    apply_retention()

    assert KeptForm.objects.get().path == "/29/"


@pytest.mark.parametrize("ended", ["unsubscribed_at", "bounced_at"])
def test_a_newsletter_address_goes_a_month_after_the_end(ended):
    subscriber("regrets@example.org", confirmed_at=days_ago(90), **{ended: days_ago(29)})
    subscriber("ended@example.org", confirmed_at=days_ago(90), **{ended: days_ago(31)})

    apply_retention()

    assert left() == {"regrets@example.org"}


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/integritet/tider/", "Adresser som anmälts till nyhetsbrevet men aldrig bekräftats"),
        ("/en/integritet/tider/", "Addresses written in for the newsletter and never confirmed"),
    ],
)
def test_everybody_can_read_what_becomes_of_newsletter_addresses(client, path, words):
    assert words in client.get(path).content.decode()


def test_answers_to_forms_go_after_two_years():
    page = Page.add_root(title="Survey", slug="survey", locale=default_locale())
    kept = FormSubmission.objects.create(page=page, form_data={"name": "Bo"})
    old = FormSubmission.objects.create(page=page, form_data={"name": "Ada"})
    FormSubmission.objects.filter(pk=old.pk).update(submit_time=days_ago(731))

    apply_retention()

    assert list(FormSubmission.objects.all()) == [kept]


@pytest.fixture
def handover():
    reservation = ReservationFactory()
    by = MembershipFactory(organisation=reservation.listing.organisation).user
    accept_reservation(reservation=reservation, by=by)
    confirm_handover(reservation=reservation, by=by, quantity=2, mass_kg=1, would_have_bought="no")
    return Handover.objects.get()


def test_thanks_and_problems_go_two_years_after_the_reservation(handover):
    reservation = handover.reservation
    for type_ in Note.Type.values:
        Note.objects.create(
            reservation=reservation, organisation=reservation.organisation, type=type_, text="Hej"
        )
    type(reservation).objects.filter(pk=reservation.pk).update(closed_at=days_ago(731))

    apply_retention()

    assert not Note.objects.exists()


def idea(handover, *, days, **progress):
    sent = Idea(
        handover=handover, title="Koja", text="En koja", type="made", age_group="4-6", signed="4A"
    )
    sent.live = False
    sent.created_at = days_ago(days)
    sent.photos.set([IdeaPhoto(image=ImageFactory(), sort_order=0)])
    sent.save()
    IdeaProgress.objects.create(idea=sent, **progress)
    return sent


def test_ideas_that_no_teacher_let_through_go_after_a_year_with_their_pictures(handover):
    idea(handover, days=400)
    idea(handover, days=500, declined_at=days_ago(366))
    recent = idea(handover, days=500, declined_at=days_ago(300))
    approved = idea(handover, days=500, approved_at=days_ago(499))

    apply_retention()

    assert set(Idea.objects.all()) == {recent, approved}
    assert CustomImage.objects.count() == 2


def test_the_newsletter_is_in_the_export_and_goes_with_the_account(client):
    user = UserFactory(email="ada@example.org")
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    subscriber("Ada@example.org", confirmed_at=days_ago(3))
    subscriber("other@example.org", confirmed_at=days_ago(3))

    data = json.loads(client.get("/mitt/uppgifter/hamta/").content)
    client.post("/mitt/uppgifter/bort/", {"email": "ada@example.org"})

    assert [row["email"] for row in data["inspiration.subscriber.email"]] == ["Ada@example.org"]
    assert left() == {"other@example.org"}


# --- Accounts and sign-ins ------------------------------------------------------------------------


def account(*, days=0, confirmed=False, **fields):
    """An account with an address, made `days` ago, whose owner has never signed in."""
    user = UserFactory(**{"date_joined": days_ago(days), "last_login": None} | fields)
    EmailAddress.objects.create(user=user, email=user.email, verified=confirmed)
    return user


def test_only_accounts_that_nobody_confirmed_or_used_for_a_week_go():
    forgotten = account(days=8)
    kept = [
        account(days=6),
        account(days=8, confirmed=True),
        account(days=8, last_login=timezone.now()),
        account(days=8, is_superuser=True),
    ]
    second = account(days=8)
    EmailAddress.objects.create(user=second, email="second@example.org", verified=True)

    apply_retention()

    assert not User.objects.filter(pk=forgotten.pk).exists()
    assert User.objects.filter(pk__in=[each.pk for each in [*kept, second]]).count() == 5


def test_only_who_has_been_away_for_two_years_is_warned_and_removed_no_sooner_than_said():
    away, here, boss = (
        account(confirmed=True, last_login=days_ago(days), **fields)
        for days, fields in ((731, {}), (700, {}), (731, {"is_superuser": True}))
    )
    apply_retention()
    for each in (away, here, boss):
        each.refresh_from_db()
    assert away.warned_inactive_at
    assert (here.warned_inactive_at, boss.warned_inactive_at) == (None, None)

    with time_machine.travel(timezone.now() + timedelta(days=29)):
        apply_retention()
    assert User.objects.filter(pk=away.pk).exists()

    with time_machine.travel(timezone.now() + timedelta(days=31)):
        apply_retention()
    assert not User.objects.filter(pk=away.pk).exists()
    assert User.objects.filter(pk__in=[here.pk, boss.pk]).count() == 2


def test_sign_ins_that_have_run_out_go_and_others_last():
    over, lasting = Client(), Client()
    for window in (over, lasting):
        window.force_login(UserFactory())
        window.get("/mitt/")
    ended = Session.objects.get(pk=over.session.session_key)
    ended.expire_date = days_ago(1)
    ended.save()

    apply_retention()

    assert [each.pk for each in Session.objects.all()] == [lasting.session.session_key]
    assert UserSession.objects.get().session_key == lasting.session.session_key
