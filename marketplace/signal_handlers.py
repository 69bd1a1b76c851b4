"""Gathers the signal handlers of every subject."""

from marketplace.departures import signal_handlers as departures
from marketplace.desk.translations import signal_handlers as translations
from marketplace.hubs import signal_handlers as hubs
from marketplace.impact.sums import signal_handlers as sums
from marketplace.materials import translating
from marketplace.offers import signal_handlers as offers
from marketplace.organisations.registration import signal_handlers as registration
from marketplace.review import signal_handlers as review


def connect():
    for subject in (
        review,
        translating,
        hubs,
        sums,
        offers,
        registration,
        departures,
        translations,
    ):
        subject.connect()
