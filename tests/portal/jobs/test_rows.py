"""A row that fails is reported, and the rest goes on."""

import io
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone
from post_office.models import Email

from marketplace.exchange.reservations.deadlines import expire_reservations
from marketplace.exchange.reservations.models import Reservation
from marketplace.exchange.stock.models import Stock
from marketplace.notifications.models import Notification
from marketplace.notifications.tasks import requeue_stalled_notifications
from portal.foundation.jobs import periodic
from portal.foundation.jobs.models import PeriodicStep
from portal.foundation.jobs.rows import collected_failures
from tests.factories import ReservationFactory, UserFactory

pytestmark = pytest.mark.django_db
LONG_AGO = timezone.now() - timedelta(days=20)


def old_reservations(count):
    found = ReservationFactory.create_batch(count)
    Reservation.objects.update(created_at=LONG_AGO)
    return found


def test_one_broken_reservation_does_not_stop_the_others_from_expiring():
    first, *others = old_reservations(4)
    Stock.objects.filter(listing=first.listing).delete()

    with collected_failures() as failures:
        assert expire_reservations() == 3

    expired = Reservation.objects.filter(state=Reservation.State.EXPIRED)
    assert set(expired) == set(others)
    assert len(failures) == 1
    assert f"expire reservation {first.pk}" in failures[0]


def test_one_broken_notification_does_not_stop_the_rescue_of_the_others():
    user = UserFactory()
    about = {"user": user, "reservation": ReservationFactory()}
    Notification.objects.create(key="1", type="no_such_kind", **about)
    healthy = Notification.objects.create(key="2", type="reservation_expired", **about)
    Notification.objects.update(created_at=LONG_AGO)

    assert requeue_stalled_notifications() == 1

    healthy.refresh_from_db()
    assert healthy.mailed_at is not None
    assert Email.objects.count() == 1


def test_the_regular_steps_say_what_failed_and_go_on():
    broken, healthy = old_reservations(2)
    Stock.objects.filter(listing=broken.listing).delete()
    said = io.StringIO()

    with pytest.raises(SystemExit):
        call_command("periodic", stdout=said)

    healthy.refresh_from_db()
    assert healthy.state == Reservation.State.EXPIRED
    step = PeriodicStep.objects.get(name="expire_reservations")
    assert f"{broken.pk}" in step.failures[0]
    assert PeriodicStep.objects.get(name="apply_retention").failures == []
    assert "expire reservations: 1" in said.getvalue()


def test_a_step_that_is_due_once_an_hour_does_not_run_twice():
    ran = []

    def look_around():
        ran.append(1)
        return len(ran)

    step = periodic.Step(look_around, periodic.HOURLY)
    periodic.run([step], lambda text: None)
    periodic.run([step], lambda text: None)

    assert len(ran) == 1
    PeriodicStep.objects.update(ran_at=timezone.now() - timedelta(hours=1))
    periodic.run([step], lambda text: None)
    assert len(ran) == 2
