"""What a preschool says before it asks for material that does not fit all its children."""

from datetime import datetime

from django.utils import timezone

from marketplace.exchange.errors import SafetyNotConfirmed
from marketplace.listings.models import MaterialListing
from marketplace.organisations.models import Organisation
from marketplace.safety.presentation import needs_confirmation


def confirmation(
    listing: MaterialListing, organisation: Organisation, *, confirmed: bool
) -> datetime | None:
    """When it was confirmed, or None where nothing needs to be. Raises `SafetyNotConfirmed`."""
    if not needs_confirmation(listing.answers, organisation):
        return None
    if not confirmed:
        raise SafetyNotConfirmed
    return timezone.now()
