"""Records that nobody edits as content: looked at, filtered and exported, never changed by hand."""

from django.utils.translation import gettext_lazy as _
from wagtail.snippets.views.snippets import SnippetViewSetGroup
from wagtail_modeladmin.options import ModelAdminGroup

from marketplace.exchange.notes.admin import NoteAdmin
from marketplace.exchange.reservations.admin import ReservationAdmin
from marketplace.hubs.admin import HubViewSet
from marketplace.ideas.admin import IdeaViewSet
from marketplace.impact.collaborations.admin import CollaborationViewSet
from marketplace.impact.ledger.admin import HandoverAdmin
from marketplace.impact.purchases.admin import PurchaseReportAdmin
from marketplace.materials.admin import ClimateFactorViewSet, MaterialCategoryViewSet, TagViewSet
from marketplace.municipalities.admin import MunicipalityViewSet
from marketplace.occasions.admin import BookingAdmin
from marketplace.offers.admin import MaterialListingViewSet
from marketplace.offers.recalls.admin import RecallAdmin
from marketplace.organisations.admin import OrganisationViewSet
from marketplace.transport.admin import CarrierViewSet, RoundViewSet
from marketplace.wanted.admin import WantedAdViewSet
from portal.foundation.mail.admin import EmailAdmin


class LedgerGroup(ModelAdminGroup):
    menu_label = _("Handed over")
    menu_icon = "tasks"
    menu_order = 115
    items = (
        ReservationAdmin,
        HandoverAdmin,
        PurchaseReportAdmin,
        NoteAdmin,
        BookingAdmin,
        RecallAdmin,
        EmailAdmin,
    )


class ReviewGroup(SnippetViewSetGroup):
    """What editors look at each morning."""

    menu_label = _("Exchange")
    menu_icon = "pick"
    menu_name = "exchange"
    menu_order = 110
    items = (MaterialListingViewSet, WantedAdViewSet, IdeaViewSet)


class PartnersGroup(SnippetViewSetGroup):
    """Who takes part."""

    menu_label = _("Partners")
    menu_icon = "group"
    menu_name = "partners"
    menu_order = 120
    items = (OrganisationViewSet, CollaborationViewSet, HubViewSet, MunicipalityViewSet)


class TransportGroup(SnippetViewSetGroup):
    """Who drives, and when."""

    menu_label = _("Transport")
    menu_icon = "history"
    menu_name = "transport"
    menu_order = 126
    items = (CarrierViewSet, RoundViewSet)


class VocabularyGroup(SnippetViewSetGroup):
    """What changes seldom."""

    menu_label = _("Material and factors")
    menu_icon = "folder-open-inverse"
    menu_name = "vocabulary"
    menu_order = 400
    items = (MaterialCategoryViewSet, ClimateFactorViewSet, TagViewSet)
