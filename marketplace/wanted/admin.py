"""Wanted ads in the admin."""

import django_filters
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.snippets.views.snippets import CreateView

from marketplace.materials.models import MaterialCategory
from marketplace.review.admin import ReviewedViewSet
from marketplace.translations.admin import TranslatableEditView
from marketplace.wanted.models import WantedAd
from portal.foundation import scopes
from portal.foundation.admin.columns import YesNoColumn
from portal.foundation.exports.views import ExportIndexView


class WantedAdFilterSet(WagtailFilterSet):
    category = django_filters.ModelChoiceFilter(
        queryset=lambda request: MaterialCategory.objects.source(), label=_("Category")
    )

    class Meta:
        model = WantedAd
        fields = ["live", "category"]


class WantedAdCreateView(CreateView):
    """The form for a new ad, filled in with what has been searched for (`?sokt=`)."""

    def get_initial(self):
        initial = super().get_initial()
        words = self.request.GET.get("sokt", "").strip()[:60]
        if not words:
            return initial
        return initial | {
            "title": capfirst(words),
            "description": gettext("Several have searched for “%(words)s” here and found nothing.")
            % {"words": words},
        }


class WantedAdViewSet(ReviewedViewSet):
    model = WantedAd
    icon = "help"
    menu_label = _("Wanted ads")
    menu_name = "wanted-ads"
    list_display = [
        "title",
        "organisation",
        "category",
        "wanted_until",
        YesNoColumn("live", label=_("Published")),
    ]
    add_view_class = WantedAdCreateView
    index_view_class = ExportIndexView
    edit_view_class = TranslatableEditView
    list_export = [
        "title",
        "organisation",
        "organisation.municipality",
        "category",
        "quantity",
        "unit",
        "wanted_until",
        "live",
        "first_published_at",
    ]
    export_headings = {"organisation.municipality": _("Municipality")}
    export_filename = "efterlysningar"
    filterset_class = WantedAdFilterSet
    search_fields = ["title", "description", "organisation__name"]
    search_backend_name = None
    inspect_view_enabled = True

    def get_queryset(self, request):
        return scopes.listed(WantedAd.objects.for_cards(), request.user)
