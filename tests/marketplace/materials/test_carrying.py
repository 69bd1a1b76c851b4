"""How big something is decides what one has to come with."""

from decimal import Decimal

import pytest
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as st

from marketplace.materials.carrying import CarriedBy, CarryClass, load, most_by, reference
from marketplace.materials.models import MaterialCategory
from marketplace.materials.units import Unit
from tests.factories import (
    CategoryFactory,
    ListingFactory,
    MembershipFactory,
    ReservationFactory,
    SchoolFactory,
)

ORDER = list(CarriedBy)


def carried_by(carry_class, quantity, kg_per_unit, unit=Unit.PIECE):
    return load(
        carry_class=carry_class,
        quantity=Decimal(str(quantity)),
        unit=unit,
        kg_per_unit=Decimal(str(kg_per_unit)),
    ).carried_by


@pytest.mark.parametrize(
    ("carry_class", "quantity", "kg", "expected"),
    [
        (CarryClass.BOX, 1, 8, CarriedBy.BICYCLE),
        (CarryClass.BOX, 3, 8, CarriedBy.CAR),
        (CarryClass.BOX, 9, 8, CarriedBy.VAN),
        (CarryClass.BAG, 2, 3, CarriedBy.BICYCLE),
        (CarryClass.HAND, 100, "0.05", CarriedBy.BICYCLE),
        (CarryClass.HAND, 1, 20, CarriedBy.CAR),
        (CarryClass.PALLET, 1, 5, CarriedBy.VAN),
        (CarryClass.UNWIELDY, 1, 2, CarriedBy.VAN),
    ],
)
def test_what_it_takes_follows_from_class_and_kilograms(carry_class, quantity, kg, expected):
    assert carried_by(carry_class, quantity, kg) == expected


def test_kilograms_come_in_packages():
    assert carried_by(CarryClass.BAG, 12, 1, Unit.KILOGRAM) == CarriedBy.BICYCLE
    assert carried_by(CarryClass.BAG, 40, 1, Unit.KILOGRAM) == CarriedBy.CAR
    assert carried_by(CarryClass.BAG, 400, 1, Unit.KILOGRAM) == CarriedBy.VAN


@given(
    st.sampled_from(CarryClass.values),
    st.sampled_from(Unit.values),
    st.integers(1, 400),
    st.decimals("0.001", 50, places=3),
)
def test_more_of_it_never_needs_less(carry_class, unit, quantity, kg):
    one, more = (carried_by(carry_class, each, kg, unit) for each in (quantity, quantity + 1))

    assert ORDER.index(one) <= ORDER.index(more)


@given(
    st.sampled_from(CarryClass.values),
    st.sampled_from(Unit.values),
    st.integers(1, 400),
    st.decimals("0.001", 50, places=3),
    st.sampled_from([CarriedBy.BICYCLE, CarriedBy.CAR]),
)
def test_the_most_that_fits_is_the_most_that_fits(carry_class, unit, quantity, kg, by):
    values = {"carry_class": carry_class, "unit": unit, "kg_per_unit": kg}
    most = most_by(by, quantity=Decimal(quantity), **values)

    def fits(amount):
        return ORDER.index(load(quantity=Decimal(amount), **values).carried_by) <= ORDER.index(by)

    assert most == 0 or fits(most)
    assert most == quantity or not fits(most + 1)


@pytest.mark.django_db
def test_a_listing_has_the_class_of_its_category_until_the_giver_says_otherwise():
    top = CategoryFactory(carry_class=CarryClass.BAG)
    listing = ListingFactory(category=CategoryFactory(parent=top))

    assert listing.load(Decimal(1)).carry_class == CarryClass.BAG
    listing.carry_class = CarryClass.UNWIELDY
    assert listing.load(Decimal(1)).carry_class == CarryClass.UNWIELDY


@pytest.mark.django_db
def test_every_category_of_the_reference_data_has_a_class():
    call_command("load_reference_data", verbosity=0)

    assert {each.usual_carry_class for each in MaterialCategory.objects.all()} <= set(
        CarryClass.values
    )
    assert set(reference()) <= set(MaterialCategory.objects.source().values_list("slug", flat=True))
    assert set(reference().values()) == set(CarryClass.values)


@pytest.mark.django_db
def test_the_page_says_what_to_come_with_for_all_and_for_a_part(client):
    listing = ListingFactory(stock__offered=40, stock__kg_per_unit=8, carry_class="box")

    page = client.get(f"/en{listing.get_absolute_url()}").content.decode()

    assert "All of it needs a van." in page
    assert "Up to 1 piece fits a bicycle." in page
    assert "Up to 8 pieces fits a car." in page


@pytest.mark.django_db
def test_a_reservation_says_what_to_come_with_for_its_own_amount(client):
    listing = ListingFactory(stock__offered=40, stock__kg_per_unit=8, carry_class="box")
    school = MembershipFactory(organisation=SchoolFactory())
    reservation = ReservationFactory(
        listing=listing, organisation=school.organisation, requested_quantity=3
    )
    client.force_login(school.user, backend="django.contrib.auth.backends.ModelBackend")

    page = client.get(f"/en/mitt/bokningar/{reservation.pk}/").content.decode()

    assert "Needs a car" in page
    assert "Needs a van" not in page
