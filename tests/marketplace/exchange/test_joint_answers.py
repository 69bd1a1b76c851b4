"""What is answered, called off or collected of a joint request, and of nothing else."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from marketplace.exchange.calendar_entries.models import CalendarEntry
from marketplace.exchange.handovers.models import Handover
from marketplace.exchange.joint_requests.services import (
    answer_joint_request,
    ask_for_more,
    create_requests,
)
from marketplace.exchange.reservations.models import Reservation
from marketplace.exchange.reservations.services import accept_reservation, cancel_reservation
from marketplace.exchange.stock.models import Stock
from marketplace.review.errors import WrongState
from tests.factories import (
    CompanyFactory,
    ListingFactory,
    MembershipFactory,
    ReservationFactory,
)

pytestmark = pytest.mark.django_db
SOON = timezone.now() + timedelta(days=2)
LATER = timezone.now() + timedelta(days=5)


@pytest.fixture
def company():
    return CompanyFactory(name="Spillbolaget")


@pytest.fixture
def giver(company):
    return MembershipFactory(organisation=company).user


@pytest.fixture
def tubes(company):
    return ListingFactory(title="Papprör", organisation=company)


@pytest.fixture
def corks(company):
    return ListingFactory(title="Korkmattor", organisation=company)


@pytest.fixture
def other(giver, tubes):
    """What another school is promised of the same tubes, at a time of its own."""
    reservation = ReservationFactory(listing=tubes, pickup_at=LATER)
    return accept_reservation(reservation=reservation, by=giver)


def ask(teacher, *listings, **wished):
    return create_requests(
        parts={listing: Decimal(2) for listing in listings},
        organisation=teacher.organisations.get(),
        by=teacher,
        **wished,
    )


def promise(teacher, giver, *listings, **wished):
    rows = ask(teacher, *listings, **wished)
    return [accept_reservation(reservation=row, by=giver) for row in rows]


def post(client, user, row, name, data=()):
    client.force_login(user)
    address = f"/mitt/bokningar/samlad/{row.joint_request_id}/{name}/"
    return client.post(address, dict(data))


def answers_of(rows, *amounts, **more):
    data = {f"answer-row{row.pk}": amount for row, amount in zip(rows, amounts, strict=True)}
    return data | {f"answer-{name}": value for name, value in more.items()}


def states(*rows):
    found = Reservation.objects.in_bulk([row.pk for row in rows])
    return [found[row.pk].state for row in rows]


def told(user, kind):
    return user.notifications.filter(type=kind).count()


# --- Nothing of others


def test_what_another_school_is_promised_is_not_called_off_along(
    client, teacher, giver, tubes, corks, other
):
    rows = ask(teacher, tubes, corks)

    post(client, teacher, rows[0], "avboka")

    assert states(*rows, other) == ["cancelled", "cancelled", "accepted"]


def test_what_is_added_moves_no_pickup_of_another_school(teacher, giver, tubes, corks, other):
    (row,) = ask(teacher, tubes, pickup_at=SOON)

    (more,) = ask_for_more(reservation=row, parts={corks: Decimal(1)}, by=teacher)

    more.refresh_from_db()
    other.refresh_from_db()
    assert (more.pickup_at, other.pickup_at) == (SOON, LATER)
    assert other.pickup_agreed_at


# --- Answering


def test_a_no_to_all_of_it_is_told_once_with_its_reason(client, teacher, giver, tubes, corks):
    rows = ask(teacher, tubes, corks)

    said = post(client, giver, rows[0], "svar", answers_of(rows, "", "", reason="Slut"))

    assert said.status_code == 302
    assert states(*rows) == ["declined", "declined"]
    assert told(teacher, "joint_answered") == 1
    assert teacher.notifications.get().context["reason"] == "Slut"


def test_the_givers_people_get_the_entry_when_the_answer_agrees_to_the_time(
    client, teacher, giver, tubes, corks
):
    colleague = MembershipFactory(organisation=tubes.organisation).user
    untimed = ask(teacher, tubes, corks)
    post(client, giver, untimed[0], "svar", answers_of(untimed, "2", "2"))
    assert states(*untimed) == ["accepted", "accepted"]
    assert told(giver, "pickup_agreed") == told(colleague, "pickup_agreed") == 0
    for row in untimed:
        cancel_reservation(reservation=row, by=teacher)

    timed = ask(teacher, tubes, corks, pickup_at=SOON)
    when = f"{timezone.localtime(SOON):%Y-%m-%dT%H:%M}"
    post(client, giver, timed[0], "svar", answers_of(timed, "2", "2", pickup_at=when))
    assert told(giver, "pickup_agreed") == told(colleague, "pickup_agreed") == 1
    # The school's people have it with the answer.
    assert told(teacher, "pickup_agreed") == 0


def test_an_answer_to_what_a_colleague_has_answered_meanwhile_changes_nothing(
    teacher, giver, tubes, corks
):
    rows = ask(teacher, tubes, corks)
    accept_reservation(reservation=rows[0], by=giver)

    with pytest.raises(WrongState):
        answer_joint_request(
            joint=rows[0].joint_request,
            by=giver,
            answers={rows[0].pk: None, rows[1].pk: Decimal(2)},
            reason="Slut",
        )
    assert states(*rows) == ["accepted", "requested"]
    assert Stock.objects.get(listing=tubes).reserved == 2

    answer_joint_request(joint=rows[0].joint_request, by=giver, answers={rows[1].pk: Decimal(2)})
    assert states(*rows) == ["accepted", "accepted"]


def test_the_receiver_does_not_answer_for_the_giver(client, teacher, giver, tubes, corks):
    rows = ask(teacher, tubes, corks)

    assert post(client, teacher, rows[0], "svar", answers_of(rows, "2", "2")).status_code == 403
    assert states(*rows) == ["requested", "requested"]

    assert post(client, giver, rows[0], "svar", answers_of(rows, "2", "2")).status_code == 302
    assert states(*rows) == ["accepted", "accepted"]


# --- Adding, calling off, collecting


def test_nothing_is_added_to_what_was_called_off(teacher, giver, tubes, corks):
    (row,) = ask(teacher, tubes)
    cancel_reservation(reservation=row, by=teacher)

    with pytest.raises(WrongState):
        ask_for_more(reservation=row, parts={corks: Decimal(1)}, by=teacher)
    assert Reservation.objects.count() == 1

    (again,) = ask(teacher, tubes)
    assert len(ask_for_more(reservation=again, parts={corks: Decimal(1)}, by=teacher)) == 1


def test_what_is_added_is_in_the_calendar_once_it_is_promised(teacher, giver, tubes, corks):
    (row,) = promise(teacher, giver, tubes, pickup_at=SOON)

    boxes = ListingFactory(organisation=tubes.organisation)
    parts = {corks: Decimal(1), boxes: Decimal(1)}
    more, unwanted = ask_for_more(reservation=row, parts=parts, by=teacher)
    cancel_reservation(reservation=unwanted, by=teacher)
    assert named() == {row.pk}

    accept_reservation(reservation=more, by=giver)
    assert named() == {row.pk, more.pk}


def named():
    """The keys of the reservations that the one entry names."""
    return {int(part.split(":")[0]) for part in CalendarEntry.objects.get().contents.split(",")}


def test_what_is_left_of_it_is_called_off_with_its_entry(client, teacher, giver, tubes, corks):
    rows = promise(teacher, giver, tubes, corks, pickup_at=SOON)
    cancel_reservation(reservation=rows[0], by=teacher)
    assert not CalendarEntry.objects.get().is_cancelled

    post(client, teacher, rows[0], "avboka")

    assert states(*rows) == ["cancelled", "cancelled"]
    assert CalendarEntry.objects.get().is_cancelled
    assert told(giver, "joint_cancelled") == 1


def test_one_thing_alone_is_collected_and_more_than_there_is_refused_beside_it(
    client, teacher, giver, tubes, corks
):
    rows = promise(teacher, giver, tubes, corks)
    data = {
        "handover-would_have_bought": "yes",
        "handover-on": timezone.localdate().isoformat(),
        f"handover-row{rows[0].pk}": "",
    }

    page = post(
        client, teacher, rows[0], "overlamning", data | {f"handover-row{rows[1].pk}": "999"}
    )
    assert list(page.context["handover_form"].errors) == [f"row{rows[1].pk}"]
    assert not Handover.objects.exists()

    post(client, teacher, rows[0], "overlamning", data | {f"handover-row{rows[1].pk}": "2"})
    assert Handover.objects.get().listing == corks
    assert told(giver, "joint_handed_over") == 1
