"""Gathers what each subject keeps about people, so that its rules are registered."""

import marketplace.exchange.follows.retention
import marketplace.exchange.handovers.retention
import marketplace.exchange.listing_questions.retention
import marketplace.exchange.notes.retention
import marketplace.exchange.reservations.retention
import marketplace.hubs.retention
import marketplace.ideas.retention
import marketplace.impact.usage.retention
import marketplace.listings.favourites.retention
import marketplace.listings.retention
import marketplace.notifications.retention
import marketplace.occasions.retention
import marketplace.offers.retention
import marketplace.organisations.retention
import marketplace.translations.retention
import marketplace.transport.retention  # noqa: F401
