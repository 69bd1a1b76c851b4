"""Gathers the models of every subject, so that Django finds them."""

from marketplace.exchange.calendar_entries.models import CalendarEntry, CalendarFeed
from marketplace.exchange.follows.models import ListingFollow
from marketplace.exchange.handovers.models import Handover
from marketplace.exchange.joint_requests.models import JointRequest
from marketplace.exchange.listing_questions.models import ListingQuestion
from marketplace.exchange.notes.models import Note
from marketplace.exchange.pickups.models import PickupTime, TakeItNow
from marketplace.exchange.reservations.models import Reservation, ReservationMessage
from marketplace.exchange.sharing.models import Sharing
from marketplace.exchange.stock.models import Stock
from marketplace.exchange.waiting_list.models import WaitingPlace
from marketplace.hubs.arrivals.models import Arrival
from marketplace.hubs.closing_models import HubClosing
from marketplace.hubs.models import (
    Hub,
    HubCard,
    HubOpening,
    HubTime,
    Movement,
    Scan,
    Shelf,
)
from marketplace.ideas.models import Idea, IdeaInvitation, IdeaMessage, IdeaPhoto, IdeaProgress
from marketplace.impact.collaborations.models import Collaboration
from marketplace.impact.costs.models import CostSharing
from marketplace.impact.purchase_imports.models import PurchaseImport
from marketplace.impact.purchases.models import PurchaseCorrection, PurchaseReport
from marketplace.impact.ratings.models import Rating
from marketplace.impact.revaluations.models import Revaluation
from marketplace.impact.sums.models import MonthSum, SumsMark
from marketplace.impact.usage.models import UserDay
from marketplace.impact.yearly_reports.models import YearlyReport
from marketplace.listings.favourites.models import Favourite
from marketplace.listings.models import ListingPhoto, ListingTag, MaterialListing
from marketplace.listings.photos.models import PhotoUpload
from marketplace.materials.models import ClimateFactor, MaterialCategory
from marketplace.municipalities.models import (
    EmailDomain,
    Municipality,
    MunicipalityGoal,
    ParticipationSettings,
)
from marketplace.notifications.models import MailPreference, Notification
from marketplace.notifications.phones.models import PhoneNumber, PushSubscription, QuietHours
from marketplace.occasions.models import Booking, Occasion
from marketplace.offers.clearing.models import Clearing, ClearingItem
from marketplace.offers.imports.models import ListingImport, ListingImportRow
from marketplace.offers.models import OfferDraft
from marketplace.offers.recalls.models import Recall
from marketplace.offers.regular.models import RegularOffer
from marketplace.offers.unplaced.models import Unplaced
from marketplace.organisations.identity.models import IdentityChange
from marketplace.organisations.membership.models import Invitation
from marketplace.organisations.models import Membership, Organisation
from marketplace.organisations.places.models import Place
from marketplace.organisations.registration.models import Registration
from marketplace.organisations.school_units.models import SchoolImport
from marketplace.review.models import EditorialReview
from marketplace.roles.models import Role, RoleAssignment, RoleGroup
from marketplace.spreadsheets.models import ColumnChoice
from marketplace.translations.models import TranslatedText
from marketplace.transport.models import Carrier, Drive, Round, Run, Shipment, Stop, Tour
from marketplace.wanted.models import WantedAd, WantedAdTag, WantedAnswer
from marketplace.wanted.questions.models import GiverQuestion, NeverAsked

__all__ = [
    "Arrival",
    "Booking",
    "CalendarEntry",
    "CalendarFeed",
    "Carrier",
    "Clearing",
    "ClearingItem",
    "ClimateFactor",
    "Collaboration",
    "ColumnChoice",
    "CostSharing",
    "Drive",
    "EditorialReview",
    "EmailDomain",
    "Favourite",
    "GiverQuestion",
    "Handover",
    "Hub",
    "HubCard",
    "HubClosing",
    "HubOpening",
    "HubTime",
    "Idea",
    "IdeaInvitation",
    "IdeaMessage",
    "IdeaPhoto",
    "IdeaProgress",
    "IdentityChange",
    "Invitation",
    "JointRequest",
    "ListingFollow",
    "ListingImport",
    "ListingImportRow",
    "ListingPhoto",
    "ListingQuestion",
    "ListingTag",
    "MailPreference",
    "MaterialCategory",
    "MaterialListing",
    "Membership",
    "MonthSum",
    "Movement",
    "Municipality",
    "MunicipalityGoal",
    "NeverAsked",
    "Note",
    "Notification",
    "Occasion",
    "OfferDraft",
    "Organisation",
    "ParticipationSettings",
    "PhoneNumber",
    "PhotoUpload",
    "PickupTime",
    "Place",
    "PurchaseCorrection",
    "PurchaseImport",
    "PurchaseReport",
    "PushSubscription",
    "QuietHours",
    "Rating",
    "Recall",
    "Registration",
    "RegularOffer",
    "Reservation",
    "ReservationMessage",
    "Revaluation",
    "Role",
    "RoleAssignment",
    "RoleGroup",
    "Round",
    "Run",
    "Scan",
    "SchoolImport",
    "Sharing",
    "Shelf",
    "Shipment",
    "Stock",
    "Stop",
    "SumsMark",
    "TakeItNow",
    "Tour",
    "TranslatedText",
    "Unplaced",
    "UserDay",
    "WaitingPlace",
    "WantedAd",
    "WantedAdTag",
    "WantedAnswer",
    "YearlyReport",
]
