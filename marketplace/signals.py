"""Signals for the apps above the exchange. Services send them."""

from django.dispatch import Signal


def send_listing_changed(listing_id):
    """Send `listing_changed`: the listing looks different to the public once this is committed."""
    listing_changed.send(sender=None, listing_id=listing_id)


# A listing's public appearance changed: published, edited, closed, sold out, or back again.
# Sent in the transaction that changes it. Arguments: listing_id (int).
listing_changed = Signal()


# A row was added to the ledger. Arguments: handover (Handover).
handover_recorded = Signal()


# Somebody began to offer a new listing (inside the transaction that saves it). Arguments: listing
# (MaterialListing), referral_code (str, the code of the link that led to the offer form, or "").
listing_created = Signal()
