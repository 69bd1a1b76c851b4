"""Signals for the apps above the exchange. Services send them after commit."""

from functools import partial

from django.db import transaction
from django.dispatch import Signal


def send_listing_changed(listing_id):
    """Send `listing_changed` after commit: the listing looks different to the public."""
    transaction.on_commit(partial(listing_changed.send, sender=None, listing_id=listing_id))


# A listing's public appearance changed: published, edited, closed, sold out, or back again.
# Arguments: listing_id (int).
listing_changed = Signal()


# A row was added to the ledger. Arguments: handover (Handover).
handover_recorded = Signal()


# Somebody began to offer a new listing (inside the transaction that saves it). Arguments: listing
# (MaterialListing), referral_code (str, the code of the link that led to the offer form, or "").
listing_created = Signal()
