"""Registering: one page, and nothing happens in anybody's name before the address is confirmed."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.core import mail

from marketplace.municipalities.models import EmailDomain
from marketplace.organisations.membership.models import Invitation
from marketplace.organisations.membership.services import accept_invitation, invite
from marketplace.organisations.models import Membership, Organisation
from marketplace.organisations.registration.models import Registration
from marketplace.organisations.registration.services import carry_out_registration
from portal.foundation.users.models import User
from portal.site.terms.models import TermsAcceptance, TermsVersion
from tests.factories import (
    CompanyFactory,
    MembershipFactory,
    MunicipalityFactory,
    SchoolFactory,
    UserFactory,
    give,
    org_number,
)

pytestmark = pytest.mark.django_db

SIGNUP = "/konto/signup/"


@pytest.fixture
def commits(django_capture_on_commit_callbacks):
    return lambda: django_capture_on_commit_callbacks(execute=True)


ADDRESS = "kim@klippan.example"


def person(**more):
    return {"name": "Kim Larsson", **more}


def code_in(message):
    return re.search(r"^([A-Z0-9-]{6,9})$", message.body, re.M).group(1)


@pytest.fixture
def show(client, commits):
    """A function that shows that an address is somebody's, with the code in the mail."""

    def do(email=ADDRESS, language=""):
        with commits():
            client.post(f"{language}/konto/login/code/", {"email": email})
        code = code_in(mail.outbox[-1])
        return client.post(f"{language}/konto/login/code/confirm/", {"code": code})

    return do


@pytest.fixture
def register(client, commits, show):
    """A function that registers: the address, its code, and what is asked of who is new."""

    def do(email=ADDRESS, **fields):
        show(email)
        with commits():
            response = client.post(SIGNUP, person(**fields))
            assert response.status_code == 302, response.context["form"].errors
        return client.get(response["Location"])

    return do


@pytest.fixture
def klippan():
    municipality = MunicipalityFactory(name="Klippan")
    EmailDomain.objects.create(municipality=municipality, domain="klippan.example")
    return municipality


def test_the_page_asks_for_person_and_organisation_at_once(client, show):
    show()
    page = client.get(SIGNUP).content.decode()

    for name in ("name", "organisation", "type"):
        assert f'name="{name}"' in page


def test_an_address_of_the_municipality_lets_one_into_its_school_at_once(register, klippan):
    school = SchoolFactory(name="Åbyskolan", municipality=klippan)

    response = register(organisation="åbyskolan")

    membership = Membership.objects.get(user__email="kim@klippan.example")
    assert membership.organisation == school
    assert membership.status == Membership.Status.ACTIVE
    assert "Åbyskolan" in response.content.decode()


def test_the_first_one_in_looks_after_the_school(register, klippan):
    SchoolFactory(name="Åbyskolan", municipality=klippan)

    register(organisation="Åbyskolan")

    assert Membership.objects.get().role == Membership.Role.ADMINISTRATOR


def test_a_school_is_found_by_its_code_and_a_company_by_its_number(register):
    company = CompanyFactory(org_number=org_number(77))

    register(organisation=org_number(77).replace("-", ""))

    assert Membership.objects.get().organisation == company


def test_before_the_address_is_confirmed_nothing_has_happened(client, klippan, show):
    SchoolFactory(name="Åbyskolan", municipality=klippan)

    client.post(SIGNUP, person(organisation="Åbyskolan"))
    assert not User.objects.exists()
    assert not Membership.objects.exists()

    show()
    client.post(SIGNUP, person(organisation="Åbyskolan"))
    assert Membership.objects.exists()


def test_an_address_elsewhere_waits_for_the_colleagues(register, klippan):
    boss = MembershipFactory(
        organisation=SchoolFactory(name="Åbyskolan", municipality=klippan), role="administrator"
    ).user

    register(organisation="Åbyskolan", email="kim@elsewhere.example")

    assert Membership.objects.get(user__email="kim@elsewhere.example").status == "pending"
    assert [boss.email] in [message.to for message in mail.outbox]


