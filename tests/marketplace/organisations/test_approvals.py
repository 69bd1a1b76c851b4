"""Approving an organisation: the mail, the checklist, the decision and its mail."""

import pytest
from allauth.account.models import EmailAddress
from bs4 import BeautifulSoup
from django.core import mail
from wagtail.models import Site

from marketplace.organisations.approval.services import (
    answer_changes,
    approve_organisation,
    ask_for_approval,
    ask_organisation_for_changes,
    reject_organisation,
)
from marketplace.organisations.models import Membership, Organisation
from marketplace.review.errors import WrongState
from marketplace.roles.models import RoleAssignment
from marketplace.signals import listing_changed
from portal.foundation.site_settings.models import SiteSettings
from tests.factories import (
    CompanyFactory,
    ListingFactory,
    MembershipFactory,
    MunicipalityFactory,
    UserFactory,
    give,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("portal")]

BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def commits(django_capture_on_commit_callbacks):
    return lambda: django_capture_on_commit_callbacks(execute=True)


@pytest.fixture
def coordinator(client):
    user = UserFactory()
    give(user, "coordinator")
    client.force_login(user, backend=BACKEND)
    return user


@pytest.fixture
def applicant(coordinator):
    municipality = MunicipalityFactory()
    give(coordinator, "coordinator", municipalities=[municipality])
    company = CompanyFactory(
        name="Verkstan AB",
        municipality=municipality,
        approval="pending",
        website="https://www.verkstan.example",
    )
    CompanyFactory(municipality=municipality, approval="pending")
    membership = MembershipFactory(
        organisation=company, role="administrator", user=UserFactory(email="ada@verkstan.example")
    )
    EmailAddress.objects.create(
        user=membership.user, email=membership.user.email, verified=True, primary=True
    )
    return membership


def page_of(organisation):
    return f"/admin/organisationer/{organisation.pk}/granska/"


def test_the_mail_leads_to_the_checklist(applicant, coordinator, commits):
    with commits():
        ask_for_approval(organisation=applicant.organisation)

    assert mail.outbox[-1].to == [coordinator.email]
    assert page_of(applicant.organisation) in mail.outbox[-1].body


def checks(client, organisation):
    return {check.text: check for check in client.get(page_of(organisation)).context["checks"]}


def test_the_checklist_says_what_is_right(client, applicant):
    found = checks(client, applicant.organisation)

    assert [check.passed for check in found.values()].count(True) == 4
    assert any(check.url == "https://www.verkstan.example" for check in found.values())
    assert not [check for check in found.values() if check.passed is False]


def test_the_checklist_says_what_is_wrong(client, applicant):
    CompanyFactory(name="verkstan ab")
    Organisation.objects.filter(pk=applicant.organisation_id).update(org_number="", website="")
    EmailAddress.objects.update(verified=False)

    found = checks(client, applicant.organisation)

    assert [check.passed for check in found.values()] == [False] * 4


@pytest.mark.parametrize("language", ["sv", "en"])
def test_an_approval_is_mailed_with_the_words_of_the_coordinator(
    client, applicant, commits, language
):
    type(applicant.user).objects.update(language=language)

    with commits():
        client.post(page_of(applicant.organisation), {"approve": "1", "note": "Välkomna!"})

    applicant.organisation.refresh_from_db()
    assert applicant.organisation.is_approved
    assert mail.outbox[-1].to == [applicant.user.email]
    assert "Välkomna!" in mail.outbox[-1].body
    assert ("is approved" in mail.outbox[-1].subject) == (language == "en")


def test_a_refusal_needs_a_reason_and_mails_it(client, applicant, commits):
    refused = client.post(page_of(applicant.organisation), {"reject": "1"})
    assert refused.context["form"].errors["note"]

    with commits():
        client.post(page_of(applicant.organisation), {"reject": "1", "note": "Fel nummer."})

    applicant.organisation.refresh_from_db()
    assert applicant.organisation.approval == Organisation.Approval.REJECTED
    assert "Fel nummer." in mail.outbox[-1].body


def test_who_was_refused_reads_why_and_whom_to_write_to(client, applicant, commits):
    SiteSettings.objects.update_or_create(
        site=Site.objects.get(), defaults={"contact_email": "hjalp@example.org"}
    )
    with commits():
        client.post(page_of(applicant.organisation), {"reject": "1", "note": "Fel nummer."})
    client.force_login(applicant.user, backend=BACKEND)
    pages = [client.get(path).content.decode() for path in ("/en/mitt/", "/en/mitt/organisation/")]

    assert "hjalp@example.org" in mail.outbox[-1].body
    for page in pages:
        assert "was not approved" in page
        assert "Fel nummer." in page
        assert "mailto:hjalp@example.org" in page
        assert "has not been approved yet" not in page
    assert "was not approved" in client.get("/en/material/erbjud/").content.decode()


