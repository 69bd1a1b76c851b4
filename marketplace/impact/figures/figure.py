"""What a key figure is, and where its numbers come from."""

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
    """One key figure: its name, its unit ("" for a plain count), and what it means in words.

    `public` is for the figures of other apps: whether they are shown on `/effekt/` as well.
    `empty` says when there is no number at all, for those figures that may have none.
    """

    key: str
    name: StrOrPromise
    unit: str
    definition: StrOrPromise
    decimals: int = 0
    source: StrOrPromise = LEDGER
    public: bool = False
    empty: str = ""
