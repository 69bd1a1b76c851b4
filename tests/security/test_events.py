"""What is done in the exchange and the admin leaves its trace, with who did it and for whom."""

from datetime import date, time, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from allauth.usersessions.models import UserSession
from django.core.management import call_command
from django.utils import timezone

from marketplace.exchange.handovers.facts import HandoverFacts
from marketplace.exchange.handovers.services import (
    confirm_handover,
    correct_handover,
    record_delivery,
    record_handover,
)
from marketplace.exchange.pickups.models import PickupTime, TakeItNow
from marketplace.exchange.reservations.services import accept_reservation
from marketplace.exchange.reservations.taking import take_if_allowed
from marketplace.hubs.cards import make_card, revoke_card
from marketplace.hubs.models import Hub
from marketplace.hubs.services import hand_out, open_shelf, take_in
from marketplace.impact.revaluations.services import revalue_handovers, revert_revaluation
from marketplace.offers.recalls.services import recall_listing
from marketplace.offers.services import submit_listing
from marketplace.organisations.approval.services import approve_organisation, reject_organisation
from marketplace.organisations.identity.models import IdentityChange
from marketplace.organisations.identity.services import approve_change, refuse_change
from marketplace.organisations.membership.services import (
    accept_member,
    invite,
    remove_member,
    set_role,
)
from marketplace.organisations.merging.services import merge_organisations
from marketplace.review.services import refuse
from marketplace.roles.models import Role
from marketplace.roles.services import give_role, take_role
from portal.foundation.audit.models import AuditEvent
from tests.factories import (
    CategoryFactory,
    ClimateFactorFactory,
    CompanyFactory,
    ListingFactory,
    MembershipFactory,
    MunicipalityFactory,
    ReservationFactory,
    SchoolFactory,
    SuperuserFactory,
    UserFactory,
)
from tests.security.typed import forms_in

pytestmark = pytest.mark.django_db


def only(type):
    return AuditEvent.objects.get(type=type)


def test_who_let_an_organisation_in_and_who_refused_it():
    eva, company = UserFactory(), CompanyFactory(approval="pending")
    approve_organisation(organisation=company, by=eva)
    reject_organisation(organisation=company, by=eva)

    assert (only("approved").actor, only("approved").about) == (eva.pk, company.name)
    assert only("refused").actor == eva.pk


def test_who_promised_what_and_who_confirmed_for_which_side():
    giver = MembershipFactory(organisation=CompanyFactory()).user
    reservation = ReservationFactory(
        listing__organisation=giver.memberships.get().organisation,
    )
    teacher = MembershipFactory(organisation=reservation.organisation).user
    accept_reservation(reservation=reservation, by=giver)
    handover = confirm_handover(
        reservation=reservation, by=teacher, quantity=1, mass_kg=1, would_have_bought="yes"
    )
    correct_handover(handover=handover, by=giver, reason="x", quantity=0, mass_kg=0)

    accepted, confirmed = only("reservation_accepted"), only("handover_confirmed")
    assert (accepted.actor, accepted.organisation) == (giver.pk, reservation.giver.pk)
    assert (confirmed.actor, confirmed.organisation) == (teacher.pk, reservation.organisation.pk)
    assert only("corrected").target_id == str(handover.pk)


def test_who_invited_promoted_and_removed_without_anybodys_address():
    boss = MembershipFactory(organisation=CompanyFactory(), role="administrator")
    colleague = MembershipFactory(organisation=boss.organisation)
    invite(organisation=boss.organisation, email="new@example.org", by=boss.user)
    set_role(membership=colleague, role="administrator", by=boss.user)
    remove_member(membership=colleague, by=boss.user)

    assert only("invited").detail == {"role": "member"}
    assert only("role_given").detail == {"role": "administrator"}
    assert only("role_taken").actor == boss.user.pk
    assert "new@example.org" not in str(list(AuditEvent.objects.values()))


def test_who_let_a_colleague_in():
    boss = MembershipFactory(organisation=CompanyFactory(), role="administrator")
    waiting = MembershipFactory(organisation=boss.organisation, status="pending")
    accept_member(membership=waiting, by=boss.user)

    given = only("role_given")
    assert (given.actor, given.target_id) == (boss.user.pk, str(waiting.user.pk))
    assert (given.organisation, given.detail) == (boss.organisation_id, {"role": "member"})


