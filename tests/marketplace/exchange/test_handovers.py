from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from marketplace.exchange.errors import NotEnoughLeft
from marketplace.exchange.handovers.errors import (
    AlreadyReversed,
    BeforeTheAgreedDay,
    HandoverInTheFuture,
    LedgerIsAppendOnly,
    NoFactor,
)
from marketplace.exchange.handovers.facts import HandoverFacts
from marketplace.exchange.handovers.models import Handover
from marketplace.exchange.handovers.services import (
    confirm_handover,
    correct_handover,
    record_handover,
)
from marketplace.exchange.reservations.models import Reservation
from marketplace.exchange.reservations.services import accept_reservation
from marketplace.exchange.stock.models import Stock
from marketplace.materials.models import ClimateFactor
from marketplace.review.errors import WrongState
from tests.factories import (
    CategoryFactory,
    ClimateFactorFactory,
    ListingFactory,
    ReservationFactory,
    SchoolFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


def promised(quantity=4, **kwargs):
    reservation = ReservationFactory(requested_quantity=Decimal(quantity), **kwargs)
    return accept_reservation(reservation=reservation, by=UserFactory())


def confirm(reservation, quantity=4, mass_kg=2, would_have_bought="yes", **kwargs):
    return confirm_handover(
        reservation=reservation,
        by=UserFactory(),
        quantity=Decimal(quantity),
        mass_kg=Decimal(mass_kg),
        would_have_bought=would_have_bought,
        **kwargs,
    )


def correct(handover, quantity, mass_kg, **kwargs):
    return correct_handover(
        handover=handover,
        by=UserFactory(),
        reason="Fel räknat",
        quantity=Decimal(quantity),
        mass_kg=Decimal(mass_kg),
        **kwargs,
    )


def stock_of(reservation):
    return Stock.objects.get(listing=reservation.listing_id)


def test_a_confirmed_handover_is_in_the_ledger_with_climate_and_value():
    handover = confirm(promised(), mass_kg="2.5")

    assert (handover.co2e_kg, handover.value_sek) == (Decimal("6.250"), Decimal("100.00"))


def test_a_confirmed_handover_moves_stock_from_promised_to_collected():
    reservation = promised()

    confirm(reservation)

    stock = stock_of(reservation)
    assert (stock.reserved, stock.collected) == (0, 4)


def test_what_was_promised_but_not_taken_is_free_again():
    reservation = promised(6)

    confirm(reservation, quantity=1)

    assert stock_of(reservation).left == 9


def test_more_than_promised_can_be_taken_when_it_is_there():
    reservation = promised(4)

    confirm(reservation, quantity=10)

    assert stock_of(reservation).left == 0


def test_more_than_there_is_cannot_be_taken():
    reservation = promised(4)

    with pytest.raises(NotEnoughLeft):
        confirm(reservation, quantity=11)

    assert stock_of(reservation).reserved == 4


@pytest.mark.parametrize(
    ("answer", "avoided"), [("yes", "80.00"), ("partly", "40.00"), ("no", "0.00"), ("", "0.00")]
)
def test_an_avoided_purchase_depends_on_the_answer(answer, avoided):
    handover = confirm(promised(), mass_kg=2, would_have_bought=answer)

    assert handover.purchase_avoided_sek == Decimal(avoided)


def test_a_known_cost_counts_instead_of_the_price_per_kilogram():
    handover = confirm(promised(), would_have_bought="partly", cost_sek=Decimal("199.99"))

    assert handover.purchase_avoided_sek == Decimal("100.00")


def test_amounts_are_rounded_half_up():
    category = CategoryFactory(
        factor__kgco2e_per_kg=Decimal("0.5"), factor__sek_per_kg=Decimal("0.05")
    )

    handover = confirm(promised(listing__category=category), mass_kg="0.101")

    assert (handover.co2e_kg, handover.value_sek) == (Decimal("0.051"), Decimal("0.01"))


def test_a_handover_is_confirmed_once():
    reservation = promised()
    confirm(reservation)

    with pytest.raises(WrongState):
        confirm(reservation)


def test_only_what_is_promised_can_be_handed_over():
    with pytest.raises(WrongState):
        confirm(ReservationFactory())


def test_before_the_agreed_day_it_is_confirmed_only_by_who_says_that_it_was_early():
    tomorrow = timezone.now() + timedelta(days=1)
    reservation = promised(pickup_at=tomorrow)
    assert reservation.pickup_agreed_at

    with pytest.raises(BeforeTheAgreedDay):
        confirm(reservation)

    assert confirm(reservation, early=True).quantity == 4


def test_on_the_agreed_day_nobody_is_asked_whether_it_was_early():
    reservation = promised(pickup_at=timezone.now() + timedelta(days=1))
    Reservation.objects.filter(pk=reservation.pk).update(pickup_at=timezone.now())

    assert confirm(reservation).quantity == 4


def test_a_handover_cannot_lie_ahead():
    with pytest.raises(HandoverInTheFuture):
        confirm(promised(), on=timezone.localdate() + timedelta(days=1))


def test_a_category_without_a_factor_is_named_as_the_problem():
    reservation = promised(listing__category=CategoryFactory(factor=None))

    with pytest.raises(NoFactor):
        confirm(reservation)


def test_the_factor_of_the_day_is_used():
    category = CategoryFactory()
    ClimateFactorFactory(category=category, valid_from=date(2021, 1, 1), kgco2e_per_kg=9)

    handover = record_handover(
        listing=ListingFactory(category=category),
        receiver=SchoolFactory(),
        facts=HandoverFacts(quantity=1, mass_kg=Decimal(1), on=date(2020, 6, 1)),
    )

    assert handover.co2e_kg == Decimal("2.500")


def test_a_new_factor_leaves_history_alone():
    handover = confirm(promised())
    ClimateFactor.objects.update(kgco2e_per_kg=1000)

    assert Handover.objects.totals()["co2e_kg"] == handover.co2e_kg


def test_a_correction_replaces_the_amounts():
    handover = confirm(promised(), quantity=4, mass_kg=2)

    correct(handover, quantity=3, mass_kg="1.5")

    totals = Handover.objects.totals()
    assert (totals["mass_kg"], totals["value_sek"]) == (Decimal("1.500"), Decimal("60.00"))


def test_a_correction_moves_the_stock_along():
    reservation = promised()
    handover = confirm(reservation)

    correct(handover, quantity=3, mass_kg="1.5")

    assert stock_of(reservation).collected == 3


def test_a_correction_to_nothing_leaves_only_the_reversal():
    reservation = promised()
    handover = confirm(reservation)

    reversal = correct(handover, quantity=0, mass_kg=0)

    assert reversal.reverses == handover
    assert not any(Handover.objects.totals().values())
    assert stock_of(reservation).collected == 0


def test_a_correction_keeps_the_answer_unless_told_otherwise():
    handover = confirm(promised(), would_have_bought="partly")

    assert correct(handover, 4, 4).purchase_avoided_sek == Decimal("80.00")


def test_a_row_is_corrected_once():
    handover = confirm(promised())
    correct(handover, 3, 2)

    with pytest.raises(AlreadyReversed):
        correct(handover, 2, 1)


def test_a_reversal_is_not_corrected():
    reversal = correct(confirm(promised()), 0, 0)

    with pytest.raises(AlreadyReversed):
        correct(reversal, 1, 1)


def test_a_replacement_can_be_corrected_again():
    replacement = correct(confirm(promised()), 3, 2)

    correct(replacement, 1, 1)

    assert Handover.objects.totals()["mass_kg"] == 1


def test_a_correction_cannot_exceed_what_there_is():
    handover = confirm(promised())

    with pytest.raises(NotEnoughLeft):
        correct(handover, 11, 5)


def test_a_correction_may_take_all_that_there_is():
    reservation = promised()

    correct(confirm(reservation), 10, 5)

    assert stock_of(reservation).left == 0


def test_what_is_collected_is_the_sum_of_the_ledger():
    reservation = promised()
    correct(confirm(reservation), 7, 3)

    ledger = sum(Handover.objects.values_list("quantity", flat=True))
    assert stock_of(reservation).collected == ledger


def test_deleting_who_recorded_it_keeps_the_row():
    handover = confirm(promised())

    handover.recorded_by.delete()

    assert Handover.objects.totals()["mass_kg"] == handover.mass_kg


@pytest.mark.parametrize("change", [lambda h: h.save(), lambda h: h.delete()])
def test_a_row_is_never_changed_or_removed(change):
    handover = confirm(promised())

    with pytest.raises(LedgerIsAppendOnly):
        change(handover)
