from .activity import PurchaseReport, Rating, UserDay
from .categories import ClimateFactor, MaterialCategory
from .exchange import Collaboration, Handover, Reservation, ReservationMessage, Stock
from .ideas import Idea, IdeaInvitation, IdeaMessage, IdeaPhoto, IdeaProgress
from .listings import ListingPhoto, ListingTag, MaterialListing
from .municipalities import EmailDomain, Municipality, MunicipalityGoal
from .notes import Note
from .notifications import MailPreference, Notification
from .offers import OfferDraft, PhotoUpload
from .organisations import Membership, Organisation
from .pickups import Pickup, PickupTime
from .units import Unit, format_quantity
from .waiting import WaitingPlace
from .wanted import WantedAd, WantedAdTag, WantedAnswer
from .workflow import EditorialReview

__all__ = [
    "ClimateFactor",
    "Collaboration",
    "EditorialReview",
    "EmailDomain",
    "Handover",
    "Idea",
    "IdeaInvitation",
    "IdeaMessage",
    "IdeaPhoto",
    "IdeaProgress",
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
    "Reservation",
    "ReservationMessage",
    "Stock",
    "Unit",
    "UserDay",
    "WaitingPlace",
    "WantedAd",
    "WantedAdTag",
    "WantedAnswer",
    "format_quantity",
]
