from .categories import ClimateFactor, MaterialCategory
from .exchange import Collaboration, Handover, Reservation, ReservationMessage, Stock
from .listings import ListingPhoto, ListingTag, MaterialListing
from .municipalities import EmailDomain, Municipality, MunicipalityGoal
from .notifications import Notification
from .organisations import Membership, Organisation
from .units import Unit, format_quantity

__all__ = [
    "ClimateFactor",
    "Collaboration",
    "EmailDomain",
    "Handover",
    "ListingPhoto",
    "ListingTag",
    "MaterialCategory",
    "MaterialListing",
    "Membership",
    "Municipality",
    "MunicipalityGoal",
    "Notification",
    "Organisation",
    "Reservation",
    "ReservationMessage",
    "Stock",
    "Unit",
    "format_quantity",
]
