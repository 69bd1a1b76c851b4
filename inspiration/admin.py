"""Menu groups of inspiration in the admin."""

from django.utils.translation import gettext_lazy as _
from wagtail.snippets.views.snippets import SnippetViewSetGroup

from inspiration.campaigns.admin import ChannelViewSet, ParticipantViewSet
from inspiration.newsletter.admin import DeliveryViewSet, NewsletterViewSet, SubscriberViewSet


class CampaignsGroup(SnippetViewSetGroup):
    menu_label = _("Campaigns and newsletter")
    menu_icon = "mail"
    menu_name = "campaigns"
    menu_order = 112
    items = (
        ChannelViewSet,
        ParticipantViewSet,
        NewsletterViewSet,
        SubscriberViewSet,
        DeliveryViewSet,
    )
