"""`Reservation.actions_for`: one answer for the page and for the services."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils import timezone

from marketplace.exchange.notes.services import say_thanks
from marketplace.exchange.reservations.actions import Action, Side
from marketplace.exchange.reservations.models import Reservation
from marketplace.exchange.reservations.services import ensure_possible
from marketplace.review.errors import WrongState
from tests.factories import ListingFactory, MembershipFactory, ReservationFactory, SchoolFactory

pytestmark = pytest.mark.django_db
State = Reservation.State

ALWAYS = {Action.WRITE}
OPEN = ALWAYS | {Action.CANCEL, Action.PROPOSE_PICKUP}
ACCEPTED = OPEN | {Action.CONFIRM, Action.REPORT}
AFTERWARDS = ALWAYS | {Action.THANK, Action.RATE, Action.REPORT}
EXPECTED = {
    (State.REQUESTED, Side.GIVER): OPEN | {Action.ANSWER},
    (State.REQUESTED, Side.RECEIVER): OPEN | {Action.PROLONG, Action.ADD},
    (State.ACCEPTED, Side.GIVER): ACCEPTED,
    (State.ACCEPTED, Side.RECEIVER): ACCEPTED | {Action.PROLONG, Action.ADD},
    (State.COLLECTED, Side.GIVER): AFTERWARDS,
    (State.COLLECTED, Side.RECEIVER): AFTERWARDS,
    **{(state, Side.GIVER): ALWAYS for state in (State.DECLINED, State.CANCELLED, State.EXPIRED)},
    **{
        (state, Side.RECEIVER): ALWAYS | {Action.ASK_AGAIN}
        for state in (State.DECLINED, State.CANCELLED, State.EXPIRED)
    },
}
# The forms that the page shows, by the last part of their URL.
FORMS = {
    "accept": Action.ANSWER,
    "cancel": Action.CANCEL,
    "prolong": Action.PROLONG,
    "agree_pickup": Action.AGREE_PICKUP,
    "confirm_handover": Action.CONFIRM,
    "thank": Action.THANK,
    "report_problem": Action.REPORT,
    "message": Action.WRITE,
}


@pytest.fixture
def people():
    return {
        Side.GIVER: MembershipFactory(organisation=ListingFactory().organisation).user,
        Side.RECEIVER: MembershipFactory(organisation=SchoolFactory()).user,
    }


@pytest.fixture
def reservation(people):
    organisations = {side: user.memberships.get().organisation for side, user in people.items()}
    return ReservationFactory(
        listing__organisation=organisations[Side.GIVER],
        organisation=organisations[Side.RECEIVER],
        created_by=people[Side.RECEIVER],
    )


def in_state(reservation, state, **values):
    """Put the row in `state` as the services leave it."""
    if state in Reservation.PROMISED_STATES:
        values |= {
            "accepted_quantity": reservation.requested_quantity,
            "accepted_at": timezone.now(),
        }
    if state not in Reservation.OPEN_STATES:
        values["closed_at"] = timezone.now()
    Reservation.objects.filter(pk=reservation.pk).update(state=state, **values)
    reservation.refresh_from_db()
    return reservation


def test_each_state_and_side_is_decided():
    assert set(EXPECTED) == {(state, side) for state in State for side in Side}


@pytest.mark.parametrize(("state", "side"), EXPECTED)
def test_what_a_side_can_do(reservation, state, side):
    assert in_state(reservation, state).actions_for(side) == EXPECTED[state, side]


@pytest.mark.parametrize("side", Side)
def test_only_the_other_side_agrees_to_a_proposed_time(reservation, side):
    proposed = in_state(
        reservation,
        State.ACCEPTED,
        pickup_at=timezone.now() + timedelta(days=3),
        pickup_proposed_by_giver=side == Side.GIVER,
    )
    other = Side.RECEIVER if side == Side.GIVER else Side.GIVER

    assert Action.AGREE_PICKUP in proposed.actions_for(other)
    assert Action.AGREE_PICKUP not in proposed.actions_for(side)


def test_a_reservation_is_prolonged_once(reservation):
    assert Action.PROLONG in reservation.actions_for(Side.RECEIVER)

    prolonged = in_state(reservation, State.REQUESTED, prolonged_at=timezone.now())

    assert Action.PROLONG not in prolonged.actions_for(Side.RECEIVER)


def test_each_side_thanks_once(reservation, people):
    collected = in_state(reservation, State.COLLECTED)
    say_thanks(reservation=collected, by=people[Side.RECEIVER], text="Tack!")

    assert Action.THANK in collected.actions_for(Side.GIVER)
    assert Action.THANK not in collected.actions_for(Side.RECEIVER)


@pytest.mark.parametrize(("state", "side"), EXPECTED)
def test_the_page_shows_just_that(client, reservation, people, state, side):
    in_state(reservation, state)
    client.force_login(people[side])

    answer = client.get(reverse("marketplace:reservation", args=[reservation.pk]))

    forms = {form["action"] for form in BeautifulSoup(answer.content, "html.parser")("form")}
    shown = {
        action
        for name, action in FORMS.items()
        if reverse(f"marketplace:{name}", args=[reservation.pk]) in forms
    }
    wanted = EXPECTED[state, side] & set(FORMS.values())
    # Before the answer, saying no takes the place of cancelling.
    assert shown == (wanted - {Action.CANCEL} if Action.ANSWER in wanted else wanted)


def test_services_refuse_what_is_not_possible(reservation):
    ensure_possible(reservation, Action.ANSWER, Side.GIVER)

    with pytest.raises(WrongState):
        ensure_possible(reservation, Action.CONFIRM, Side.GIVER)
