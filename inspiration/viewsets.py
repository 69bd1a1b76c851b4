"""How campaigns and newsletters are looked after in Wagtail's admin, beside the pages."""

import django_filters
from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.snippets.views.snippets import (
    DeleteView,
    EditView,
    SnippetViewSet,
    SnippetViewSetGroup,
)

from portal.exports import SafeIndexView

from .campaigns import channels_with_results
from .models import (
    CampaignChannel,
    CampaignPage,
    CampaignParticipant,
    Newsletter,
    NewsletterDelivery,
    Subscriber,
)


class ChannelFilterSet(WagtailFilterSet):
    # The translations of a campaign are one campaign: its links belong to the first of them.
    campaign = django_filters.ModelChoiceFilter(
        label=_("Campaign"),
        queryset=lambda request: CampaignPage.objects.filter(channels__isnull=False).distinct(),
    )

    class Meta:
        model = CampaignChannel
        fields = ["campaign", "kind"]


class ChannelViewSet(SnippetViewSet):
    """Tagged links. Those of the standard kinds come with the campaign."""

    model = CampaignChannel
    icon = "link"
    menu_label = _("Links")
    menu_name = "campaign-links"
    list_display = [
        "__str__",
        "campaign",
        Column("link", label=_("Address"), accessor="link"),
        Column("visits", label=_("Visits"), accessor="visits"),
    ]
    filterset_class = ChannelFilterSet
    index_view_class = SafeIndexView
    list_export = ["campaign", "name", "kind", "code", "link", "visits", "signed_up", "offered"]
    export_filename = "kampanjlankar"
    export_headings = {
        "link": _("Address"),
        "visits": _("Visits"),
        "signed_up": _("Signed up"),
        "offered": _("Offers"),
    }
    search_fields = ["name", "code", "campaign__title"]
    search_backend_name = None
    copy_view_enabled = False

    def get_queryset(self, request):
        return channels_with_results()


class ParticipantViewSet(SnippetViewSet):
    """Organisations that take part. Somebody who has telephoned is added by hand."""

    model = CampaignParticipant
    icon = "group"
    menu_label = _("Taking part")
    menu_name = "campaign-participants"
    list_display = [
        "organisation",
        "campaign",
        Column("municipality", label=_("Municipality"), accessor="organisation.municipality"),
        Column("kind", label=_("Kind"), accessor="organisation.get_kind_display"),
        "channel",
        "created_at",
    ]
    list_filter = ["campaign"]
    index_view_class = SafeIndexView
    list_export = [
        "campaign",
        "organisation",
        "organisation.kind",
        "organisation.municipality",
        "organisation.contact_name",
        "organisation.contact_email",
        "signed_up_by",
        "channel",
        "created_at",
    ]
    export_filename = "kampanjdeltagare"
    export_headings = {
        "organisation.kind": _("Kind"),
        "organisation.municipality": _("Municipality"),
        "organisation.contact_name": _("Contact"),
        "organisation.contact_email": _("E-mail address"),
    }
    search_fields = ["organisation__name", "campaign__title"]
    search_backend_name = None
    copy_view_enabled = False

    def get_queryset(self, request):
        return CampaignParticipant.objects.select_related(
            "campaign", "channel", "organisation__municipality", "signed_up_by"
        )


class DraftsOnly(ModelPermissionPolicy):
    """What has been sent stays as it was sent."""

    def user_has_permission_for_instance(self, user, action, instance):
        return super().user_has_permission_for_instance(user, action, instance) and (
            action == "view" or instance.is_draft
        )

    def instances_user_has_any_permission_for(self, user, actions):
        instances = super().instances_user_has_any_permission_for(user, actions)
        return instances if "view" in actions else instances.filter(started_at=None)


class SentStays:
    """Wagtail's views ask the policy about one row only here and there; these always do."""

    def get_object(self, queryset=None):
        issue = super().get_object(queryset)
        if not issue.is_draft:
            raise PermissionDenied
        return issue


