import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils.translation import override

from marketplace.exchange.errors import AlreadyThanked
from marketplace.exchange.handovers.services import confirm_handover
from marketplace.exchange.notes.models import Note
from marketplace.exchange.notes.services import report_problem, say_thanks
from marketplace.exchange.reservations.services import accept_reservation
from marketplace.notifications.delivery import action_of
from marketplace.review.errors import WrongState
from tests.factories import MembershipFactory, ReservationFactory, UserFactory, give

pytestmark = pytest.mark.django_db


@pytest.fixture
def collected():
    reservation = accept_reservation(reservation=ReservationFactory(), by=UserFactory())
    handover = confirm_handover(
        reservation=reservation,
        by=UserFactory(),
        quantity=2,
        mass_kg=1,
        would_have_bought="no",
    )
    return handover.reservation


@pytest.fixture
def teacher(collected):
    return MembershipFactory(organisation=collected.organisation).user


@pytest.fixture
def giver(collected):
    return MembershipFactory(organisation=collected.giver).user


@pytest.fixture
def coordinator(collected):
    user = UserFactory()
    give(user, "coordinator", municipalities=[collected.organisation.municipality])
    return user


def url(name, reservation):
    with override("en"):
        return reverse(f"marketplace:{name}", args=[reservation.pk])


def kinds(user):
    return list(user.notifications.values_list("type", flat=True))


def test_thanks_reach_the_other_side(client, collected, teacher, giver):
    client.force_login(teacher)

    client.post(url("thank", collected), {"thanks-text": "Barnen byggde hela dagen!"})
    client.force_login(giver)

    assert kinds(giver) == ["thanks"]
    assert "Barnen byggde" in client.get(url("reservation", collected)).content.decode()


def test_each_side_says_thanks_once(collected, teacher, giver):
    say_thanks(reservation=collected, by=teacher, text="Tack!")
    say_thanks(reservation=collected, by=giver, text="Tack själva!")

    with pytest.raises(AlreadyThanked):
        say_thanks(reservation=collected, by=teacher, text="Tack igen!")


def test_thanks_come_after_the_handover():
    with pytest.raises(WrongState):
        say_thanks(reservation=ReservationFactory(), by=UserFactory(), text="Tack!")


@pytest.mark.parametrize("text", ["", "   ", "x" * 10_000])
def test_empty_and_endless_thanks_are_refused(client, collected, teacher, text):
    client.force_login(teacher)

    client.post(url("thank", collected), {"thanks-text": text})

    assert not Note.objects.exists()


def test_a_problem_reaches_the_coordinator(client, collected, teacher, coordinator):
    client.force_login(teacher)

    client.post(url("report_problem", collected), {"problem-text": "Spik i brädorna"})

    assert kinds(coordinator) == ["problem_reported"]


def test_a_problem_is_not_shown_to_the_other_side(client, collected, teacher, giver):
    report_problem(reservation=collected, by=teacher, text="Spik i brädorna")
    client.force_login(giver)

    page = client.get(url("reservation", collected)).content.decode()

    assert "Spik" not in page
    assert kinds(giver) == []


def test_strangers_leave_no_notes(client, collected):
    client.force_login(MembershipFactory().user)

    answers = [client.post(url(name, collected)) for name in ["thank", "report_problem"]]

    assert [answer.status_code for answer in answers] == [404, 404]


def test_the_mail_leads_the_coordinator_to_the_reservation(client, collected, teacher):
    call_command("setup_portal", verbosity=0)
    coordinator = UserFactory()
    give(coordinator, "coordinator")
    give(coordinator, "coordinator", municipalities=[collected.organisation.municipality])
    report_problem(reservation=collected, by=teacher, text="Spik i brädorna")
    client.force_login(coordinator)

    _label, path = action_of(coordinator.notifications.get())

    assert client.get(path).status_code == 200
