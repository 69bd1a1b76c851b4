"""The definition of a key figure, the sources of their data, and the types of their values."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, TypeAlias

from django.utils.translation import gettext_lazy

from marketplace.municipalities.models import Municipality
from portal.foundation.text_types import StrOrPromise

# {key of a figure: its value}: a Decimal for an amount, an int for a count, None for a mean of
# nothing. The key decides which.
Values: TypeAlias = dict[str, Any]
# Municipalities as rows or keys; None among them stands for what belongs to no municipality.
Places: TypeAlias = Collection[Municipality | int | None]

LEDGER = gettext_lazy("The portal's ledger of handovers")
USE = gettext_lazy("One row per signed-in person and day")
RESERVATIONS = gettext_lazy("The portal's reservations")
LISTINGS = gettext_lazy("The portal's listings and its ledger of handovers")
IDEAS = gettext_lazy("The portal's pupils' ideas")
COSTS = gettext_lazy("The portal's settings of cost sharing")
PURCHASES = gettext_lazy("Reports by schools and services")


@dataclass(frozen=True)
class Figure:
    """A key figure: its name, unit ("" for a plain count) and definition.

    `public` makes a figure that another app adds appear on `/effekt/` too. `empty` explains when
    the value is null.
    """

    key: str
    name: StrOrPromise
    unit: str
    definition: StrOrPromise
    decimals: int = 0
    source: StrOrPromise = LEDGER
    public: bool = False
    empty: str = ""
