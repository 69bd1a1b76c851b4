"""A coordinator looks after the organisations of their own municipality, and of no other."""

import pytest
from bs4 import BeautifulSoup

from marketplace.exchange.handovers.facts import HandoverFacts
from marketplace.exchange.handovers.models import Handover
from marketplace.exchange.handovers.services import record_handover
from marketplace.models import Invitation, Membership, Municipality, Organisation, Role
from portal.foundation.audit.models import AuditEvent
from tests.factories import (
    CompanyFactory,
    ListingFactory,
    MembershipFactory,
    MunicipalityFactory,
    SchoolFactory,
    UserFactory,
    give,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("portal")]

EDIT = "/admin/snippets/marketplace/organisation/edit/{}/"


@pytest.fixture
def here():
    return MunicipalityFactory(name="Klippan")


@pytest.fixture
def there():
    return MunicipalityFactory(name="Svalöv")


@pytest.fixture
def coordinator(client, here):
    user = give(UserFactory(), Role.COORDINATOR, municipalities=[here])
    client.force_login(user)
    return user


def details(organisation, **values):
    fields = ("type", "name", "org_number", "school_unit_code", "website", "address", "postcode")
    more = ("town", "contact_name", "contact_email", "contact_phone")
    given = {name: getattr(organisation, name) for name in (*fields, *more)}
    return given | {"municipality": organisation.municipality_id} | values


def test_contacts_are_theirs_to_change_and_the_identity_is_not(client, coordinator, here, there):
    school = SchoolFactory(municipality=here, name="Sundets skola")

    response = client.post(
        EDIT.format(school.pk),
        details(
            school,
            type="company",
            municipality=there.pk,
            trusted="on",
            org_number="556012-5790",
            contact_name="Kim",
        ),
    )

    assert response.status_code == 302
    before = (school.type, here, school.org_number, False)
    school.refresh_from_db()
    assert school.contact_name == "Kim"
    assert (school.type, school.municipality, school.org_number, school.trusted) == before


def test_an_editor_changes_the_identity_but_never_the_side_of_what_has_a_past(client, here):
    client.force_login(give(UserFactory(), Role.EDITOR))
    fresh, used = SchoolFactory.create_batch(2, municipality=here)
    record_handover(
        listing=ListingFactory(), receiver=used, facts=HandoverFacts(quantity=1, mass_kg=1)
    )

    for school in (fresh, used):
        client.post(
            EDIT.format(school.pk), details(school, type="company", org_number="", trusted="on")
        )

    assert Organisation.objects.get(pk=fresh.pk).type == "company"
    assert Organisation.objects.get(pk=used.pk).type == "school"


def test_they_add_an_organisation_in_their_own_municipality(client, coordinator, here, there):
    for place in (here, there):
        client.post(
            "/admin/snippets/marketplace/organisation/add/",
            {"type": "school", "name": f"Skolan i {place}", "municipality": place.pk},
        )

    assert [each.name for each in Organisation.objects.all()] == ["Skolan i Klippan"]
    assert not Organisation.objects.get().trusted


def test_they_merge_two_after_seeing_what_follows(client, coordinator, here):
    gone, kept = CompanyFactory.create_batch(2, municipality=here)
    ListingFactory(organisation=gone)
    path = f"/admin/organisationer/{gone.pk}/sla-ihop/"

    preview = client.get(path, {"into": kept.pk})
    assert preview.context["effects"]
    assert kept.listings.count() == 0
    client.post(path, {"into": kept.pk})

    gone.refresh_from_db()
    assert gone.merged_into == kept
    assert kept.listings.count() == 1
    assert AuditEvent.objects.get(type="merged").actor == coordinator.pk


def test_they_merge_nothing_with_another_municipality(client, coordinator, here, there):
    own, other = CompanyFactory(municipality=here), CompanyFactory(municipality=there)

    client.post(f"/admin/organisationer/{own.pk}/sla-ihop/", {"into": other.pk})
    response = client.post(f"/admin/organisationer/{other.pk}/sla-ihop/", {"into": own.pk})

    assert response.status_code == 404
    assert not Organisation.objects.exclude(merged_into=None).exists()


