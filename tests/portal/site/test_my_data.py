"""My account: what is held on me, handed out, corrected and removed; terms; old data."""

import json
from datetime import timedelta
from decimal import Decimal

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.usersessions.models import UserSession
from django.core import mail
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from post_office.models import Email
from wagtail.test.utils.form_data import rich_text

from marketplace.exchange.handovers.models import Handover
from marketplace.exchange.handovers.services import confirm_handover
from marketplace.exchange.reservations.models import Reservation, ReservationMessage
from marketplace.exchange.reservations.services import accept_reservation
from marketplace.exchange.waiting_list.services import join_line
from marketplace.notifications.models import Notification
from marketplace.offers.models import OfferDraft
from marketplace.organisations.membership.models import Invitation
from marketplace.organisations.models import Membership
from portal.foundation.privacy.personal_data import relations
from portal.foundation.privacy.rules import RULES
from portal.foundation.users.models import User
from portal.site.retention.models import RetentionRun
from portal.site.retention.services import apply_retention
from portal.site.terms.models import TermsVersion
from tests.factories import (
    CompanyFactory,
    ListingFactory,
    MembershipFactory,
    ReservationFactory,
    SchoolFactory,
    SuperuserFactory,
    UserFactory,
    give,
)

pytestmark = pytest.mark.django_db

BACKEND = "django.contrib.auth.backends.ModelBackend"
ACCOUNT = "/mitt/uppgifter/"


@pytest.fixture
def commits(django_capture_on_commit_callbacks):
    return lambda: django_capture_on_commit_callbacks(execute=True)


@pytest.fixture
def member():
    """Somebody who is the only administrator of a company."""
    return MembershipFactory(
        user=UserFactory(first_name="Ada", last_name="Ek", email="ada@example.org"),
        organisation=CompanyFactory(name="Verkstan AB"),
        role="administrator",
    )


@pytest.fixture
def user(member, client):
    EmailAddress.objects.create(
        user=member.user, email="ada@example.org", verified=True, primary=True
    )
    client.force_login(member.user, backend=BACKEND)
    return member.user


def handed_over(giver, receiver, by):
    reservation = ReservationFactory(
        listing=ListingFactory(organisation=giver), organisation=receiver, created_by=by
    )
    accept_reservation(reservation=reservation, by=by)
    confirm_handover(reservation=reservation, by=by, quantity=2, mass_kg=1, would_have_bought="yes")
    return reservation


# --- Correct and take along -----------------------------------------------------------------------


def test_name_and_language_are_corrected(client, user):
    client.post(ACCOUNT, {"first_name": "Åsa", "last_name": "Ek", "language": "en"})

    user.refresh_from_db()
    assert (user.first_name, user.language) == ("Åsa", "en")


def test_a_name_cannot_be_emptied(client, user):
    response = client.post(ACCOUNT, {"first_name": "", "last_name": "Ek", "language": "en"})

    assert response.status_code == 200
    assert User.objects.get(pk=user.pk).first_name == "Ada"


def exported(client):
    response = client.get(f"{ACCOUNT}hamta/")
    assert response["Content-Disposition"].startswith("attachment")
    return json.loads(response.content)


def test_the_export_holds_account_memberships_and_what_was_written(client, user, member):
    reservation = handed_over(member.organisation, SchoolFactory(), user)
    ReservationMessage.objects.create(
        reservation=reservation, author=user, organisation=member.organisation, text="Hej!"
    )
    Email.objects.create(from_email="x@example.org", to=["ada@example.org"], subject="Till Ada")

    data = exported(client)

    assert data["account"]["email"] == "ada@example.org"
    assert data["marketplace.membership.user"][0]["organisation"]["text"] == "Verkstan AB"
    assert data["marketplace.reservationmessage.author"][0]["text"] == "Hej!"
    assert data["marketplace.handover.recorded_by"][0]["mass_kg"] == "1.000"
    assert data["post_office.email.to"][0]["subject"] == "Till Ada"