def test_an_approved_address_opens_no_school_of_another_municipality(register, klippan):
    SchoolFactory(name="Annanskolan")

    register(organisation="Annanskolan")

    assert Membership.objects.get().status == Membership.Status.PENDING


def test_where_nobody_is_administrator_the_coordinator_is_asked(register, klippan):
    coordinator = UserFactory()
    give(coordinator, "coordinator", municipalities=[klippan])
    SchoolFactory(name="Åbyskolan", municipality=klippan)

    register(organisation="Åbyskolan", email="kim@elsewhere.example")

    assert [coordinator.email] in [message.to for message in mail.outbox]


def new_company(where, **more):
    return {
        "organisation": "Nya Snickeriet AB",
        "type": "company",
        "municipality": where.pk,
        "org_number": org_number(5),
        **more,
    }


def test_a_new_company_is_registered_on_the_same_page_and_waits(register, klippan):
    response = register(**new_company(klippan))

    company = Organisation.objects.get(name="Nya Snickeriet AB")
    assert company.approval == Organisation.Approval.PENDING
    assert company.memberships.get().role == Membership.Role.ADMINISTRATOR
    assert response.wsgi_request.path == "/mitt/"


def test_a_new_school_of_ones_own_municipality_is_approved_at_once(register, klippan):
    register(organisation="Nyskolan", type="school", municipality=klippan.pk)

    assert Organisation.objects.get(name="Nyskolan").is_approved


def test_two_who_register_the_same_company_meet_in_it(client, klippan, commits):
    first, second = UserFactory(), UserFactory()
    new = {
        "name": "Nya AB",
        "type": "company",
        "org_number": org_number(5),
        "municipality": klippan.pk,
    }
    for user in (first, second):
        Registration.objects.create(user=user, new=new)
        carry_out_registration(user=user)

    company = Organisation.objects.get(org_number=org_number(5))
    assert company.memberships.get(user=first).role == Membership.Role.ADMINISTRATOR
    assert company.memberships.get(user=second).status == Membership.Status.PENDING


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"type": ""}, "organisation"),
        ({"municipality": ""}, "municipality"),
        ({"org_number": "556012-5791"}, "org_number"),
        ({"org_number": ""}, "org_number"),
        ({"name": ""}, "name"),
    ],
)
def test_what_is_missing_is_said_and_nothing_that_was_typed_is_lost(
    client, klippan, fields, field, show
):
    show()
    response = client.post(SIGNUP, person(**new_company(klippan, **fields)))

    assert response.context["form"].errors[field]
    page = response.content.decode()
    assert "Nya Snickeriet AB" in page
    assert not User.objects.exists()


def test_what_is_wrong_is_said_kindly(client, klippan, show):
    show()
    page = client.post(SIGNUP, person(**new_company(klippan, name=""))).content.decode()

    assert "Det här behöver fyllas i." in page


@pytest.mark.parametrize("written", ["5560125790", "556012 5790", "16 556012-5790", "165560125790"])
def test_an_organisation_number_may_be_written_in_any_way(register, klippan, written):
    register(**new_company(klippan, org_number=written))

    assert Organisation.objects.get(name="Nya Snickeriet AB").org_number == "556012-5790"


def test_a_company_that_is_here_by_another_name_is_joined(register, klippan):
    company = CompanyFactory(name="Snickeriet i Klippan AB")

    response = register(**new_company(klippan, org_number=company.org_number))

    assert company.memberships.get().user.email == "kim@klippan.example"
    assert "Snickeriet i Klippan AB" in response.content.decode()


def test_who_registers_a_refused_company_is_told_that_it_was(client, klippan, show):
    show()
    company = CompanyFactory(approval=Organisation.Approval.REJECTED)

    response = client.post(SIGNUP, person(**new_company(klippan, org_number=company.org_number)))

    assert "blev inte godkänt" in str(response.context["form"].errors["org_number"])


def test_a_school_with_the_number_of_its_municipality_is_a_school_of_its_own(register, klippan):
    first = SchoolFactory(municipality=klippan, org_number=org_number(5))

    register(
        organisation="Nyskolan",
        type="school",
        municipality=klippan.pk,
        org_number=first.org_number,
    )

    assert Organisation.objects.get(name="Nyskolan").is_approved


