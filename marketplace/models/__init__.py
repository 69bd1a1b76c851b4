from .activity import PurchaseReport, Rating, UserDay
from .categories import ClimateFactor, MaterialCategory
from .collaborations import Collaboration
from .costs import CostSharing
from .exchange import Reservation, ReservationMessage, Stock
from .handovers import Handover
from .ideas import Idea, IdeaInvitation, IdeaMessage, IdeaPhoto, IdeaProgress
from .imports import ListingImport, ListingImportRow
from .listings import ListingPhoto, ListingTag, MaterialListing
from .municipalities import EmailDomain, Municipality, MunicipalityGoal
from .notes import Note
from .notifications import MailPreference, Notification
from .offers import OfferDraft, PhotoUpload
from .organisations import Membership, Organisation
from .pickups import Pickup, PickupTime
from .registrations import Invitation, Registration
from .regular import RegularOffer
from .revaluations import Revaluation
from .units import Unit, format_quantity
from .waiting import WaitingPlace
from .wanted import WantedAd, WantedAdTag, WantedAnswer
from .workflow import EditorialReview
from .yearly_reports import YearlyReport

__all__ = [
    "ClimateFactor",
    "Collaboration",
    "CostSharing",
    "EditorialReview",
    "EmailDomain",
    "Handover",
    "Idea",
    "IdeaInvitation",
    "IdeaMessage",
    "IdeaPhoto",
    "IdeaProgress",
    "Invitation",
    "ListingImport",
    "ListingImportRow",
    "ListingPhoto",
    "ListingTag",
    "MailPreference",
    "MaterialCategory",
    "MaterialListing",
    "Membership",
    "Municipality",
    "MunicipalityGoal",
    "Note",
    "Notification",
    "OfferDraft",
    "Organisation",
    "PhotoUpload",
    "Pickup",
    "PickupTime",
    "PurchaseReport",
    "Rating",
    "Registration",
    "RegularOffer",
    "Reservation",
    "ReservationMessage",
    "Revaluation",
    "Stock",
    "Unit",
    "UserDay",
    "WaitingPlace",
    "WantedAd",
    "WantedAdTag",
    "WantedAnswer",
    "YearlyReport",
    "format_quantity",
]
