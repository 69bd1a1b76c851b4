"""What the exchange tells the rest of the portal. Sent after commit, by the services."""

from django.dispatch import Signal

# A listing's public appearance changed: published, edited, closed, sold out, or back again.
# Arguments: listing_id (int).
listing_changed = Signal()

# A row was added to the ledger. Arguments: handover (Handover).
handover_recorded = Signal()

# Two organisations turned out to be one (inside the transaction that merges them). Arguments:
# organisation, into (Organisation): what belongs to the first now belongs to the second.
organisations_merged = Signal()

# Somebody began to offer a new listing (inside the transaction that saves it). Arguments: listing
# (MaterialListing), came_by (str, the code of the link that led to the offer form, or "").
listing_begun = Signal()