@pytest.fixture
def namesakes(klippan):
    elsewhere = SchoolFactory(name="Centralskolan", municipality=MunicipalityFactory(name="Bjuv"))
    return elsewhere, SchoolFactory(name="Centralskolan", municipality=klippan)


def test_who_names_several_schools_is_asked_which(client, namesakes, show):
    show()
    response = client.post(SIGNUP, person(organisation="Centralskolan"))

    page = response.content.decode()
    assert set(response.context["form"].alike) == set(namesakes)
    assert all(f'name="join" value="{each.pk}"' in page for each in namesakes)


def test_the_municipality_behind_the_name_says_which_school(client, register, namesakes):
    suggested = client.get("/organisationer/forslag/?organisation=centr").content.decode()

    register(organisation="Centralskolan, Klippan")

    assert "Skola, Klippan" in suggested
    assert namesakes[1].memberships.exists()
    assert not namesakes[0].memberships.exists()


def test_a_new_school_may_be_called_what_one_elsewhere_is(register, klippan):
    SchoolFactory(name="Centralskolan", municipality=MunicipalityFactory(name="Bjuv"))

    register(organisation="Centralskolan", type="school", municipality=klippan.pk)

    assert Organisation.objects.filter(name="Centralskolan", municipality=klippan).exists()


def test_who_writes_a_part_of_a_name_is_asked_for_the_whole(client, klippan, show):
    school = SchoolFactory(name="Fantasiskolan vid Bjäre", municipality=klippan)
    show()

    response = client.post(SIGNUP, person(organisation="Fantasiskolan"))

    assert list(response.context["form"].alike) == [school]
    assert list(response.context["form"].errors) == ["organisation"]


def test_who_works_nowhere_in_particular_may_leave_the_organisation_out(register):
    response = register()

    assert response.status_code == 200
    assert not Membership.objects.exists()
    assert EmailAddress.objects.get().verified


def test_the_terms_that_were_accepted_are_remembered(register):
    terms = TermsVersion.objects.create(number=1, text_sv="<p>V</p>", text_en="<p>T</p>")

    register()

    assert TermsAcceptance.objects.get().terms == terms


@pytest.mark.parametrize("language", ["sv", "en"])
def test_the_mail_with_the_code_is_in_the_language_of_the_page(client, show, language):
    prefix = "/en" if language == "en" else ""
    show(language=prefix)
    client.post(f"{prefix}{SIGNUP}", person())

    message = mail.outbox[-1]
    assert ("kod" in message.subject) == (language == "sv")
    assert code_in(message) in message.alternatives[0].content
    assert User.objects.get().language == language


# --- Nobody finds out who has an account ----------------------------------------------------------


def answer(response):
    """What a stranger sees: state, address and words, without what differs by chance."""
    words = re.sub(r'(csrfmiddlewaretoken" value|nonce)="[^"]*"', "", response.content.decode())
    return response.status_code, response.get("Location"), words


def both(client, path, name, extra):
    UserFactory(email="known@example.org")
    EmailAddress.objects.create(
        user=User.objects.get(), email="known@example.org", verified=True, primary=True
    )
    found = []
    for email in ("known@example.org", "other@example.org"):
        client.cookies.clear()
        first = client.post(path, {**extra, name: email})
        second = client.get(first["Location"]) if first.status_code == 302 else first
        words = [
            part.replace(email, "X") if isinstance(part, str) else part
            for part in (*answer(first), *answer(second))
        ]
        found.append(words)
    return found


def test_asking_for_a_code_says_the_same_whether_there_is_an_account_or_not(client):
    known, unknown = both(client, "/konto/login/code/", "email", {})

    assert known == unknown


def test_a_password_says_the_same_whether_there_is_an_account_or_not(client):
    known, unknown = both(client, "/konto/login/", "login", {"password": "wrong"})

    assert known == unknown


def test_who_has_an_account_is_not_made_another(client, show):
    UserFactory(email=ADDRESS, first_name="Before")

    show()
    client.post(SIGNUP, person(organisation="Nowhere", type="school"))

    assert User.objects.get().first_name == "Before"
    assert not Registration.objects.exists()
    assert client.session["_auth_user_id"] == str(User.objects.get().pk)