def test_who_is_asked_for_changes_reads_what_beside_the_form_and_waits_again_once_it_is_saved(
    client, applicant, coordinator, commits
):
    company = applicant.organisation
    answer = {"key": f"organisation-{company.pk}", "answer": "changes", "text": "Skriv er adress."}
    without_word = client.post("/admin/ko/", answer | {"text": ""})
    with commits():
        client.post("/admin/ko/", answer)
    queued = client.get("/admin/ko/").content.decode()

    client.force_login(applicant.user, backend=BACKEND)
    form = client.get("/mitt/organisation/").context["form"]
    shown = BeautifulSoup(client.get("/mitt/organisation/").content, "html.parser")
    assert without_word.status_code == 200
    assert "Verkstan AB" not in queued
    assert mail.outbox[-1].to == [applicant.user.email]
    assert "Skriv er adress." in mail.outbox[-1].body
    assert "Skriv er adress." in shown.select_one("form#uppgifter").get_text()

    values = {name: form[name].value() or "" for name in form.fields}
    with commits():
        saved = client.post("/mitt/organisation/", values | {"address": "Storgatan 1"})
    assert saved.status_code == 302
    assert mail.outbox[-1].to == [coordinator.email]
    client.force_login(coordinator, backend=BACKEND)
    assert "Verkstan AB" in client.get("/admin/ko/").content.decode()


def test_the_coordinator_lets_somebody_in_where_nobody_else_can(client, applicant):
    applicant.delete()
    waiting = MembershipFactory(organisation=applicant.organisation, status="pending")

    client.post(page_of(applicant.organisation), {"let_in": waiting.pk})

    waiting.refresh_from_db()
    assert waiting.status == Membership.Status.ACTIVE
    assert waiting.role == Membership.Role.ADMINISTRATOR


def test_a_coordinator_elsewhere_decides_nothing(client, applicant, coordinator):
    RoleAssignment.objects.all().delete()

    response = client.post(page_of(applicant.organisation), {"approve": "1"})

    assert response.status_code in (302, 403)
    applicant.organisation.refresh_from_db()
    assert not applicant.organisation.is_approved


def types(user):
    return list(user.notifications.values_list("type", flat=True))


def test_the_same_answer_twice_is_told_once(applicant, coordinator):
    for decide, type in (
        (approve_organisation, "organisation_approved"),
        (reject_organisation, "organisation_rejected"),
    ):
        for _twice in range(2):
            decide(organisation=applicant.organisation, by=coordinator)
        assert types(applicant.user).count(type) == 1


def test_what_is_approved_is_approved_since_then_and_what_is_refused_never_was(
    applicant, coordinator
):
    assert approve_organisation(organisation=applicant.organisation, by=coordinator).approved_at

    refused = reject_organisation(organisation=applicant.organisation, by=coordinator)

    assert refused.approved_at is None


def test_search_hears_of_the_material_of_who_is_let_in(
    applicant, coordinator, django_capture_on_commit_callbacks
):
    listing = ListingFactory(organisation=applicant.organisation)
    ListingFactory()
    heard = []

    def hear(sender, listing_id, **kwargs):
        heard.append(listing_id)

    listing_changed.connect(hear)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            approve_organisation(organisation=applicant.organisation, by=coordinator)
    finally:
        listing_changed.disconnect(hear)

    assert heard == [listing.pk]


def test_changes_are_asked_for_only_while_it_waits(applicant, coordinator):
    company = applicant.organisation
    ask_organisation_for_changes(organisation=company, by=coordinator, note="Skriv er adress.")
    assert types(applicant.user) == ["organisation_changes_requested"]
    approve_organisation(organisation=company, by=coordinator)

    with pytest.raises(WrongState):
        ask_organisation_for_changes(organisation=company, by=coordinator, note="Och numret.")


def test_it_waits_again_only_where_something_was_asked_for(applicant, coordinator):
    company = applicant.organisation
    ask_for_approval(organisation=company, by=applicant.user)
    assert not answer_changes(organisation=company, by=applicant.user)
    assert types(coordinator) == ["organisation_to_approve"]
    ask_organisation_for_changes(organisation=company, by=coordinator, note="Skriv er adress.")

    assert answer_changes(organisation=company, by=applicant.user)

    company.refresh_from_db()
    assert (company.approval_note, bool(company.resubmitted_at)) == ("", True)
    assert types(coordinator) == ["organisation_to_approve"] * 2
