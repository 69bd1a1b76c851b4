"""Pupils' ideas in the admin."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import BooleanColumn, Column

from marketplace.ideas.models import Idea
from marketplace.review.admin import ReviewedViewSet
from marketplace.translations.admin import TranslatableEditView
from portal.foundation import scopes
from portal.foundation.exports.views import ExportIndexView


class IdeaViewSet(ReviewedViewSet):
    """Ideas that a teacher has approved. The others are for the school only."""

    model = Idea
    icon = "pick"
    menu_label = _("Pupils' ideas")
    menu_name = "ideas"
    list_display = [
        "title",
        "type",
        Column("school", label=_("School"), accessor="handover.receiver"),
        Column("company", label=_("Company"), accessor="handover.giver"),
        BooleanColumn("live", label=_("Published"), accessor="live"),
        BooleanColumn("story", label=_("Story started"), accessor="progress.story_started_at"),
    ]
    list_filter = ["type", "age_group", "live"]
    index_view_class = ExportIndexView
    edit_view_class = TranslatableEditView
    list_export = [
        "title",
        "type",
        "age_group",
        "handover.receiver",
        "handover.giver",
        "handover.handed_over_on",
        "live",
        "first_published_at",
    ]
    export_headings = {
        "handover.receiver": _("School"),
        "handover.giver": _("Company"),
        "handover.handed_over_on": _("Handed over"),
    }
    export_filename = "ideer"
    search_fields = ["title", "text"]
    search_backend_name = None
    inspect_view_enabled = True

    def get_queryset(self, request):
        return scopes.listed(Idea.objects.for_cards(), request.user)