def test_attempts_run_out_for_known_and_unknown_addresses_alike(client):
    UserFactory(email="known@example.org")
    limits = {}
    for email in ("known@example.org", "other@example.org"):
        for attempt in range(1, 30):
            client.cookies.clear()
            response = client.post(
                "/konto/login/code/", {"email": email}, REMOTE_ADDR=f"10.0.0.{len(email)}"
            )
            if response.status_code != 302:
                limits[email] = attempt
                break

    assert limits["known@example.org"] == limits["other@example.org"]


def test_a_wrong_code_can_be_tried_only_a_few_times(client, commits):
    user = UserFactory(email="ada@example.org")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    with commits():
        client.post("/konto/login/code/", {"email": user.email})
    code = code_in(mail.outbox[-1])

    for _attempt in range(5):
        client.post("/konto/login/code/confirm/", {"code": "WRONG1"})
    client.post("/konto/login/code/confirm/", {"code": code})

    assert "_auth_user_id" not in client.session


def confirmed(email):
    """Somebody who has shown that the address is theirs."""
    user = UserFactory(email=email)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


# --- Invitations ----------------------------------------------------------------------------------


@pytest.fixture
def boss():
    return MembershipFactory(role="administrator", organisation=CompanyFactory(name="Verkstan AB"))


def test_an_administrator_invites_a_colleague_by_mail(client, boss, commits):
    client.force_login(boss.user, backend="django.contrib.auth.backends.ModelBackend")

    with commits():
        client.post(
            "/mitt/organisation/", {"invite": "1", "email": "Ny@example.org", "role": "member"}
        )

    message = mail.outbox[-1]
    assert message.to == ["ny@example.org"]
    assert Invitation.objects.get().get_absolute_url() in message.body
    # Who has not confirmed the address reads no text that a stranger has chosen.
    assert "Verkstan AB" not in message.subject + message.body


@pytest.mark.parametrize("language", ["sv", "en"])
def test_the_invitation_is_written_in_the_inviters_language(boss, commits, language):
    boss.user.language = language

    with commits():
        invite(organisation=boss.organisation, email="ny@example.org", by=boss.user)

    assert ("bjudit in" in mail.outbox[-1].body) == (language == "sv")
    assert mail.outbox[-1].alternatives


def test_who_is_invited_registers_and_is_in(client, boss, register):
    invitation = invite(
        organisation=boss.organisation, email="ny@example.org", by=boss.user, role="administrator"
    )
    page = client.get(invitation.get_absolute_url()).content.decode()
    assert f"/konto/login/?next={invitation.get_absolute_url()}" in page

    register(email="ny@example.org")

    membership = Membership.objects.get(user__email="ny@example.org")
    assert (membership.status, membership.role) == ("active", "administrator")
    assert not Invitation.objects.open().exists()


def test_who_has_an_account_joins_by_the_link(client, boss):
    invitation = invite(organisation=boss.organisation, email="ny@example.org", by=boss.user)
    colleague = confirmed("ny@example.org")
    client.force_login(colleague, backend="django.contrib.auth.backends.ModelBackend")

    client.post(invitation.get_absolute_url())

    assert boss.organisation.memberships.get(user=colleague).status == "active"


def test_an_invitation_is_for_the_address_that_it_went_to(client, boss):
    invitation = invite(organisation=boss.organisation, email="ny@example.org", by=boss.user)
    stranger = confirmed("annan@example.org")
    client.force_login(stranger)

    page = client.get(invitation.get_absolute_url())
    client.post(invitation.get_absolute_url())

    assert page.context["for_another"]
    assert not boss.organisation.memberships.filter(user=stranger).exists()
    assert Invitation.objects.open().get() == invitation


def test_who_registers_with_another_address_than_was_invited_waits_for_a_colleague(
    client, boss, register
):
    invitation = invite(organisation=boss.organisation, email="ny@example.org", by=boss.user)
    client.get(invitation.get_absolute_url())

    register(email="annan@example.org")

    assert Membership.objects.get(user__email="annan@example.org").status == "pending"


