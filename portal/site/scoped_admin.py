"""Middleware that keeps every admin page, Wagtail's included, within each model's scope."""

from django.contrib.admin.utils import unquote
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.http import Http404, HttpRequest

from portal.foundation import scopes

CHOOSERS = ("wagtailsnippetchoosers_", "handover_chooser")


class ScopedAdmin:
    """Answer 404 for a model without a scope, and for a row outside it."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest):
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view, args, kwargs):
        if not request.path.startswith("/admin/") or not request.user.is_authenticated:
            return None
        model = model_of(view)
        if model is None:
            return None
        if not scopes.has_scope(model):
            raise Http404
        pk = kwargs.get("pk")
        if pk is not None and not self.reaches(request, model, unquote(str(pk))):
            raise Http404
        return None

    @staticmethod
    def reaches(request, model, pk) -> bool:
        choosing = request.resolver_match.namespace.startswith(CHOOSERS)
        limit = scopes.chosen if choosing else scopes.opened
        try:
            rows = model._default_manager.filter(pk=pk)
            reached = limit(rows, request.user)
            # Who reaches all rows reaches this one, or the view finds that it is not there.
            return reached is rows or reached.exists()
        except (ValueError, ValidationError):
            return False


def model_of(view) -> type[Model] | None:
    """The model that an admin view is about, or None where it is about none."""
    given = getattr(view, "view_initkwargs", {})
    view_class = getattr(view, "view_class", None)
    model = given.get("model") or getattr(view_class, "model", None)
    return model if isinstance(model, type) and issubclass(model, Model) else None