def test_the_export_holds_no_secrets_and_nobody_elses_rows(client, user):
    other = MembershipFactory(user=UserFactory(email="other@example.org"))
    Email.objects.create(from_email="x@example.org", to=["not-ada@example.org"], subject="Other")

    text = client.get(f"{ACCOUNT}hamta/").content.decode()

    assert "password" not in json.loads(text)["account"]
    assert client.session.session_key not in text
    assert other.organisation.name not in text
    assert "not-ada@example.org" not in text


def test_every_table_that_refers_to_a_person_is_in_the_export(user):
    referring = set()
    for field in User._meta.get_fields(include_hidden=True):
        if field.auto_created and field.is_relation and not field.related_model._meta.auto_created:
            referring.add(field.related_model._meta.label_lower)

    assert referring == {model._meta.label_lower for _name, model, _field in relations()}


# --- Sessions -------------------------------------------------------------------------------------


def other_device(user):
    client = Client(HTTP_USER_AGENT="Mozilla/5.0 (Windows NT 10.0) Firefox/140.0")
    client.force_login(user, backend=BACKEND)
    client.get("/mitt/")
    UserSession.objects.get_or_create(
        session_key=client.session.session_key,
        defaults={"user": user, "ip": "10.1.2.3", "user_agent": "Windows Firefox/140.0"},
    )
    return client


def test_sign_ins_elsewhere_are_listed_and_ended_one_by_one(client, user):
    other = other_device(user)
    page = client.get(ACCOUNT).content.decode()
    session = UserSession.objects.get(session_key=other.session.session_key)

    client.post(f"{ACCOUNT}inloggningar/{session.pk}/bort/")

    assert "Firefox, Windows" in page
    assert other.get(ACCOUNT).status_code == 302
    assert client.get(ACCOUNT).status_code == 200


def test_all_other_sign_ins_are_ended_at_once(client, user):
    others = [other_device(user), other_device(user)]

    client.post(f"{ACCOUNT}inloggningar/bort/")

    assert [other.get(ACCOUNT).status_code for other in others] == [302, 302]
    assert client.get(ACCOUNT).status_code == 200


def test_nobody_ends_the_sign_in_of_somebody_else(client, user):
    stranger = UserFactory()
    other = other_device(stranger)
    session = UserSession.objects.get(user=stranger)

    assert client.post(f"{ACCOUNT}inloggningar/{session.pk}/bort/").status_code == 404
    assert other.get(ACCOUNT).status_code == 200


# --- Leave ----------------------------------------------------------------------------------------


def leave(client, email="ada@example.org"):
    return client.post(f"{ACCOUNT}bort/", {"email": email})


def test_leaving_needs_the_address_once_more(client, user):
    response = leave(client, "wrong@example.org")

    assert response.status_code == 200
    assert User.objects.filter(pk=user.pk).exists()


def test_handovers_stay_without_the_person(client, user, member):
    handed_over(member.organisation, SchoolFactory(), user)

    leave(client)

    handover = Handover.objects.get()
    assert handover.mass_kg == Decimal("1.000")
    assert handover.recorded_by is None
    assert not User.objects.exists()
    assert "_auth_user_id" not in client.session


def test_nothing_that_names_the_person_is_left(client, user, member):
    school = SchoolFactory()
    teacher = MembershipFactory(organisation=school).user
    listing = ListingFactory(
        organisation=member.organisation,
        contact_name="Ada Ek",
        contact_email="ada@example.org",
        contact_phone="042-1",
    )
    revision = listing.save_revision()
    reservation = ReservationFactory(listing=listing, organisation=school)
    accept_reservation(reservation=reservation, by=user)
    Email.objects.create(from_email="x@example.org", to=["ada@example.org"])
    Invitation.objects.create(organisation=CompanyFactory(), email="ada@example.org")

    leave(client)

    listing.refresh_from_db()
    revision.refresh_from_db()
    assert (listing.contact_name, listing.contact_email, listing.contact_phone) == ("", "", "")
    assert revision.content["contact_email"] == revision.content["contact_name"] == ""
    assert not [each for each in Email.objects.all() if "ada@example.org" in each.to]
    assert not Invitation.objects.exists()
    told = Notification.objects.filter(user=teacher)
    assert told.exists()
    assert "Ada Ek" not in str(list(told.values_list("context", flat=True)))
    assert told.filter(context__by="Verkstan AB").exists()


