"""Wagtail views that are closed until they know who may see which rows."""

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db.models import CharField, Q
from django.db.models.functions import Cast
from django.http import Http404
from wagtail.admin.auth import require_admin_access
from wagtail.admin.views.bulk_action import index as bulk_actions
from wagtail.admin.views.reports.audit_logging import LogEntriesView
from wagtail.models import ModelLogEntry
from wagtail.permissions import policy_registry
from wagtail.snippets.models import get_snippet_models
from wagtail_localize.views.snippets_api import SnippetViewSet

from marketplace.roles.permissions import can_read_site_history, municipalities_for
from portal.foundation import scopes
from portal.foundation.admin.records import Records


class MunicipalRecords(Records):
    """Limit coordinators to their own municipality and the names of its organisations."""

    def rows(self, request):
        rows, own = super().rows(request), municipalities_for(request.user)
        return rows if own is None else self.in_municipalities(rows, own)


class SiteHistory(LogEntriesView):
    """Wagtail's log of who changed what: for editors, about the rows that they may list."""

    def dispatch(self, request, *args, **kwargs):
        if not can_read_site_history(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def filter_queryset(self, queryset):
        queryset = super().filter_queryset(queryset)
        user = self.request.user
        if queryset.model is not ModelLogEntry or user.is_superuser:
            return queryset
        known = Q()
        for model in get_snippet_models():
            rows = scopes.listed(model._default_manager.all(), user)
            keys = rows.order_by().annotate(key=Cast("pk", CharField())).values("key")
            known |= Q(content_type=ContentType.objects.get_for_model(model), object_id__in=keys)
        return queryset.filter(known)


site_history = require_admin_access(SiteHistory.as_view())


site_history_results = require_admin_access(SiteHistory.as_view(results_only=True))


class SnippetAPI(SnippetViewSet):
    """What the translators' editor asks for snippets to choose from, of those one may see at all.

    Wagtail Localize's own tells all staff the name of every organisation, newsletter reader, …
    """

    def get_queryset(self):
        return scopes.opened(self.get_model()._default_manager.all(), self.request.user)


snippets_api_list = require_admin_access(SnippetAPI.as_view({"get": "list"}))


snippets_api_detail = require_admin_access(SnippetAPI.as_view({"get": "retrieve"}))


@require_admin_access
def bulk_action(request, app_label, model_name, action):
    """What is done with several rows at once, with those in the reader's scope only.

    Wagtail's own asks per row, and tells all staff the names of those that they may not touch.
    """
    try:
        model = apps.get_model(app_label, model_name)
    except LookupError as error:
        raise Http404 from error
    if not scopes.has_scope(model):
        raise Http404
    policy = policy_registry.get_by_type(model)
    if not policy.user_has_any_permission(request.user, ["add", "change", "delete", "view"]):
        raise PermissionDenied
    if model in get_snippet_models():
        request.GET = request.GET.copy()
        request.GET.setlist("id", reached(model, request.GET.getlist("id"), request.user))
    return bulk_actions(request, app_label, model_name, action)


def reached(model, keys, user):
    """Those of `keys` (or of all rows, for "all") that `user` may open, as strings."""
    rows = scopes.opened(model._default_manager.all(), user)
    if "all" not in keys:
        rows = rows.filter(pk__in=[key for key in keys if key.isdecimal()])
    return [str(pk) for pk in rows.values_list("pk", flat=True)]
