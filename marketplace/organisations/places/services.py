"""Keeping the places that people write, so that nobody writes them twice."""

from django.db import transaction
from django.utils import timezone

from marketplace.organisations.models import Organisation
from marketplace.organisations.places.models import Place

# {field of a listing: field of a place}.
FIELDS = {
    "pickup_address": "address",
    "pickup_postcode": "postcode",
    "pickup_town": "town",
    "pickup_hours": "hours",
    "contact_name": "contact_name",
    "contact_email": "contact_email",
    "contact_phone": "contact_phone",
}


def as_listing_fields(place: Place) -> dict[str, str]:
    """What a listing at `place` says about where, when and whom, in the listing's own fields."""
    values = {said: getattr(place, name) for said, name in FIELDS.items()}
    return values | {"pickup_access": place.access_words}


def may_keep_more(organisation: Organisation) -> bool:
    """Whether `organisation` has fewer places than may be kept."""
    return organisation.places.count() < Place.MOST


@transaction.atomic
def keep_place(*, organisation: Organisation, values: dict[str, str]) -> Place | None:
    """Keep the place that a listing of `organisation` was given, or note that it was used again.

    `values` are the listing's own fields. What is known of the place already stays, what it lacks
    is filled in. None where there is no address, or as many places are kept as may be.
    """
    written = {name: (values.get(said) or "").strip() for said, name in FIELDS.items()}
    if not written["address"]:
        return None
    place = organisation.places.filter(
        address__iexact=written["address"], town__iexact=written["town"]
    ).first()
    if place is None:
        if may_keep_more(organisation):
            return Place.objects.create(organisation=organisation, **written)
        return None
    for name, value in written.items():
        if value and not getattr(place, name):
            setattr(place, name, value)
    place.used_at = timezone.now()
    place.save()
    return place