def test_the_longest_standing_colleague_takes_over_from_the_last_administrator(
    client, user, member, commits
):
    heir = MembershipFactory(organisation=member.organisation)
    MembershipFactory(organisation=member.organisation)
    page = client.get(f"{ACCOUNT}bort/").content.decode()

    with commits():
        leave(client)

    heir.refresh_from_db()
    assert heir.role == Membership.Role.ADMINISTRATOR
    assert str(heir.user) in page
    assert [heir.user.email] in [message.to for message in mail.outbox]


def test_a_company_without_people_gives_nothing_away(client, user, member, commits):
    coordinator = UserFactory()
    give(coordinator, "coordinator", municipalities=[member.organisation.municipality])
    listing = ListingFactory(organisation=member.organisation)
    reservation = ReservationFactory(listing=listing)
    teacher = MembershipFactory(organisation=reservation.organisation).user
    accept_reservation(reservation=reservation, by=user)

    with commits():
        leave(client)

    listing.stock.refresh_from_db()
    reservation.refresh_from_db()
    assert listing.stock.closed_at
    assert reservation.state == Reservation.State.CANCELLED
    told = [message.to for message in mail.outbox]
    assert [teacher.email] in told
    assert [coordinator.email] in told


def test_a_company_without_people_waits_in_no_line(client, user, member, commits):
    listing = ListingFactory()
    taken = ReservationFactory(listing=listing, requested_quantity=Decimal(10))
    accept_reservation(reservation=taken, by=UserFactory())
    theirs, next_one = (
        join_line(listing=listing, organisation=each, by=UserFactory(), quantity=Decimal(4))
        for each in (member.organisation, SchoolFactory())
    )

    with commits():
        leave(client)

    theirs.refresh_from_db()
    next_one.refresh_from_db()
    assert theirs.closed_at
    assert not next_one.closed_at


def test_the_last_superuser_stays(client):
    admin = SuperuserFactory()
    client.force_login(admin, backend=BACKEND)

    response = leave(client, admin.email)

    assert response.status_code == 200
    assert User.objects.filter(pk=admin.pk).exists()


# --- Terms ----------------------------------------------------------------------------------------


def publish_terms(number=1, **more):
    return TermsVersion.objects.create(
        number=number, text_sv="<p>Svenska villkor</p>", text_en="<p>English terms</p>", **more
    )


def test_new_terms_are_asked_for_once_and_one_comes_back_to_the_same_page(client, user):
    publish_terms()

    asked = client.get("/mitt/inkorg/")
    accepted = client.post("/villkor/", {"next": "/mitt/inkorg/"})

    assert asked.url == "/villkor/?next=%2Fmitt%2Finkorg%2F"
    assert accepted.url == "/mitt/inkorg/"
    assert client.get("/mitt/inkorg/").status_code == 200
    assert user.terms_acceptances.count() == 1


@pytest.mark.parametrize("address", ["/material/erbjud/", "/idebank/tips/nytt/", "/mitt/kit/1/"])
def test_who_acts_for_an_organisation_is_asked_wherever_it_is(client, user, address):
    publish_terms()

    assert client.get(address).url.startswith("/villkor/?next=")
    client.post("/villkor/")
    assert client.get(address).status_code in (200, 403, 404)


def test_one_leaves_the_newsletter_without_new_terms(client, user):
    publish_terms()

    assert client.get("/nyhetsbrev/mitt/no-such-link/").status_code == 404


