"""Shelves follow the ledger, which is corrected elsewhere."""

from marketplace.hubs.services import follow_ledger
from marketplace.signals import handover_recorded


def connect():
    handover_recorded.connect(on_handover_recorded, dispatch_uid="hubs")


def on_handover_recorded(sender, handover, **kwargs):
    follow_ledger(handover)
