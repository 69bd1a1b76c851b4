"""Newsletters, their readers and deliveries in the admin."""

from typing import TYPE_CHECKING, TypeAlias

import django_filters
from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.snippets.views.snippets import DeleteView, EditView

from inspiration.newsletter.models import Newsletter, NewsletterDelivery, Subscriber
from portal.foundation import scopes
from portal.foundation.admin.scoped import ScopedViewSet
from portal.foundation.exports.views import ExportIndexView


class DraftsOnly(ModelPermissionPolicy):
    """What has been sent stays as it was sent."""

    def user_has_permission_for_instance(self, user, action, instance):
        return super().user_has_permission_for_instance(user, action, instance) and (
            action == "view" or instance.is_draft
        )

    def instances_user_has_any_permission_for(self, user, actions):
        instances = super().instances_user_has_any_permission_for(user, actions)
        return instances if "view" in actions else instances.filter(started_at=None)


if TYPE_CHECKING:
    Base: TypeAlias = EditView
else:
    Base = object


class SentStays(Base):
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


class NewsletterViewSet(ScopedViewSet):
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
    index_view_class = ExportIndexView
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
        return scopes.listed(Newsletter.objects.with_results(), request.user)


class Recorded(ModelPermissionPolicy):
    """Rows that come about by themselves: nobody makes or changes them, some may delete them."""

    def user_has_permission(self, user, action):
        return action in ("view", "delete") and super().user_has_permission(user, action)

    def user_has_any_permission(self, user, actions):
        return any(self.user_has_permission(user, action) for action in actions)

    def user_has_permission_for_instance(self, user, action, instance):
        return self.user_has_permission(user, action)


class SubscriberViewSet(ScopedViewSet):
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
    index_view_class = ExportIndexView
    list_export = ["email", "language", "municipality", "confirmed_at", "unsubscribed_at"]
    export_filename = "prenumeranter"
    search_fields = ["email"]
    search_backend_name = None
    inspect_view_enabled = True
    copy_view_enabled = False

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("municipality")


class DeliveryFilterSet(WagtailFilterSet):
    bounced = django_filters.BooleanFilter(
        label=_("Bounced"), field_name="bounced_at", lookup_expr="isnull", exclude=True
    )

    class Meta:
        model = NewsletterDelivery
        fields = ["newsletter"]


class DeliveryViewSet(ScopedViewSet):
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
    index_view_class = ExportIndexView
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
        related = ("newsletter", "subscriber", "email")
        return super().get_queryset(request).select_related(*related)
