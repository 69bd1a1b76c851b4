"""Several things of one giver: one request and one pickup."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core import mail
from django.utils import timezone

from marketplace.exchange.calendar_entries.models import CalendarEntry
from marketplace.exchange.calendar_entries.rendering import download
from marketplace.exchange.errors import ListingNotAvailable, NotEnoughLeft
from marketplace.exchange.handovers.models import Handover
from marketplace.exchange.joint_requests.services import ask_for_more, create_requests
from marketplace.exchange.pickups.models import PickupTime, TakeItNow
from marketplace.exchange.reservations.deadlines import expire_reservations, remind_unanswered
from marketplace.exchange.reservations.models import Reservation
from marketplace.exchange.reservations.services import (
    accept_reservation,
    agree_pickup,
    cancel_reservation,
    propose_pickup,
    request_reservation,
)
from marketplace.exchange.stock.models import Stock
from tests.factories import CompanyFactory, ListingFactory, MembershipFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def company():
    return CompanyFactory(name="Spillbolaget")


@pytest.fixture
def giver(company):
    return MembershipFactory(organisation=company).user


@pytest.fixture
def tubes(company):
    return ListingFactory(title="Papprör", organisation=company, pickup_hours="7–15")


@pytest.fixture
def corks(company):
    return ListingFactory(title="Korkmattor", organisation=company)


def ask(teacher, *listings, quantity=2, **wished):
    return create_requests(
        parts={listing: Decimal(quantity) for listing in listings},
        organisation=teacher.organisations.get(),
        by=teacher,
        **wished,
    )


# --- Asking


def test_several_things_of_one_giver_are_one_request_and_one_notification(
    teacher, giver, tubes, corks
):
    rows = ask(teacher, tubes, corks, purpose="Koja")

    assert [row.listing for row in rows] == [tubes, corks]
    assert len({row.joint_request for row in rows}) == 1
    assert rows[0].joint_request is not None
    assert {row.purpose for row in rows} == {"Koja"}
    assert giver.notifications.count() == 1


def test_the_mail_names_everything_that_is_asked_for(
    teacher, giver, tubes, corks, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        ask(teacher, tubes, corks)

    assert len(mail.outbox) == 1
    assert "Papprör" in mail.outbox[0].body
    assert "Korkmattor" in mail.outbox[0].body


def test_each_giver_has_a_request_of_its_own(teacher, giver, tubes, corks):
    elsewhere = ListingFactory()
    other = MembershipFactory(organisation=elsewhere.organisation).user

    rows = ask(teacher, tubes, elsewhere, corks)

    assert rows[0].joint_request == rows[2].joint_request is not None
    assert rows[1].joint_request is None
    assert giver.notifications.count() == other.notifications.count() == 1


def test_when_one_of_them_is_refused_nothing_is_asked_for_and_it_says_which(
    teacher, giver, tubes, corks
):
    Stock.objects.filter(listing=corks).update(offered=1)

    with pytest.raises(NotEnoughLeft) as refused:
        ask(teacher, tubes, corks)

    assert refused.value.listing == corks
    assert not Reservation.objects.exists()
    assert not giver.notifications.exists()


def test_more_is_added_to_what_was_asked_for_with_its_purpose_and_pickup(
    teacher, giver, tubes, corks
):
    tomorrow = timezone.now() + timedelta(days=1)
    first = request_reservation(
        listing=tubes,
        organisation=teacher.organisations.get(),
        by=teacher,
        quantity=Decimal(1),
        purpose="Koja",
        pickup_at=tomorrow,
    )

    (more,) = ask_for_more(reservation=first, parts={corks: Decimal(1)}, by=teacher)

    first.refresh_from_db()
    more.refresh_from_db()
    assert first.joint_request == more.joint_request is not None
    assert (more.purpose, more.pickup_at) == ("Koja", tomorrow)
    assert giver.notifications.count() == 2


def test_only_what_is_of_the_same_giver_can_be_added(teacher, tubes):
    (first,) = ask(teacher, tubes)

    with pytest.raises(ListingNotAvailable):
        ask_for_more(reservation=first, parts={ListingFactory(): Decimal(1)}, by=teacher)

    assert Reservation.objects.get().joint_request is None


def test_what_may_be_taken_at_once_is_counted_together(teacher, company, tubes, corks):
    PickupTime.objects.create(organisation=company, weekday=0, starts="07:00", ends="09:00")
    start = company.pickup_times.coming()[0].starts_at
    one_kg = tubes.stock.kg_per_unit
    TakeItNow.objects.create(organisation=company, up_to_kg=3 * one_kg)

    too_much = ask(teacher, tubes, corks, pickup_at=start)
    assert {row.state for row in Reservation.objects.all()} == {"requested"}
    Reservation.objects.filter(pk__in=[row.pk for row in too_much]).update(state="cancelled")

    ask(teacher, tubes, corks, quantity=1, pickup_at=start)
    assert Reservation.objects.accepted().count() == 2
    assert {stock.reserved for stock in Stock.objects.all()} == {1}


def test_a_teacher_ticks_what_else_the_giver_has_and_sends_one_request(
    client, teacher, giver, tubes, corks
):
    client.force_login(teacher)
    page = client.get(f"/material/{tubes.pk}/boka/")
    assert "Korkmattor" in page.content.decode()

    answer = client.post(
        f"/material/{tubes.pk}/boka/",
        {
            "organisation": teacher.organisations.get().pk,
            "quantity": "2",
            f"more{corks.pk}": "on",
            f"much{corks.pk}": "3",
        },
        follow=True,
    )

    assert {row.listing: row.quantity for row in Reservation.objects.all()} == {
        tubes: 2,
        corks: 3,
    }
    page = answer.content.decode()
    assert "Papprör och 1 till" in page
    assert "Korkmattor" in page


def test_what_is_refused_is_said_beside_it_and_everything_typed_is_kept(
    client, teacher, tubes, corks
):
    client.force_login(teacher)

    answer = client.post(
        f"/material/{tubes.pk}/boka/",
        {
            "organisation": teacher.organisations.get().pk,
            "quantity": "2",
            "purpose": "Koja",
            f"more{corks.pk}": "on",
            f"much{corks.pk}": "999",
        },
    )

    form = answer.context["form"]
    assert list(form.errors) == [f"much{corks.pk}"]
    assert "Koja" in answer.content.decode()
    assert not Reservation.objects.exists()


def test_from_another_listing_of_the_same_giver_it_is_added_to_the_request(
    client, teacher, giver, tubes, corks
):
    (first,) = ask(teacher, tubes)
    client.force_login(teacher)
    address = f"/mitt/bokningar/{first.pk}/fler/?material={corks.pk}"
    assert address in client.get(corks.get_absolute_url()).content.decode()

    client.post(address, {f"more{corks.pk}": "on", f"much{corks.pk}": "1"})

    assert Reservation.objects.values("joint_request").distinct().count() == 1
    assert Reservation.objects.exclude(joint_request=None).count() == 2


# --- Answering


def answer(client, rows, amounts, **more):
    joint = rows[0].joint_request_id
    data = {f"answer-row{row.pk}": amount for row, amount in zip(rows, amounts, strict=True)}
    data |= {f"answer-{name}": value for name, value in more.items()}
    return client.post(f"/mitt/bokningar/samlad/{joint}/svar/", data, follow=True)


def test_the_giver_answers_each_amount_and_the_teacher_hears_once(
    client, teacher, giver, tubes, corks, django_capture_on_commit_callbacks
):
    wished = timezone.now() + timedelta(days=2)
    rows = ask(teacher, tubes, corks, pickup_at=wished)
    client.force_login(giver)
    mail.outbox.clear()

    with django_capture_on_commit_callbacks(execute=True):
        answer(
            client,
            rows,
            ["1", ""],
            pickup_at=f"{timezone.localtime(wished):%Y-%m-%dT%H:%M}",
            reason="Korken är slut",
        )

    first, second = Reservation.objects.order_by("pk")
    assert (first.state, first.quantity, second.state) == ("accepted", 1, "declined")
    assert first.pickup_agreed_at
    (letter,) = [each for each in mail.outbox if each.to == [teacher.email]]
    assert "Korken är slut" in letter.body
    assert "Kajgatan 4" in letter.body


def test_all_that_is_promised_has_one_calendar_entry_that_names_it(
    client, teacher, giver, tubes, corks
):
    rows = ask(teacher, tubes, corks, pickup_at=timezone.now() + timedelta(days=2))
    client.force_login(giver)
    answer(
        client,
        rows,
        ["2", "2"],
        pickup_at=f"{timezone.localtime(rows[0].pickup_at):%Y-%m-%dT%H:%M}",
    )

    (entry,) = CalendarEntry.objects.all()
    text = download(entry).decode()
    assert "Papprör" in text
    assert "Korkmattor" in text

    cancel_reservation(reservation=rows[0], by=teacher)
    entry.refresh_from_db()
    assert not entry.is_cancelled
    assert entry.sequence == 1
    assert "Papprör" not in download(entry).decode()

    cancel_reservation(reservation=rows[1], by=teacher)
    entry.refresh_from_db()
    assert entry.is_cancelled


def test_a_no_needs_a_word_and_an_amount_that_is_not_there_is_refused_beside_it(
    client, teacher, giver, tubes, corks
):
    rows = ask(teacher, tubes, corks)
    client.force_login(giver)

    page = answer(client, rows, ["2", ""])
    assert list(page.context["answer_form"].errors) == ["reason"]

    Stock.objects.filter(listing=corks).update(offered=1)
    page = answer(client, rows, ["2", "2"])
    assert list(page.context["answer_form"].errors) == [f"row{rows[1].pk}"]
    assert Reservation.objects.requested().count() == 2
    assert {stock.reserved for stock in Stock.objects.all()} == {0}


def test_a_time_that_one_side_proposes_is_of_all(teacher, giver, tubes, corks):
    rows = ask(teacher, tubes, corks)
    for row in rows:
        accept_reservation(reservation=row, by=giver)
    moment = timezone.now() + timedelta(days=3)

    propose_pickup(reservation=rows[1], by=giver, pickup_at=moment)
    agree_pickup(reservation=rows[0], by=teacher)

    assert {row.pickup_at for row in Reservation.objects.all()} == {moment}
    assert all(row.pickup_agreed_at for row in Reservation.objects.all())
    assert CalendarEntry.objects.count() == 1


# --- Until it is collected


def accepted(teacher, giver, *listings):
    rows = ask(teacher, *listings)
    return [accept_reservation(reservation=row, by=giver) for row in rows]


def test_a_handover_writes_a_row_each_and_what_was_not_collected_stays_promised(
    client, teacher, giver, tubes, corks
):
    rows = accepted(teacher, giver, tubes, corks, ListingFactory(organisation=tubes.organisation))
    client.force_login(teacher)
    joint = rows[0].joint_request_id

    client.post(
        f"/mitt/bokningar/samlad/{joint}/overlamning/",
        {
            "handover-would_have_bought": "yes",
            "handover-on": timezone.localdate().isoformat(),
            f"handover-row{rows[0].pk}": "2",
            f"handover-row{rows[1].pk}": "1,5",
            f"handover-row{rows[2].pk}": "",
        },
    )

    assert [row.quantity for row in Handover.objects.order_by("pk")] == [2, Decimal("1.5")]
    states = list(Reservation.objects.order_by("pk").values_list("state", flat=True))
    assert states == ["collected", "collected", "accepted"]
    assert giver.notifications.filter(type="joint_handed_over").count() == 1


def test_time_tells_each_side_once(teacher, giver, tubes, corks):
    ask(teacher, tubes, corks)
    long_ago = timezone.now() - timedelta(days=15)
    Reservation.objects.update(created_at=long_ago)

    assert remind_unanswered() == 2
    assert expire_reservations() == 2

    assert giver.notifications.filter(type="reservation_reminder").count() == 1
    assert giver.notifications.filter(type="reservation_expired").count() == 1
    assert teacher.notifications.filter(type="reservation_expired").count() == 1


def test_all_of_it_is_cancelled_at_once(client, teacher, giver, tubes, corks):
    rows = accepted(teacher, giver, tubes, corks)
    client.force_login(teacher)

    client.post(f"/mitt/bokningar/samlad/{rows[0].joint_request_id}/avboka/")

    assert not Reservation.objects.open().exists()
    assert {stock.reserved for stock in Stock.objects.all()} == {0}
    assert giver.notifications.filter(type="joint_cancelled").count() == 1


def test_my_page_shows_one_line_that_leads_to_the_page_of_all(client, teacher, giver, tubes, corks):
    rows = ask(teacher, tubes, corks)
    client.force_login(giver)

    page = client.get("/mitt/").content.decode()

    joint = f"/mitt/bokningar/samlad/{rows[0].joint_request_id}/"
    assert joint in page
    assert f"/mitt/bokningar/{rows[0].pk}/" not in page
    assert client.get(joint).status_code == 200