def test_a_new_version_is_asked_for_again_with_what_is_new(client, user):
    publish_terms()
    client.post("/villkor/")
    publish_terms(number=2, changes_sv="Vi har lagt till något om bilder.")

    page = client.get("/mitt/", follow=True).content.decode()

    assert "Vi har lagt till något om bilder." in page


def test_a_version_that_is_not_valid_yet_is_asked_for_by_nobody(client, user):
    publish_terms(valid_from=timezone.now() + timedelta(days=3))

    assert client.get("/mitt/").status_code == 200


def test_without_accepting_one_can_still_read_take_ones_data_and_leave(client, user):
    publish_terms()

    for path in ("/", "/material/", ACCOUNT, f"{ACCOUNT}hamta/", f"{ACCOUNT}bort/"):
        assert client.get(path).status_code in (200, 404), path
    assert client.get("/material/erbjud/").url.startswith("/villkor/")


def test_an_offer_that_was_written_is_not_lost_to_new_terms(client, user):
    publish_terms()

    response = client.post("/material/erbjud/", {"title": "Papp"})

    assert response.status_code == 200


@pytest.mark.parametrize(("path", "words"), [("/villkor/", "Svenska"), ("/en/villkor/", "English")])
def test_the_terms_are_read_in_both_languages_without_an_account(client, path, words):
    publish_terms()

    assert words in client.get(path).content.decode()


def test_terms_that_somebody_has_accepted_are_not_rewritten(client):
    terms = publish_terms()
    client.force_login(SuperuserFactory(), backend=BACKEND)
    client.post("/villkor/")

    path = "/admin/snippets/portal/termsversion"
    response = client.post(
        f"{path}/edit/{terms.pk}/",
        {
            "number": 1,
            "valid_from": "2030-01-01 00:00",
            "text_sv": rich_text("<p>Annat</p>"),
            "text_en": rich_text("<p>Other</p>"),
        },
    )
    client.post(f"{path}/delete/{terms.pk}/")

    assert response.context["form"].non_field_errors()
    terms.refresh_from_db()
    assert "Svenska" in terms.text_sv


def test_a_new_version_begins_with_the_words_of_the_one_before(client):
    publish_terms(number=4)
    client.force_login(SuperuserFactory(), backend=BACKEND)

    form = client.get("/admin/snippets/portal/termsversion/add/").context["form"]

    assert form["number"].value() == 5
    assert form["text_en"].value() == "<p>English terms</p>"


# --- Retention ------------------------------------------------------------------------------------


def age(instance, field, days):
    type(instance)._base_manager.filter(pk=instance.pk).update(
        **{field: timezone.now() - timedelta(days=days)}
    )


def test_the_nightly_job_removes_what_is_old_and_logs_how_much(user):
    old = Email.objects.create(from_email="x@example.org", to=["a@example.org"])
    new = Email.objects.create(from_email="x@example.org", to=["a@example.org"])
    age(old, "created", 91)

    call_command("periodic")

    assert list(Email.objects.filter(pk__in=[old.pk, new.pk])) == [new]
    assert RetentionRun.objects.get(rule="mail").removed == 1


def test_the_job_runs_once_a_night(user):
    apply_retention()
    late = Email.objects.create(from_email="x@example.org", to=["a@example.org"])
    age(late, "created", 91)

    apply_retention()
    assert Email.objects.filter(pk=late.pk).exists()

    apply_retention(timezone.now() + timedelta(days=1))
    assert not Email.objects.filter(pk=late.pk).exists()


def test_an_account_that_was_never_confirmed_goes_after_a_week(user):
    forgotten = UserFactory()
    EmailAddress.objects.create(user=forgotten, email=forgotten.email, verified=False)
    made_by_hand = UserFactory()
    for each in (forgotten, made_by_hand):
        age(each, "date_joined", 8)

    apply_retention()

    assert not User.objects.filter(pk=forgotten.pk).exists()
    assert User.objects.filter(pk=made_by_hand.pk).exists()


