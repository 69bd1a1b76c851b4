"""Sharing out a large listing: wishes, a fair proposal, and an answer for everybody."""

from datetime import timedelta
from decimal import Decimal

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from marketplace.exchange.errors import MoreThanAsked, NotEnoughLeft
from marketplace.exchange.reservations.models import Reservation
from marketplace.exchange.sharing.fairness import Wish, share
from marketplace.exchange.sharing.models import Sharing
from marketplace.exchange.sharing.services import (
    ask_to_share,
    collect_wishes,
    proposal,
    send_answers,
)
from marketplace.notifications.models import Notification
from tests.factories import (
    CompanyFactory,
    ListingFactory,
    MembershipFactory,
    ReservationFactory,
    SchoolFactory,
    UserFactory,
)

ZERO = Decimal(0)
amounts, totals, parts = (st.integers(1, most).map(Decimal) for most in (60, 200, 9))
wishes_of = st.lists(
    st.tuples(amounts, st.floats(0, 60, allow_nan=False)), min_size=1, max_size=12
).map(
    lambda rows: [
        Wish(key=key, asked=asked, distance_km=km) for key, (asked, km) in enumerate(rows)
    ]
)


@settings(max_examples=400)
@given(
    wishes=wishes_of, left=st.integers(1, 200).map(Decimal), least=st.integers(1, 9).map(Decimal)
)
def test_any_proposal_is_fair(wishes, left, least):
    given_out = share(wishes, left=left, least=least)
    asked = {wish.key: wish.asked for wish in wishes}
    portion = max(left // len(wishes), least)

    assert given_out.keys() == asked.keys()
    assert sum(given_out.values()) <= left
    assert all(ZERO <= given_out[key] <= asked[key] for key in asked)
    # Nobody gets a bit too small to be of use, and nobody a second portion before all have one.
    assert all(part == 0 or part >= min(least, asked[key]) for key, part in given_out.items())
    if any(part > portion for part in given_out.values()):
        assert all(given_out.values())
    # Nobody who goes without is nearer than somebody who asked for as little and got it.
    order = sorted(wishes, key=lambda wish: (wish.distance_km, wish.key))
    for near, far in ((one, two) for at, one in enumerate(order) for two in order[at + 1 :]):
        if given_out[near.key] == 0 and min(near.asked, portion) <= min(far.asked, portion):
            assert given_out[far.key] == 0
    # Nothing stays while somebody could still use it.
    if all(given_out.values()):
        assert sum(given_out.values()) == min(left, sum(asked.values()))


def test_everybody_gets_one_portion_and_the_rest_goes_to_the_nearest():
    wishes = [Wish(1, Decimal(10), 5.0), Wish(2, Decimal(2), 1.0), Wish(3, Decimal(10), 9.0)]

    assert share(wishes, left=Decimal(12)) == {1: Decimal(6), 2: Decimal(2), 3: Decimal(4)}
    assert share(wishes, left=Decimal(8), least=Decimal(5)) == {1: Decimal(5), 2: Decimal(2), 3: 0}
    assert share([], left=Decimal(8)) == {}


@pytest.fixture
def listing(db):
    return ListingFactory(organisation=CompanyFactory(), stock__offered=Decimal(12))


def wish(listing, asked, *, north=0, east=0):
    """A school that asks, so many hundredths of a degree away from the giver."""
    school = SchoolFactory(
        latitude=Decimal("56.0465") + Decimal(north) / 100,
        longitude=Decimal("12.6945") + Decimal(east) / 100,
    )
    MembershipFactory(organisation=school)
    return ReservationFactory(
        listing=listing, organisation=school, requested_quantity=Decimal(asked)
    )


@pytest.mark.django_db
def test_the_giver_reads_the_proposal_changes_it_and_answers_everybody(listing, giver):
    near, middle, far = (wish(listing, 10, north=north) for north in (0, 5, 9))
    client = Client()
    client.force_login(giver)
    address = f"/mitt/dela/{listing.pk}/"

    assert proposal(listing) == {near.pk: 4, middle.pk: 4, far.pk: 4}
    page = client.get(address).content.decode()
    assert f'name="wish{near.pk}"' in page
    assert "frivilligt" not in page

    client.post(
        address,
        {"send": "1", f"wish{near.pk}": "7", f"wish{middle.pk}": "5", f"wish{far.pk}": ""},
    )

    states = dict(Reservation.objects.values_list("pk", "state"))
    assert states == {near.pk: "accepted", middle.pk: "accepted", far.pk: "declined"}
    listing.stock.refresh_from_db()
    assert listing.stock.reserved == Decimal(12)
    told = Notification.objects.filter(reservation__isnull=False).values_list("type", flat=True)
    assert sorted(told) == ["reservation_accepted", "reservation_accepted", "reservation_declined"]


@pytest.mark.django_db
def test_too_much_is_refused_as_a_whole_and_said(listing, giver):
    one, two = wish(listing, 10), wish(listing, 10)

    with pytest.raises(NotEnoughLeft):
        send_answers(listing=listing, answers={one.pk: Decimal(8), two.pk: Decimal(8)}, by=giver)
    with pytest.raises(MoreThanAsked):
        send_answers(listing=listing, answers={one.pk: Decimal(11), two.pk: ZERO}, by=giver)
    assert set(Reservation.objects.values_list("state", flat=True)) == {"requested"}

    client = Client()
    client.force_login(giver)
    answer = client.post(
        f"/mitt/dela/{listing.pk}/", {"send": "1", f"wish{one.pk}": "8", f"wish{two.pk}": "8"}
    )
    assert answer.status_code == 200
    assert 'value="8"' in answer.content.decode()

    assert send_answers(
        listing=listing, answers={one.pk: Decimal(8), two.pk: Decimal(4)}, by=giver
    ) == (2, 0)


@pytest.mark.django_db
def test_what_comes_in_the_meantime_is_not_answered_unseen(listing, giver):
    known = wish(listing, 3)
    later = wish(listing, 3)

    send_answers(listing=listing, answers={known.pk: Decimal(3)}, by=giver)

    later.refresh_from_db()
    assert later.state == "requested"


@pytest.mark.django_db
def test_what_cannot_be_shared_goes_to_the_nearest(listing):
    listing.splittable = False
    listing.save()
    far, near = wish(listing, 12, north=9), wish(listing, 12)

    assert proposal(listing) == {far.pk: 0, near.pk: 12}


@pytest.mark.django_db
def test_the_giver_reads_how_far_away_each_is_and_the_nearest_in_kilometres_comes_first(
    client, listing, giver
):
    # A degree is shorter to the east than to the north.
    north, east = wish(listing, 12, north=10), wish(listing, 12, east=15)
    client.force_login(giver)

    page = BeautifulSoup(client.get(f"/mitt/dela/{listing.pk}/").content, "html.parser")

    for each, km in ((north, 11), (east, 9)):
        field = page.find(attrs={"name": f"wish{each.pk}"})
        assert f"{km} km" in page.find(id=field["aria-describedby"].split()[0]).get_text()
    listing.splittable = False
    assert proposal(listing) == {north.pk: 0, east.pk: 12}


@pytest.mark.django_db
def test_where_there_is_less_than_one_each_the_nearest_get_one(listing):
    listing.stock.offered = Decimal(2)
    listing.stock.save()
    far, near, middle = (wish(listing, 2, north=north) for north in (9, 1, 5))

    assert proposal(listing) == {near.pk: 1, middle.pk: 1, far.pk: 0}


@pytest.mark.django_db
def test_a_part_of_one_is_a_yes(listing, giver):
    little, nothing = wish(listing, 3), wish(listing, 3)

    sent = send_answers(
        listing=listing, answers={little.pk: Decimal("0.5"), nothing.pk: ZERO}, by=giver
    )

    assert sent == (1, 1)
    little.refresh_from_db()
    nothing.refresh_from_db()
    assert (little.state, little.accepted_quantity) == ("accepted", Decimal("0.5"))
    assert nothing.state == "declined"


@pytest.mark.django_db
def test_each_giver_is_told_of_its_own_wishes_unless_all_are_answered(listing, giver):
    others = ListingFactory.create_batch(2)
    waiting = [MembershipFactory(organisation=each.organisation).user for each in others]
    for each, by in zip((*others, listing), (*waiting, giver), strict=True):
        collect_wishes(listing=each, days=3, by=by)
    answered = wish(listing, 3)
    send_answers(listing=listing, answers={answered.pk: Decimal(3)}, by=giver)

    assert ask_to_share(timezone.now() + timedelta(days=4)) == 2

    told = Notification.objects.filter(type="sharing_ready")
    assert {(each.user, each.listing) for each in told} == set(zip(waiting, others, strict=True))


@pytest.mark.django_db
def test_wishes_are_collected_for_some_days_and_the_giver_is_told_once(listing, giver):
    client = Client()
    client.force_login(giver)
    client.post(f"/mitt/dela/{listing.pk}/", {"collect": "1", "days": "5"})
    wish(listing, 3)

    assert Sharing.objects.get().is_collecting
    soon, later = (timezone.now() + timedelta(days=days) for days in (4, 6))
    assert [ask_to_share(each) for each in (soon, later, later)] == [0, 1, 0]
    assert Notification.objects.get(type="sharing_ready").user == giver


@pytest.mark.django_db
def test_only_the_giver_shares_out(listing):
    client = Client()
    client.force_login(UserFactory())

    assert client.get(f"/mitt/dela/{listing.pk}/").status_code == 403
