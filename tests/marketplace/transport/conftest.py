"""A municipality with a van on Tuesdays, a company and a preschool; today is a Friday."""

from datetime import time
from decimal import Decimal
from types import SimpleNamespace

import pytest
import time_machine
from django.core.management import call_command

from marketplace.exchange.reservations.services import accept_reservation, request_reservation
from marketplace.transport.models import Carrier, Round
from tests.factories import (
    CompanyFactory,
    ListingFactory,
    MembershipFactory,
    MunicipalityFactory,
    SchoolFactory,
    UserFactory,
    give,
)

FRIDAY = "2026-12-04T10:00:00+01:00"
TUESDAY = "2026-12-08T10:00:00+01:00"


@pytest.fixture
def friday():
    with time_machine.travel(FRIDAY, tick=False) as clock:
        yield clock


def carrier_with_round(municipality, **changes):
    carrier = Carrier.objects.create(
        municipality=municipality,
        name="Vaktmästeriet",
        type=Carrier.Type.CARETAKERS,
        vehicle="van",
        kgco2e_per_km=Decimal("0.2"),
        factor_source="Test source",
        note="utan kostnad",
    )
    round_ = Round.objects.create(
        carrier=carrier,
        **{
            "weekday": 1,
            "starts": time(8),
            "ends": time(16),
            "capacity_kg": 400,
            "capacity_litres": 4000,
            "start_name": "Förrådet",
            "minutes_per_stop": 10,
        }
        | changes,
    )
    round_.areas.add(municipality)
    return round_


@pytest.fixture
def town(friday, db):
    """The people and things of a municipality where a van drives on Tuesdays."""
    call_command("setup_portal", verbosity=0)
    here = MunicipalityFactory(name="Klippan")
    company = CompanyFactory(
        municipality=here, name="Snickeriet AB", latitude=Decimal("56.10"), longitude="12.90"
    )
    preschool = SchoolFactory(
        type="preschool",
        municipality=here,
        name="Ängens förskola",
        school_unit_code="",
        address="Ängsvägen 3",
        postcode="264 31",
        town="Klippan",
        latitude=Decimal("56.20"),
        longitude="13.00",
        contact_phone="0435-123 45",
    )
    coordinator = UserFactory()
    give(coordinator, "coordinator", municipalities=[here])
    return SimpleNamespace(
        here=here,
        company=company,
        preschool=preschool,
        seller=MembershipFactory(organisation=company).user,
        teacher=MembershipFactory(organisation=preschool).user,
        coordinator=coordinator,
        round=carrier_with_round(here),
        listing=ListingFactory(
            organisation=company,
            title="Spillbitar av furu",
            carry_class="box",
            stock__kg_per_unit=8,
            stock__offered=100,
        ),
    )


def ask(town, *, quantity=3, listing=None, receiver=None, **details):
    """A request to have it brought, as the form makes it."""
    return request_reservation(
        listing=listing or town.listing,
        organisation=receiver or town.preschool,
        by=town.teacher,
        quantity=Decimal(quantity),
        way=f"transport:{town.round.carrier_id}",
        details={"receives_from": time(7), "receives_until": time(17), "leave_note": "Bakdörren"}
        | details,
    )


def booked(town, **changes):
    """A request that the company has said yes to."""
    reservation = ask(town, **changes)
    accept_reservation(reservation=reservation, by=town.seller)
    reservation.refresh_from_db()
    return reservation