@pytest.mark.parametrize(("language", "words"), [("sv", "30 dagar"), ("en", "30 days")])
def test_an_account_nobody_uses_is_removed_a_month_after_a_warning(commits, language, words):
    user = UserFactory(language=language)
    age(user, "last_login", 731)

    with commits():
        apply_retention()
    assert words in mail.outbox[-1].body
    assert User.objects.filter(pk=user.pk).exists()

    age(user, "warned_inactive_at", 31)
    apply_retention(timezone.now() + timedelta(days=1))
    assert not User.objects.filter(pk=user.pk).exists()


def test_who_signs_in_after_the_warning_keeps_the_account(commits):
    user = UserFactory()
    age(user, "last_login", 731)
    apply_retention()
    age(user, "warned_inactive_at", 31)
    age(user, "last_login", 5)

    apply_retention(timezone.now() + timedelta(days=1))

    assert User.objects.filter(pk=user.pk).exists()


def test_messages_of_reservations_long_closed_go_and_the_figures_stay(user, member):
    reservation = handed_over(member.organisation, SchoolFactory(), user)
    ReservationMessage.objects.create(
        reservation=reservation, author=user, organisation=member.organisation, text="Hej!"
    )
    age(reservation, "closed_at", 731)

    apply_retention()

    reservation.refresh_from_db()
    assert not ReservationMessage.objects.exists()
    assert reservation.created_by is None
    assert Handover.objects.get().mass_kg == Decimal("1.000")


def test_drafts_inbox_invitations_and_contacts_grow_old(user, member):
    draft = OfferDraft.objects.create(user=user, data={"title": ["Papp"]})
    OfferDraft.objects.filter(pk=draft.pk).update(updated_at=timezone.now() - timedelta(days=31))
    told = Notification.objects.create(user=user, type="message", key="x")
    age(told, "created_at", 366)
    invitation = Invitation.objects.create(organisation=member.organisation, email="x@example.org")
    age(invitation, "created_at", 91)
    listing = ListingFactory(organisation=member.organisation, contact_email="ada@example.org")
    age(listing.stock, "closed_at", 731)

    apply_retention()

    listing.refresh_from_db()
    assert listing.contact_email == ""
    assert not OfferDraft.objects.exists()
    assert not Notification.objects.filter(pk=told.pk).exists()
    assert not Invitation.objects.exists()


@pytest.mark.parametrize("path", ["/integritet/tider/", "/en/integritet/tider/"])
def test_everybody_can_read_how_long_things_are_kept(client, path):
    page = client.get(path).content.decode()

    assert ("90 days" in page) == path.startswith("/en/")
    assert page.count("<tr>") == len(RULES) + 1


def test_the_log_is_seen_in_the_admin_and_changed_by_nobody(client):
    run = RetentionRun.objects.create(rule="mail", removed=3)
    client.force_login(SuperuserFactory(), backend=BACKEND)

    assert client.get("/admin/retention/").status_code == 200
    assert client.post(f"/admin/retention/delete/{run.pk}/").status_code == 404
    assert RetentionRun.objects.filter(pk=run.pk).exists()


def test_the_pages_about_signing_in_speak_swedish_and_lead_back(client, user):
    Authenticator.objects.create(
        user=user, type=Authenticator.Type.WEBAUTHN, data={"name": "Telefonen"}
    )
    RecoveryCodes.activate(user)

    addresses, steps = (
        client.get(path).content.decode() for path in ("/konto/email/", "/konto/2fa/")
    )

    assert "De här adresserna hör till ditt konto:" in addresses
    assert "Epost" not in addresses
    assert "Du har lagt till 1 nyckel (passkey)." in steps
    assert "av 10 reservkoder finns kvar." in steps
    assert all('href="/mitt/uppgifter/"' in page for page in (addresses, steps))