class NewsletterEditView(SentStays, EditView):
    pass


class NewsletterDeleteView(SentStays, DeleteView):
    pass


class NewsletterViewSet(SnippetViewSet):
    model = Newsletter
    edit_view_class = NewsletterEditView
    delete_view_class = NewsletterDeleteView
    icon = "mail"
    menu_label = _("Newsletters")
    menu_name = "newsletters"
    list_display = [
        "name",
        Column("state", label=_("State"), accessor="state"),
        Column("copies", label=_("Readers"), accessor="copies"),
        Column("delivered", label=_("Taken by the mail server"), accessor="delivered"),
        Column("bounced", label=_("Bounced"), accessor="bounced"),
        Column("ended", label=_("Ended it"), accessor="ended"),
        "finished_at",
    ]
    index_view_class = SafeIndexView
    list_export = [
        "name",
        "started_at",
        "finished_at",
        "copies",
        "waiting",
        "delivered",
        "failed",
        "bounced",
        "ended",
    ]
    export_filename = "nyhetsbrev"
    export_headings = {
        "copies": _("Readers"),
        "waiting": _("Waiting"),
        "delivered": _("Taken by the mail server"),
        "failed": _("Could not be sent"),
        "bounced": _("Bounced"),
        "ended": _("Ended it"),
    }
    search_fields = ["name"]
    search_backend_name = None
    copy_view_enabled = True

    def get_queryset(self, request):
        return Newsletter.objects.with_results()


class Recorded(ModelPermissionPolicy):
    """Rows that come about by themselves: nobody makes or changes them, some may delete them."""

    def user_has_permission(self, user, action):
        return action in ("view", "delete") and super().user_has_permission(user, action)

    def user_has_any_permission(self, user, actions):
        return any(self.user_has_permission(user, action) for action in actions)

    def user_has_permission_for_instance(self, user, action, instance):
        return self.user_has_permission(user, action)


class SubscriberViewSet(SnippetViewSet):
    """Nobody is put on the list by others: that takes two steps of the reader's own."""

    model = Subscriber
    icon = "user"
    menu_label = _("Newsletter readers")
    menu_name = "subscribers"
    list_display = [
        "email",
        "language",
        Column("municipality", label=_("Municipality"), accessor="municipality"),
        Column("state", label=_("State"), accessor="state"),
        "confirmed_at",
    ]
    list_filter = ["language", "municipality"]
    index_view_class = SafeIndexView
    list_export = ["email", "language", "municipality", "confirmed_at", "unsubscribed_at"]
    export_filename = "prenumeranter"
    search_fields = ["email"]
    search_backend_name = None
    inspect_view_enabled = True
    copy_view_enabled = False

    def get_queryset(self, request):
        return Subscriber.objects.select_related("municipality")


class DeliveryFilterSet(WagtailFilterSet):
    bounced = django_filters.BooleanFilter(
        label=_("Bounced"), field_name="bounced_at", lookup_expr="isnull", exclude=True
    )

    class Meta:
        model = NewsletterDelivery
        fields = ["newsletter"]


class DeliveryViewSet(SnippetViewSet):
    """What became of each copy, bounces among them."""

    model = NewsletterDelivery
    icon = "list-ul"
    menu_label = _("Copies and bounces")
    menu_name = "newsletter-copies"
    list_display = [
        "subscriber",
        "newsletter",
        Column("result", label=_("Result"), accessor="result"),
        "bounce_note",
        "settled_at",
    ]
    filterset_class = DeliveryFilterSet
    index_view_class = SafeIndexView
    list_export = [
        "newsletter",
        "subscriber",
        "result",
        "settled_at",
        "bounced_at",
        "bounce_note",
        "unsubscribed_at",
    ]
    export_filename = "nyhetsbrev-exemplar"
    export_headings = {"result": _("Result")}
    inspect_view_enabled = True
    copy_view_enabled = False

    def get_queryset(self, request):
        return NewsletterDelivery.objects.select_related("newsletter", "subscriber", "email")


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