def test_why_two_cannot_be_merged_is_said_before_the_button(client, coordinator, here):
    company, school = CompanyFactory(municipality=here), SchoolFactory(municipality=here)

    page = client.get(f"/admin/organisationer/{company.pk}/sla-ihop/", {"into": school.pk})

    assert page.context["obstacle"]
    soup = BeautifulSoup(page.content, "html.parser")
    assert soup.select("form[method=get] input[name=into]")
    assert not soup.select("form[method=post] input[name=into]")


def test_they_look_after_the_people_of_an_organisation(client, coordinator, here):
    company = CompanyFactory(municipality=here)
    boss = MembershipFactory(organisation=company, role="administrator")
    member = MembershipFactory(organisation=company)
    path = f"/admin/organisationer/{company.pk}/personer/"

    client.post(path, {"membership": member.pk, "action": "administrator"})
    client.post(path, {"membership": boss.pk, "action": "remove"})
    client.post(path, {"invite": "1", "email": "ny@example.org", "role": "member"})

    assert Membership.objects.get().user == member.user
    assert Membership.objects.get().role == "administrator"
    assert Invitation.objects.get().email == "ny@example.org"


def test_the_people_of_other_municipalities_are_out_of_reach(client, coordinator, there):
    company = CompanyFactory(municipality=there)
    member = MembershipFactory(organisation=company)

    path = f"/admin/organisationer/{company.pk}/personer/"
    assert client.get(path).status_code == 404
    client.post(path, {"membership": member.pk, "action": "remove"})

    assert Membership.objects.filter(pk=member.pk).exists()


def correction(handover):
    return f"/admin/overlamningar/{handover.pk}/ratta/"


def test_they_correct_a_handover_that_counts_in_their_municipality(
    client, coordinator, here, there
):
    giver = CompanyFactory(municipality=there, name="Fjärran AB")
    own, other = SchoolFactory(municipality=here), SchoolFactory(municipality=there)
    counted, elsewhere = (
        record_handover(
            listing=ListingFactory(organisation=giver),
            receiver=school,
            facts=HandoverFacts(quantity=2, mass_kg=4),
        )
        for school in (own, other)
    )

    page = client.get(correction(counted)).content.decode()
    values = {"quantity": "1", "mass_kg": "2", "reason": "Vägd igen"}
    client.post(correction(counted), values)
    refused = client.post(correction(elsewhere), values)

    assert "Fjärran AB" not in page
    assert refused.status_code in (302, 404)
    assert Handover.objects.get(reverses__isnull=False).reverses == counted
    assert AuditEvent.objects.get(type="corrected").target_id == str(counted.pk)


def test_they_set_goal_domains_and_contact_of_their_own_municipality(
    client, coordinator, here, there
):
    values = {
        "name": "Omdöpt",
        "code": "9999",
        "contact_name": "Kim",
        "contact_email": "kim@klippan.se",
        "transport": "Bilen går på tisdagar.",
        "own_first_days": "3",
        "goals-TOTAL_FORMS": "1",
        "goals-INITIAL_FORMS": "0",
        "goals-0-year": "2026",
        "goals-0-kg": "500",
        "goals-0-ORDER": "1",
        "email_domains-TOTAL_FORMS": "1",
        "email_domains-INITIAL_FORMS": "0",
        "email_domains-0-domain": "klippan.se",
        "email_domains-0-ORDER": "1",
    }
    for place in (here, there):
        client.post(f"/admin/snippets/marketplace/municipality/edit/{place.pk}/", values)

    own = Municipality.objects.get(pk=here.pk)
    assert (own.name, own.contact_name) == ("Klippan", "Kim")
    assert own.goals.get().kg == 500
    assert own.email_domains.get().domain == "klippan.se"
    assert Municipality.objects.get(pk=there.pk).contact_name == ""


def test_a_domain_where_anybody_gets_an_address_is_refused(client, coordinator, here):
    client.post(
        f"/admin/snippets/marketplace/municipality/edit/{here.pk}/",
        {
            "own_first_days": "3",
            "goals-TOTAL_FORMS": "0",
            "goals-INITIAL_FORMS": "0",
            "email_domains-TOTAL_FORMS": "1",
            "email_domains-INITIAL_FORMS": "0",
            "email_domains-0-domain": "gmail.com",
            "email_domains-0-ORDER": "1",
        },
    )

    assert not here.email_domains.exists()
