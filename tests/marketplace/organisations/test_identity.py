"""An approved organisation that renames itself is looked at again before the new name is seen."""

import pytest

from marketplace.models import IdentityChange, Notification, Role
from tests.factories import CompanyFactory, ListingFactory, MembershipFactory, UserFactory, give

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("portal")]


@pytest.fixture
def boss():
    company = CompanyFactory(name="Verkstan AB", website="https://verkstan.example")
    return MembershipFactory(organisation=company, role="administrator")


@pytest.fixture
def coordinator(boss):
    return give(UserFactory(), Role.COORDINATOR, municipalities=[boss.organisation.municipality])


def rename(client, boss, **values):
    client.force_login(boss.user)
    details = {
        "name": "Helsingborgs stad",
        "website": "https://evil.example",
        "contact_phone": "042-10 50 00",
    }
    return client.post("/mitt/organisation/", details | values)


def test_the_old_name_is_shown_until_somebody_has_looked(client, boss, coordinator):
    listing = ListingFactory(organisation=boss.organisation)

    response = rename(client, boss)

    assert response.status_code == 302
    boss.organisation.refresh_from_db()
    assert boss.organisation.name == "Verkstan AB"
    assert boss.organisation.website == "https://verkstan.example"
    assert boss.organisation.contact_phone == "042-10 50 00"
    page = client.get(listing.get_absolute_url()).content.decode()
    assert "Verkstan AB" in page
    assert "Helsingborgs stad" not in page
    assert Notification.objects.filter(user=coordinator, type="identity_to_review").exists()


def test_who_has_asked_reads_what_waits(client, boss):
    rename(client, boss)

    assert "Helsingborgs stad" in client.get("/mitt/organisation/").content.decode()


@pytest.mark.parametrize(
    ("button", "name", "type"),
    [
        ("approve", "Helsingborgs stad", "identity_approved"),
        ("refuse", "Verkstan AB", "identity_refused"),
    ],
)
def test_a_coordinator_decides(client, boss, coordinator, button, name, type):
    rename(client, boss)
    client.force_login(coordinator)
    path = f"/admin/organisationer/{boss.organisation.pk}"
    assert "Helsingborgs stad" in client.get(f"{path}/granska/").content.decode()

    client.post(f"{path}/namn/", {button: "1"})

    boss.organisation.refresh_from_db()
    assert boss.organisation.name == name
    assert not IdentityChange.objects.exists()
    assert Notification.objects.filter(user=boss.user, type=type).exists()


def test_a_coordinator_elsewhere_decides_nothing(client, boss):
    rename(client, boss)
    client.force_login(
        give(UserFactory(), Role.COORDINATOR, municipalities=[CompanyFactory().municipality])
    )

    client.post(f"/admin/organisationer/{boss.organisation.pk}/namn/", {"approve": "1"})

    boss.organisation.refresh_from_db()
    assert boss.organisation.name == "Verkstan AB"


def test_changing_back_takes_the_question_away(client, boss):
    others = IdentityChange.objects.create(organisation=CompanyFactory(), name="Annat AB")
    rename(client, boss)
    assert IdentityChange.objects.count() == 2

    rename(client, boss, name="Verkstan AB", website="https://verkstan.example")

    assert IdentityChange.objects.get() == others


def test_one_that_is_not_approved_yet_changes_its_name_at_once(client, boss):
    boss.organisation.approval = "pending"
    boss.organisation.save()

    rename(client, boss)

    boss.organisation.refresh_from_db()
    assert boss.organisation.name == "Helsingborgs stad"
    assert not IdentityChange.objects.exists()
