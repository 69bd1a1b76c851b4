"""More of the same giver, ticked in the form that asks for something of it."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from django import forms
from django.db.models import Exists, OuterRef
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from marketplace.exchange.reservations.models import Reservation
from marketplace.exchange.reservations.parts import sensible_part
from marketplace.listings.favourites.models import Favourite
from marketplace.listings.models import MaterialListing
from marketplace.materials.fields import QuantityField
from marketplace.organisations.models import Organisation
from portal.foundation.users.models import User
from portal.templatetags.portal_tags import as_written

if TYPE_CHECKING:
    Base = forms.Form
else:
    Base = object

SHOWN = 6


def more_of(
    giver: Organisation,
    *,
    user: User,
    organisations: Iterable[Organisation],
    but: MaterialListing | None = None,
    first: str = "",
) -> list[MaterialListing]:
    """What else `user` may ask `giver` for, what they have saved first, then the newest.

    For all of `organisations`; what one of them has asked for already is left out, and so is `but`.
    The one with the key `first` comes before all.
    """
    organisations = list(organisations)
    asked = Reservation.objects.open().filter(organisation__in=organisations)
    saved = Favourite.objects.filter(user=user, listing=OuterRef("pk"))
    found = (
        MaterialListing.objects.available_to(user)
        .filter(organisation=giver)
        .exclude(pk__in=asked.values("listing"))
        .exclude(pk=but and but.pk)
        .annotate(is_saved=Exists(saved))
        .order_by("-is_saved", "-pk")
        .for_cards()
    )
    allowed = [each for each in found if all(map(each.is_open_to, organisations))]
    return sorted(allowed, key=lambda each: str(each.pk) != first)[:SHOWN]


class MoreOfGiver(Base):
    """A tick and an amount for each of some listings; cleans to `more`, {listing: amount}."""

    def offer_more(self, listings: Sequence[MaterialListing]) -> None:
        self.others = listings
        for each in listings:
            self.fields[f"more{each.pk}"] = forms.BooleanField(
                label=as_written(each.title), required=False
            )
            self.fields[f"much{each.pk}"] = QuantityField(
                label=format_html(
                    gettext("How much of {title}, in {unit}?"),
                    title=as_written(each.title),
                    unit=each.stock.get_unit_display(),
                ),
                required=False,
                initial=sensible_part(each, each.stock),
            )

    def more_fields(self):
        """[(listing, its tick, its amount)]."""
        return [(each, self[f"more{each.pk}"], self[f"much{each.pk}"]) for each in self.others]

    @property
    def has_ticked(self):
        return any(tick.value() for _each, tick, _much in self.more_fields())

    def ticked(self) -> list[MaterialListing]:
        return list(self.cleaned_data.get("more", []))

    def clean(self):
        super().clean()
        cleaned = self.cleaned_data
        more = {}
        for each in self.others:
            tick, much = cleaned.pop(f"more{each.pk}", False), cleaned.pop(f"much{each.pk}", None)
            if tick and much:
                more[each] = much
            elif tick and f"much{each.pk}" not in self.errors:
                self.add_error(f"much{each.pk}", _("Write how much you need."))
        cleaned["more"] = more
        return cleaned

    def refuse_more(self, error) -> bool:
        """Show a refusal beside the one of the others that it is about; whether it is."""
        if error.listing not in self.others:
            return False
        self.add_error(f"much{error.listing.pk}", str(error))
        return True
