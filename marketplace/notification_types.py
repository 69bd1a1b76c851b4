"""Gathers the types of notification of every subject, so that they are registered."""

import marketplace.desk.notifications
import marketplace.exchange.follows.notifications
import marketplace.exchange.handovers.notifications
import marketplace.exchange.joint_requests.notifications
import marketplace.exchange.listing_questions.notifications
import marketplace.exchange.notes.notifications
import marketplace.exchange.pickups.notifications
import marketplace.exchange.reservations.notifications
import marketplace.exchange.sharing.notifications
import marketplace.exchange.waiting_list.notifications
import marketplace.hubs.arrivals.notifications
import marketplace.ideas.notifications
import marketplace.listings.notifications
import marketplace.occasions.notifications
import marketplace.offers.notifications
import marketplace.offers.recalls.notifications
import marketplace.offers.regular.notifications
import marketplace.offers.unplaced.notifications
import marketplace.organisations.approval.notifications
import marketplace.organisations.identity.notifications
import marketplace.organisations.membership.notifications
import marketplace.translations.notifications
import marketplace.transport.notifications
import marketplace.wanted.notifications
import marketplace.wanted.questions.notifications  # noqa: F401