def test_an_invitation_works_once_and_not_after_it_was_taken_back(client, boss):
    used = invite(organisation=boss.organisation, email="a@example.org", by=boss.user)
    accept_invitation(invitation=used, by=confirmed("a@example.org"))
    taken = invite(organisation=boss.organisation, email="b@example.org", by=boss.user)
    client.force_login(boss.user, backend="django.contrib.auth.backends.ModelBackend")
    client.post(f"/mitt/organisation/inbjudan/{taken.pk}/bort/")
    client.logout()

    pages = [client.get(each.get_absolute_url()) for each in (used, taken)]
    assert [page.status_code for page in pages] == [410, 404]
    assert all('href="/konto/login/"' in page.content.decode() for page in pages)


def test_the_link_of_an_invitation_still_leads_in_who_has_used_it(client, boss):
    used = invite(organisation=boss.organisation, email="a@example.org", by=boss.user)
    member = accept_invitation(invitation=used, by=confirmed("a@example.org"))
    client.force_login(member.user, backend="django.contrib.auth.backends.ModelBackend")

    assert client.get(used.get_absolute_url())["Location"] == "/mitt/"


def test_a_colleague_is_not_invited_once_more(client, boss, commits):
    colleague = MembershipFactory(organisation=boss.organisation).user
    client.force_login(boss.user, backend="django.contrib.auth.backends.ModelBackend")
    with commits():
        response = client.post(
            "/mitt/organisation/",
            {"invite": "1", "email": colleague.email.upper(), "role": "member"},
            follow=True,
        )

    assert "Den personen är redan med." in response.content.decode()
    assert not Invitation.objects.exists()
    assert not mail.outbox


# --- Colleagues -----------------------------------------------------------------------------------


@pytest.fixture
def colleague(client, boss):
    client.force_login(boss.user, backend="django.contrib.auth.backends.ModelBackend")
    return MembershipFactory(
        organisation=boss.organisation, user=UserFactory(first_name="Kim", last_name="Ek")
    )


def decide(client, membership, action):
    response = client.post(
        f"/mitt/organisation/medlem/{membership.pk}/", {"action": action}, follow=True
    )
    return response.content.decode()


def test_an_administrator_sees_who_is_who(client, boss, colleague):
    page = client.get("/mitt/organisation/").content.decode()
    client.force_login(colleague.user, backend="django.contrib.auth.backends.ModelBackend")
    for_member = client.get("/mitt/organisation/").content.decode()

    assert colleague.user.email in page
    assert boss.user.email not in for_member


def test_a_removed_colleague_is_named(client, colleague):
    assert "Kim Ek är inte längre med i" in decide(client, colleague, "remove")
    assert not Membership.objects.filter(pk=colleague.pk).exists()


def test_who_is_let_in_is_named(client, colleague):
    Membership.objects.update(status="active")
    Membership.objects.filter(pk=colleague.pk).update(status="pending")

    assert "Kim Ek är nu med." in decide(client, colleague, "accept")


def test_who_leaves_comes_to_my_page(client, colleague):
    client.force_login(colleague.user, backend="django.contrib.auth.backends.ModelBackend")
    response = client.post(
        f"/mitt/organisation/medlem/{colleague.pk}/", {"action": "remove"}, follow=True
    )

    assert response.redirect_chain == [("/mitt/", 302)]
    assert "Du är inte längre med i" in response.content.decode()


def test_a_member_who_is_no_administrator_can_invite_nobody(client, boss):
    member = MembershipFactory(organisation=boss.organisation).user
    client.force_login(member, backend="django.contrib.auth.backends.ModelBackend")

    response = client.post("/mitt/organisation/", {"invite": "1", "email": "x@example.org"})

    assert response.status_code == 403
    assert not Invitation.objects.exists()


def test_looking_up_an_organisation_shows_only_approved_ones(client):
    SchoolFactory(name="Åbyskolan")
    SchoolFactory(name="Åbynya", approval="pending")

    page = client.get("/organisationer/forslag/?organisation=åby").content.decode()

    assert "Åbyskolan" in page
    assert "Åbynya" not in page