def test_who_recalled_material():
    giver, listing = UserFactory(), ListingFactory()
    recall_listing(listing=listing, by=giver, reason="It is mouldy.")

    assert (only("recalled").actor, only("recalled").target_id) == (giver.pk, str(listing.pk))


def test_who_took_from_a_shelf_and_by_which_card():
    teacher = MembershipFactory(organisation=SchoolFactory()).user
    school = teacher.memberships.get().organisation
    shelf = open_shelf(
        hub=Hub.objects.create(organisation=SchoolFactory(), name="The hub", slug="hub"),
        name="Shelf 1",
        category=CategoryFactory(),
        handful_kg=1,
        bag_kg=2,
        box_kg=3,
    )
    take_in(shelf=shelf, mass_kg=Decimal(9))
    card = make_card(organisation=school, name="Staff room", by=teacher)
    by_person = hand_out(shelf=shelf, organisation=school, size="bag", key=uuid4(), by=teacher)
    by_card = hand_out(shelf=shelf, organisation=school, size="bag", key=uuid4(), card=card)
    # What the hub's own people take changes no hands.
    hand_out(shelf=shelf, organisation=shelf.hub.organisation, size="handful", key=uuid4())

    found = AuditEvent.objects.filter(type="handover_confirmed").order_by("pk")
    assert [(each.actor, each.organisation, each.detail) for each in found] == [
        (teacher.pk, school.pk, {}),
        (None, school.pk, {"card": card.pk}),
    ]
    assert [each.target_id for each in found] == [
        str(scan.movements.get().handover_id) for scan in (by_person, by_card)
    ]


def test_who_made_a_card_for_a_hub_and_took_it_back():
    boss = MembershipFactory(organisation=CompanyFactory(), role="administrator")
    card = make_card(organisation=boss.organisation, name="Staff room", by=boss.user)
    for _twice in range(2):
        revoke_card(card=card, by=boss.user)

    for event in (only("access_given"), only("access_taken")):
        assert (event.actor, event.target_id) == (boss.user.pk, str(card.pk))
        assert event.organisation == boss.organisation_id


def test_who_let_an_organisation_change_its_name_and_who_did_not():
    eva, company, _other = UserFactory(), CompanyFactory(), CompanyFactory()
    for decide in (approve_change, refuse_change):
        change = IdentityChange.objects.create(organisation=company, name="Other AB")
        decide(change=change, by=eva)

    for event in (only("approved"), only("refused")):
        assert (event.actor, event.target_id) == (eva.pk, str(company.pk))
        assert event.detail == {"what": "identity"}


def test_a_delivery_is_the_givers_and_nobodys_in_person():
    reservation = ReservationFactory()
    accept_reservation(reservation=reservation, by=UserFactory())
    handover = record_delivery(reservation=reservation)

    confirmed = only("handover_confirmed")
    assert (confirmed.actor, confirmed.organisation) == (None, reservation.giver.pk)
    assert confirmed.target_id == str(handover.pk)


def test_who_took_what_the_giver_had_said_yes_to_beforehand():
    tomorrow = timezone.localdate() + timedelta(days=1)
    listing = ListingFactory()
    TakeItNow.objects.create(organisation=listing.organisation, up_to_kg=10)
    PickupTime.objects.create(
        organisation=listing.organisation, day=tomorrow, starts=time(8), ends=time(10)
    )
    [slot] = listing.organisation.pickup_times.coming()
    teacher = UserFactory()
    reservation = ReservationFactory(listing=listing, pickup_at=slot.starts_at)
    assert take_if_allowed([reservation], by=teacher)

    accepted = only("reservation_accepted")
    assert (accepted.actor, accepted.organisation) == (teacher.pk, reservation.giver.pk)
    assert accepted.target_id == str(reservation.pk)


def test_who_gave_somebody_a_role_and_who_took_it_back():
    eva, user, here = UserFactory(), UserFactory(), MunicipalityFactory()
    assignment = give_role(user=user, role=Role.COORDINATOR, by=eva, municipalities=[here])
    take_role(assignment=assignment, by=eva)

    for event in (only("role_given"), only("role_taken")):
        assert (event.actor, event.target_id) == (eva.pk, str(user.pk))
        assert event.detail["role"] == "coordinator"
    assert only("role_given").detail["municipalities"] == here.code


