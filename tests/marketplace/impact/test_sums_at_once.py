"""Sums of months beside somebody who writes to the ledger, on real connections."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Event

import pytest
from django.db import connections, transaction

from marketplace.exchange.handovers.facts import HandoverFacts
from marketplace.exchange.handovers.services import record_handover
from marketplace.impact.sums.models import MonthSum
from marketplace.impact.sums.services import count_ledger
from tests.factories import ListingFactory, SchoolFactory

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def test_a_handover_that_is_being_written_is_counted_the_next_time():
    listing, receiver = ListingFactory(), SchoolFactory()
    is_written, may_end = Event(), Event()

    def write():
        facts = HandoverFacts(quantity=Decimal(1), mass_kg=Decimal(2))
        with transaction.atomic():
            record_handover(listing=listing, receiver=receiver, facts=facts)
            is_written.set()
            may_end.wait(60)
        connections.close_all()

    with ThreadPoolExecutor() as pool:
        writer = pool.submit(write)
        assert is_written.wait(60)
        assert count_ledger() == 0
        may_end.set()
        writer.result()

    assert not MonthSum.objects.exists()
    assert count_ledger() == 1
    assert MonthSum.objects.count() == 1
