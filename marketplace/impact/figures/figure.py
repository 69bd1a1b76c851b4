"""The definition of a key figure, and the sources of their data."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy

from portal.foundation.text_types import StrOrPromise

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
