"""What was measured and answered when material changed hands."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils import timezone

from marketplace.exchange.errors import QuantityNotPositive
from marketplace.exchange.handovers.errors import HandoverInTheFuture
from marketplace.materials.units import GRAM, rounded


@dataclass(frozen=True, kw_only=True)
class HandoverFacts:
    """The quantity in the listing's unit, the mass in kg, and the receiver's answers.

    `is_weighed` tells a weighed mass from an estimated one. `cost_sek` is what the receiver says
    that the purchase would have cost. Without `on` it happened today.
    """

    quantity: Decimal | int
    mass_kg: Decimal | int
    is_weighed: bool = False
    would_have_bought: str = ""
    cost_sek: Decimal | int | None = None
    on: date | None = None

    @property
    def day(self) -> date:
        return self.on or timezone.localdate()

    @property
    def rounded_quantity(self) -> Decimal:
        return rounded(self.quantity, GRAM)

    def check(self) -> None:
        """Raise `HandoverInTheFuture` or `QuantityNotPositive`."""
        if self.day > timezone.localdate():
            raise HandoverInTheFuture
        if self.rounded_quantity <= 0 or self.mass_kg < 0:
            raise QuantityNotPositive
