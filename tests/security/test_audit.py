"""The audit trail: who did what, written once and kept for two years."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from portal.foundation.audit.models import AppendOnly, AuditEvent
from portal.foundation.audit.services import EventType, record
from portal.foundation.privacy.personal_data import erase, export
from portal.site.retention.services import apply_retention
from tests.factories import CompanyFactory, SuperuserFactory, UserFactory

pytestmark = pytest.mark.django_db

PASSWORD = "correct horse battery"


def kinds(**about):
    return list(AuditEvent.objects.filter(**about).values_list("type", flat=True))


def test_signing_in_is_recorded_and_so_is_a_wrong_password(client):
    user = UserFactory(email="ada@example.org", password=PASSWORD)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    client.post("/konto/login/", {"login": user.email, "password": "wrong"})
    client.post("/konto/login/", {"login": user.email, "password": PASSWORD})

    assert kinds(target_id=str(user.pk)) == ["signed_in", "sign_in_failed"]
    assert AuditEvent.objects.get(type="signed_in").actor == user.pk
    assert AuditEvent.objects.get(type="sign_in_failed").actor is None


def test_what_a_stranger_typed_is_not_kept(client):
    client.post("/konto/login/", {"login": "nobody@example.org", "password": "my-real-password"})

    event = AuditEvent.objects.get(type="sign_in_failed")
    assert (event.target_id, event.detail) == ("", {"method": "password"})


def test_an_event_is_never_changed_and_never_removed():
    event = record(EventType.APPROVED, target=CompanyFactory())
    event.type = EventType.REFUSED

    for change in (
        event.save,
        event.delete,
        lambda: AuditEvent.objects.update(type="refused"),
        lambda: AuditEvent.objects.all().delete(),
    ):
        with pytest.raises(AppendOnly):
            change()
    assert kinds() == ["approved"]


@pytest.mark.parametrize(
    "statement", ["UPDATE portal_auditevent SET kind = 'refused'", "DELETE FROM portal_auditevent"]
)
def test_the_database_itself_refuses(postgres, statement):
    record(EventType.APPROVED, target=CompanyFactory())

    with (
        pytest.raises(DatabaseError, match="only added to"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert kinds() == ["approved"]


def test_events_go_after_two_years_and_no_sooner():
    record(EventType.APPROVED, target=CompanyFactory())
    AuditEvent.objects.bulk_create(
        [AuditEvent(type=EventType.INVITED, at=timezone.now() - timedelta(days=731))]
    )

    apply_retention()

    assert kinds() == ["approved"]


def test_whoever_is_erased_is_a_number_afterwards():
    admin, user = SuperuserFactory(), UserFactory(first_name="Ada", last_name="Ek")
    event = record(EventType.APPROVED, actor=user, target=CompanyFactory(name="Verkstan AB"))
    before = event.who
    number = user.pk

    erase(user, by=admin)

    event = AuditEvent.objects.get(type="approved")
    assert before == "Ada Ek"
    assert "Ada" not in event.who
    assert str(number) in event.who
    assert event.about == "Verkstan AB"
    assert AuditEvent.objects.get(type="erased").actor == admin.pk


def test_ones_own_events_are_among_ones_own_data():
    user = UserFactory()
    record(EventType.APPROVED, actor=user, target=CompanyFactory())
    record(EventType.APPROVED, actor=UserFactory(), target=CompanyFactory())

    assert len(export(user)["portal.auditevent"]) == 1


# --- The list in the admin ------------------------------------------------------------------------


def test_administrators_read_filter_and_export_the_trail(client):
    call_command("setup_portal", verbosity=0)
    admin = SuperuserFactory(first_name="Eva", last_name="Berg")
    client.force_login(admin)
    record(EventType.APPROVED, actor=admin, target=CompanyFactory(name="Verkstan AB"))

    page = client.get("/admin/audit/").content.decode()
    filtered = client.get("/admin/audit/?type=merged").content.decode()
    exported = b"".join(client.get("/admin/audit/?export=csv").streaming_content).decode()

    assert "Verkstan AB" in page
    assert "Verkstan AB" not in filtered
    assert "Eva Berg" in exported
    assert "Verkstan AB" in exported
    assert "exported" in kinds()


def test_nobody_adds_to_the_trail_or_takes_from_it_by_hand(client):
    call_command("setup_portal", verbosity=0)
    client.force_login(SuperuserFactory())
    event = record(EventType.APPROVED, target=CompanyFactory())

    assert client.get("/admin/audit/").status_code == 200
    for path in ("new", f"edit/{event.pk}", f"delete/{event.pk}", "add"):
        assert client.post(f"/admin/audit/{path}/").status_code in (302, 403, 404)
    assert "approved" in kinds()


def test_others_do_not_read_it(client):
    call_command("setup_portal", verbosity=0)
    client.force_login(UserFactory())

    assert client.get("/admin/audit/").status_code in (302, 403)
