"""Many people book the same day at once: only PostgreSQL locks rows."""

from datetime import timedelta

import pytest
from django.utils import timezone

from marketplace.occasions.models import Booking, Occasion
from marketplace.occasions.services import book, cancel_booking
from tests.factories import UserFactory
from tests.marketplace.exchange.test_concurrency import at_once, schools

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

PLACES, ATTEMPTS = 37, 200


@pytest.fixture
def occasion():
    start = timezone.now() + timedelta(days=7)
    return Occasion.objects.create(
        title="Utlämningsdag",
        starts_at=start,
        ends_at=start + timedelta(hours=3),
        places=PLACES,
        most_per_booking=3,
    )


def test_two_hundred_at_once_never_overbook_a_day_and_all_others_stand_in_line(occasion):
    somebody = UserFactory()

    outcomes = at_once(
        lambda pair: book(
            occasion=occasion, organisation=pair[1], by=somebody, people=1 + pair[0] % 3
        ),
        list(enumerate(schools(ATTEMPTS))),
    )

    occasion.refresh_from_db()
    assert {type(each) for each in outcomes} == {Booking}
    assert occasion.taken == occasion.bookings.booked().people() <= PLACES
    assert occasion.bookings.waiting().exists()

    at_once(
        lambda booking: cancel_booking(booking=booking, by=somebody),
        list(occasion.bookings.booked()),
    )

    occasion.refresh_from_db()
    assert occasion.taken == occasion.bookings.booked().people() <= PLACES
