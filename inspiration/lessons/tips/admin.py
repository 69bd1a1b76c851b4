"""Tips about lessons in the admin. They come from schools and preschools; nobody adds one here."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import BooleanColumn

from inspiration.lessons.tips.models import LessonTip
from marketplace.review.admin import ReviewedViewSet
from portal.foundation import scopes
from portal.foundation.exports.views import ExportIndexView


class LessonTipViewSet(ReviewedViewSet):
    model = LessonTip
    icon = "edit"
    menu_label = _("Lesson tips")
    menu_name = "lesson-tips"
    add_to_admin_menu = True
    list_display = [
        "title",
        "organisation",
        "lesson",
        BooleanColumn("live", label=_("Published"), accessor="live"),
    ]
    list_filter = ["live"]
    index_view_class = ExportIndexView
    list_export = [
        "title",
        "organisation",
        "organisation.municipality",
        "lesson",
        "live",
        "first_published_at",
    ]
    export_headings = {"organisation.municipality": _("Municipality")}
    export_filename = "tips"
    search_fields = ["title", "text", "organisation__name"]
    search_backend_name = None
    inspect_view_enabled = True

    def get_queryset(self, request):
        return scopes.listed(LessonTip.objects.for_cards(), request.user)