def test_who_recomputed_history_and_who_undid_it():
    eva, listing, day = UserFactory(), ListingFactory(), date(2025, 3, 5)
    record_handover(
        listing=listing,
        receiver=SchoolFactory(),
        facts=HandoverFacts(quantity=1, mass_kg=Decimal(1), on=day),
    )
    ClimateFactorFactory(category=listing.category, valid_from=day, kgco2e_per_kg=9)
    made = revalue_handovers(first_day=day, last_day=day, by=eva, reason="Better source")
    revert_revaluation(revaluation=made, by=eva, reason="It was not better")

    found = AuditEvent.objects.filter(type="corrected").order_by("pk")
    assert [(each.actor, each.target_id, each.detail) for each in found] == [
        (eva.pk, str(made.pk), {"handovers": 1}),
        (eva.pk, str(made.pk), {"reverted": True}),
    ]


def test_who_refused_a_listing():
    call_command("setup_portal", verbosity=0)
    giver, editor = MembershipFactory(organisation=CompanyFactory()).user, SuperuserFactory()
    listing = ListingFactory(organisation=giver.memberships.get().organisation, draft=True)
    submit_listing(listing=listing, by=giver)
    refuse(task_state=listing.current_workflow_task_state, by=editor, words="Not material.")

    assert (only("refused").actor, only("refused").target_id) == (editor.pk, str(listing.pk))


def test_who_merged_two_organisations():
    eva, one, other = UserFactory(), CompanyFactory(), CompanyFactory()
    merge_organisations(organisation=one, into=other, by=eva)

    assert (only("merged").actor, only("merged").detail) == (eva.pk, {"into": other.pk})


def send_first_form(client, path, **changes):
    """Send the page's form that changes its row, filled in as it is shown but for `changes`."""
    forms = forms_in(client.get(path).content)
    typed = next(typed for method, _action, typed, _files in forms if "name" in typed)
    return client.post(path, typed | changes)


def test_who_made_an_organisation_trusted_and_who_no_longer(client):
    call_command("setup_portal", verbosity=0)
    admin, company = SuperuserFactory(), CompanyFactory(trusted=False)
    client.force_login(admin)
    path = f"/admin/snippets/marketplace/organisation/edit/{company.pk}/"

    send_first_form(client, path)
    unchanged = AuditEvent.objects.filter(type__in=["trusted", "not_trusted"]).count()
    send_first_form(client, path, trusted="on")
    company.refresh_from_db()
    trusted = company.trusted
    send_first_form(client, path, trusted="")
    company.refresh_from_db()

    assert (unchanged, trusted, company.trusted) == (0, True, False)
    assert (only("trusted").actor, only("trusted").target_id) == (admin.pk, str(company.pk))
    assert only("not_trusted").actor == admin.pk


def test_who_let_a_listing_through_and_who_asked_for_changes():
    call_command("setup_portal", verbosity=0)
    giver = MembershipFactory(organisation=CompanyFactory()).user
    editor = SuperuserFactory()
    for number in range(2):
        listing = ListingFactory(
            organisation=giver.memberships.get().organisation, draft=True, title=f"Boxes {number}"
        )
        submit_listing(listing=listing, by=giver)
        state = listing.current_workflow_task_state
        (state.reject if number else state.approve)(user=editor)

    assert (only("approved").actor, only("refused").actor) == (editor.pk, editor.pk)
    assert only("approved").target_type == "marketplace.materiallisting"
    assert only("refused").target_id == str(listing.pk)


def test_who_ended_one_session(client):
    user = UserFactory()
    client.force_login(user)
    elsewhere = UserSession.objects.create(user=user, ip="10.0.0.1", session_key="elsewhere")
    somebody_elses = UserSession.objects.create(
        user=UserFactory(), ip="10.0.0.1", session_key="another"
    )
    client.post(f"/mitt/uppgifter/inloggningar/{somebody_elses.pk}/bort/")
    refused = AuditEvent.objects.filter(type="session_ended").count()
    client.post(f"/mitt/uppgifter/inloggningar/{elsewhere.pk}/bort/")

    assert refused == 0
    assert (only("session_ended").actor, only("session_ended").detail) == (user.pk, {"sessions": 1})


def test_who_took_a_list_out_of_the_admin(client):
    call_command("setup_portal", verbosity=0)
    admin = SuperuserFactory()
    client.force_login(admin)
    client.get("/admin/users/")
    client.get("/admin/users/?export=csv")

    assert only("exported").detail == {"what": "wagtailusers_users:index"}
    assert only("exported").actor == admin.pk
